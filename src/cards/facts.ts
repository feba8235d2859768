import type { Change } from '../channels/channel.ts';
import { SEVERITIES } from '../incident/alert.ts';
import type { IncidentView, ShownFacts } from './view.ts';

/** What a card says, as facts that can be compared with what is said next time. */
export const factsOf = ({ incident, diagnosis }: IncidentView): ShownFacts => ({
  status: incident.status,
  severity: incident.severity,
  diagnosis: diagnosis === undefined ? '' : `${diagnosis.id}:${diagnosis.status}`,
  ring: incident.ring,
});

/** Diagnosis states that are news: something can now be read that could not before. */
const READY = /:(?:ready|inconclusive|not_an_issue)$/u;

/** What is new from one showing to the next, never empty; `other` when it is nothing that deserves a message. */
export function changesBetween(previous: ShownFacts | undefined, next: ShownFacts): readonly Change[] {
  if (previous === undefined) return ['opened'];
  const changed = previous.status !== next.status;
  const changes: readonly Change[] = [
    ...(previous.status === 'resolved' && changed ? (['reopened'] as const) : []),
    ...(SEVERITIES.indexOf(next.severity) < SEVERITIES.indexOf(previous.severity) ? (['severity_up'] as const) : []),
    ...(next.status === 'acknowledged' && changed ? (['acknowledged'] as const) : []),
    ...(next.diagnosis !== previous.diagnosis && READY.test(next.diagnosis) ? (['diagnosis_ready'] as const) : []),
    ...(next.status === 'resolved' && changed ? (['resolved'] as const) : []),
  ];
  return changes.length > 0 ? changes : ['other'];
}
