import type { Incident } from '../incident.ts';
import { moved } from '../transitions.ts';
import { type ActionDecision, type ActionFacts, accepted, refused } from './decision.ts';

export function acknowledge(incident: Incident, facts: ActionFacts): ActionDecision {
  const next = acknowledged(incident, facts);
  if (next === undefined) return refused(incident, incident.status === 'acknowledged' ? 'already' : 'illegal');
  return accepted(next, facts, 'acknowledged', {});
}

/** Whoever acknowledges has it, unless somebody already does. */
export function acknowledged(incident: Incident, { actor, now }: ActionFacts): Incident | undefined {
  const status = moved(incident.status, 'acknowledge');
  if (status === undefined) return undefined;
  const owner = incident.assigneeId === undefined ? { assignee: actor.name, assigneeId: actor.id } : {};
  return { ...incident, ...owner, status, acknowledgedAt: now, acknowledgedBy: actor.name };
}

export function assign(
  incident: Incident,
  { toId, toName }: { readonly toId: string; readonly toName: string },
  facts: ActionFacts,
): ActionDecision {
  if (incident.status === 'resolved') return refused(incident, 'illegal');
  if (incident.assigneeId === toId) return refused(incident, 'already');
  const next = { ...incident, assignee: toName, assigneeId: toId };
  return accepted(next, facts, 'assigned', { to: toName, toId }, 'assigned');
}
