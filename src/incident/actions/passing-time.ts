import type { Incident } from '../incident.ts';
import type { PagedAction } from '../ports.ts';
import { type ActionDecision, type ActionFacts, accepted, due, refused } from './decision.ts';

export function goStale(incident: Incident, facts: ActionFacts): ActionDecision {
  if (incident.status === 'resolved') return refused(incident, 'illegal');
  if (incident.staleSince !== undefined) return refused(incident, 'already');
  return accepted({ ...incident, staleSince: facts.now }, facts, 'stale', { lastSeenAt: incident.lastSeenAt }, 'stale');
}

export function remind(incident: Incident, facts: ActionFacts): ActionDecision {
  if (incident.status !== 'open' || incident.severity !== 'critical') return refused(incident, 'illegal');
  if (facts.silenced) return refused(incident, 'already');
  const minutes = Math.round((facts.now - incident.openedAt) / 60_000);
  return accepted(incident, facts, 'reminded', { minutes }, 'unacknowledged', [
    due('remind', facts.now + facts.policy.remindAfterMs),
  ]);
}

/** An edit only: the page itself has rung, or a message in the thread says why it did not. */
export function paged(incident: Incident, action: PagedAction, facts: ActionFacts): ActionDecision {
  const { kind, ...data } = action;
  return accepted(incident, facts, kind, data);
}
