import type { Change } from '../../incident/change.ts';
import type { EpochMs, Locale } from '../../types.ts';
import type { FoundRunbook } from '../evidence/runbooks/runbooks.ts';
import type { Finding } from '../evidence/source.ts';
import type { KnownIncident } from '../ports.ts';
import { isoOf, oneLine } from '../prompting/plain.ts';

/** Records of ours as facts that an answer may cite. */
export const changeFindings = (changes: readonly Change[], locale: Locale): readonly Finding[] =>
  changes.map((change) => ({
    source: 'changes',
    title: `${CHANGE[locale]} · ${oneLine(change.service, 60)} · ${oneLine(change.title, 100)}`,
    text: changeWords(change),
    at: change.at,
    relevance: 0.4,
    ...(change.url === undefined ? {} : { url: change.url }),
  }));

const CHANGE: Readonly<Record<Locale, string>> = { 'zh-CN': '变更', 'en-US': 'Change' };

function changeWords({ kind, service, title, version, author, environment, at }: Change): string {
  const more = [
    ...(version === undefined ? [] : [`version ${oneLine(version, 80)}`]),
    ...(environment === undefined ? [] : [`environment ${oneLine(environment, 60)}`]),
    ...(author === undefined ? [] : [`by ${oneLine(author, 60)}`]),
  ];
  return [`${isoOf(at)} ${kind} ${oneLine(service, 80)}: ${oneLine(title, 200)}`, ...more].join(', ');
}

export const runbookFindings = (found: readonly FoundRunbook[], now: EpochMs): readonly Finding[] =>
  found.map(({ runbook, excerpt }) => ({
    source: 'runbook',
    title: oneLine(runbook.title, 120),
    query: runbook.id,
    text: excerpt,
    at: now,
    relevance: 0.3,
  }));

export const incidentLine = ({ id, severity, status, title, openedAt, labels }: KnownIncident): string => {
  const named = Object.entries(labels)
    .slice(0, 8)
    .map(([name, value]) => `${oneLine(name, 40)}=${oneLine(value, 60)}`);
  return `${id} ${severity} ${status} since ${isoOf(openedAt)}: ${oneLine(title, 160)} {${named.join(' ')}}`;
};
