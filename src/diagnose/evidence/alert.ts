import type { Locale } from '../../types.ts';
import type { KnownAlert } from '../ports.ts';
import type { Finding } from './source.ts';

const MOST_ALERTS = 5;
const MOST_LABELS = 12;
const MOST_TEXT = 800;

const TITLE: Readonly<Record<Locale, string>> = { 'zh-CN': '告警', 'en-US': 'Alert' };

/** What the incident's alerts themselves say: the first few, each with its words and labels. */
export const alertEvidence = (alerts: readonly KnownAlert[], locale: Locale): readonly Finding[] =>
  alerts.slice(0, MOST_ALERTS).map((alert) => ({
    source: 'alert',
    title: `${TITLE[locale]} · ${alert.title.slice(0, 120)}`,
    text: textOfAlert(alert).slice(0, MOST_TEXT),
    at: alert.receivedAt,
    relevance: 1,
  }));

function textOfAlert({ title, summary, labels, annotations }: KnownAlert): string {
  const said = Object.entries(annotations)
    .filter(([name, value]) => !/url|link|^__/i.test(name) && value !== summary && value !== title)
    .map(([, value]) => value.slice(0, 300));
  const named = Object.entries(labels)
    .slice(0, MOST_LABELS)
    .map(([name, value]) => `${name}=${value.slice(0, 80)}`);
  return [summary === title ? '' : summary.slice(0, 300), ...said, named.join(' ')]
    .filter((line) => line !== '')
    .join('\n');
}
