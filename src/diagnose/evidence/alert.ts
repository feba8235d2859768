import type { Locale } from '../../types.ts';
import type { KnownAlert } from '../ports.ts';
import { cutAtToken } from '../redact/clean.ts';
import type { Finding } from './source.ts';

const MOST_ALERTS = 5;
const MOST_LABELS = 12;
const MOST_ANNOTATIONS = 12;
const MOST_TEXT = 800;
/** Of one value: more than is ever shown of it. */
const MOST_READ = 4096;

const TITLE: Readonly<Record<Locale, string>> = { 'zh-CN': '告警', 'en-US': 'Alert' };

/**
 * What the incident's alerts themselves say: the first few, each with its words and labels. `clean` takes secrets out,
 * before a cut makes them unrecognisable.
 */
export const alertEvidence = (
  alerts: readonly KnownAlert[],
  locale: Locale,
  clean: (text: string) => string = (text) => text,
): readonly Finding[] => {
  // The mark tells whoever cleans it later that a secret may have been cut in two.
  const cut = (text: string, most: number): string => {
    const whole = clean(cutAtToken(text, MOST_READ));
    return whole.length > most ? `${whole.slice(0, most - 1)}…` : whole;
  };
  return alerts.slice(0, MOST_ALERTS).map((alert) => ({
    source: 'alert',
    title: `${TITLE[locale]} · ${cut(alert.title, 120)}`,
    text: cut(textOfAlert(alert, cut), MOST_TEXT),
    at: alert.receivedAt,
    relevance: 1,
  }));
};

function textOfAlert(
  { title, summary, labels, annotations }: KnownAlert,
  cut: (text: string, most: number) => string,
): string {
  const said = Object.entries(annotations)
    .filter(([name, value]) => !/url|link|^__/i.test(name) && value !== summary && value !== title)
    .slice(0, MOST_ANNOTATIONS)
    .map(([, value]) => cut(value, 300));
  const named = Object.entries(labels)
    .slice(0, MOST_LABELS)
    .map(([name, value]) => `${name}=${cut(value, 80)}`);
  return [summary === title ? '' : cut(summary, 300), ...said, named.join(' ')]
    .filter((line) => line !== '')
    .join('\n');
}
