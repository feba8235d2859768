import type { Facts, Verdict } from '../ports.ts';
import type { Draft, EvidencePack } from '../provider.ts';
import type { DataPolicy } from '../redact/redactor.ts';
import { isoOf, oneLine } from './plain.ts';

/** What follows are words about an incident as data: none of it is fenced, redacted or cut yet. */

const MOST_LABELS = 24;
const MOST_VERDICTS = 8;
const MOST_RUNBOOKS = 40;

export interface Runbook {
  /** As the model may name it: `[a-z0-9-]`. */
  readonly id: string;
  readonly title: string;
}

/** Of the rules' diagnosis, as it stands. */
export type RulesSaid = Pick<Draft, 'family' | 'summary' | 'causes'>;

export function incidentWords({ incident, alerts }: Facts, policy: DataPolicy): string {
  const { id, title, severity, status, source, openedAt, summary, labels } = incident;
  const firing = alerts.filter((alert) => alert.status === 'firing').length;
  const named = Object.entries(labels)
    .slice(0, MOST_LABELS)
    .map(([name, value]) => `${oneLine(name, 60)}=${oneLine(value, 120)}`);
  return [
    `id: ${id}`,
    `title: ${oneLine(title, 300)}`,
    `severity: ${severity}`,
    `status: ${status}`,
    `source: ${oneLine(source, 60)}`,
    `opened: ${isoOf(openedAt)}`,
    ...(alerts.length === 0 ? [] : [`alerts: ${alerts.length}, firing: ${firing}`]),
    ...(summary === '' || summary === title || policy === 'metadata_only' ? [] : [`summary: ${oneLine(summary, 600)}`]),
    ...(named.length === 0 ? [] : [`labels: ${named.join(' ')}`]),
  ].join('\n');
}

/** What the rules make of it, and by what they knew the kind of trouble. */
export function rulesWords({ family, summary, causes }: RulesSaid, matched: EvidencePack['matched']): string {
  if (family === '') return NONE;
  const guesses = causes.map(
    ({ statement, confidence, evidenceIds }) => `- ${statement} (${confidence})${citing(evidenceIds)}`,
  );
  return [`kind of trouble: ${family} (by its ${matched?.by ?? 'evidence'})`, summary, ...guesses].join('\n');
}

const citing = (ids: readonly string[]): string => (ids.length === 0 ? '' : ` [${ids.join(', ')}]`);

/** What people said about the causes of incidents like this one, and of this one, as examples to learn from. */
export function verdictWords(verdicts: readonly Verdict[], incidentId: string, policy: DataPolicy): string {
  if (policy === 'metadata_only' || verdicts.length === 0) return NONE;
  const [here, elsewhere] = [true, false].map((same) =>
    verdicts.filter((verdict) => (verdict.incidentId === incidentId) === same),
  );
  return [...(here ?? []), ...(elsewhere ?? [])]
    .slice(0, MOST_VERDICTS)
    .map(({ verdict, cause, reason, about, incidentId: id }) => {
      const where = id === incidentId ? 'this incident' : oneLine(about.title, 120);
      const why = reason === undefined || reason === '' ? '' : `; reason: ${oneLine(reason, 200)}`;
      return `- ${verdict.toUpperCase()} for ${where}: ${oneLine(cause, 240)}${why}`;
    })
    .join('\n');
}

export function runbookWords(runbooks: readonly Runbook[]): string {
  const named = runbooks.filter(({ id }) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(id)).slice(0, MOST_RUNBOOKS);
  return named.length === 0 ? NONE : named.map(({ id, title }) => `- ${id}: ${oneLine(title, 120)}`).join('\n');
}

export const NONE = '(none)';
