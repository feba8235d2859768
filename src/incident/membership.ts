import { openIncident, reopen } from './incident-draft.ts';
import type { Arrival } from './ports.ts';
import type { AlertDraft, Identified, IncidentDraft, WorkingSet } from './working-set.ts';

/**
 * Where a firing alert belongs. Membership first: the unresolved incident it was in, whatever its group now says; then
 * the unresolved one of its key; then one that ended within the reopen window; else a new one.
 */
export function homeOf(set: WorkingSet, arrival: Arrival, one: Identified, known?: AlertDraft): IncidentDraft {
  const own = known?.incident;
  if (own !== undefined && own.incident.status !== 'resolved') return own;
  const open = set.unresolvedByKey.get(one.key);
  if (open !== undefined) return open;
  const ended = [own, set.lastResolvedByKey.get(one.key)].find((draft) => mayReopen(set, draft, arrival.receivedAt));
  if (ended === undefined) return openIncident(set, one, arrival.receivedAt);
  reopen(set, ended, arrival.receivedAt, 'returned');
  return ended;
}

function mayReopen(set: WorkingSet, draft: IncidentDraft | undefined, now: number): boolean {
  if (draft === undefined || set.unresolvedByKey.has(draft.incident.key)) return false;
  return now - (draft.incident.resolvedAt ?? 0) <= set.policy.reopenWindowMs;
}
