import type { Change } from '../../incident/change.ts';
import type { EpochMs, Locale } from '../../types.ts';
import type { FoundRunbook } from '../evidence/runbooks/runbooks.ts';
import type { Finding } from '../evidence/source.ts';
import type { KnownIncident } from '../ports.ts';
import { isoOf } from '../prompting/evidence.ts';

/** Records of ours as facts that an answer may cite. */
export const changeFindings = (changes: readonly Change[], locale: Locale): readonly Finding[] =>
  changes.map((change) => ({
    source: 'changes',
    title: `${CHANGE[locale]} · ${short(change.service, 60)} · ${short(change.title, 100)}`,
    text: changeWords(change),
    at: change.at,
    relevance: 0.4,
    ...(change.url === undefined ? {} : { url: change.url }),
  }));

const CHANGE: Readonly<Record<Locale, string>> = { 'zh-CN': '变更', 'en-US': 'Change' };

function changeWords({ kind, service, title, version, author, environment, at }: Change): string {
  const more = [
    ...(version === undefined ? [] : [`version ${short(version, 80)}`]),
    ...(environment === undefined ? [] : [`environment ${short(environment, 60)}`]),
    ...(author === undefined ? [] : [`by ${short(author, 60)}`]),
  ];
  return [`${isoOf(at)} ${kind} ${short(service, 80)}: ${short(title, 200)}`, ...more].join(', ');
}

export const runbookFindings = (found: readonly FoundRunbook[], now: EpochMs): readonly Finding[] =>
  found.map(({ runbook, excerpt }) => ({
    source: 'runbook',
    title: short(runbook.title, 120),
    query: runbook.id,
    text: excerpt,
    at: now,
    relevance: 0.3,
  }));

export const incidentLine = ({ id, severity, status, title, openedAt, labels }: KnownIncident): string => {
  const named = Object.entries(labels)
    .slice(0, 8)
    .map(([name, value]) => `${short(name, 40)}=${short(value, 60)}`);
  return `${id} ${severity} ${status} since ${isoOf(openedAt)}: ${short(title, 160)} {${named.join(' ')}}`;
};

export const short = (text: string, most: number): string =>
  text
    .slice(0, most * 2)
    .replaceAll(/\s{1,200}/g, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();
