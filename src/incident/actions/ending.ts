import { reopened } from '../incident-draft.ts';
import type { Incident, TimelineEntry } from '../incident.ts';
import { firstPage } from '../paging.ts';
import { type Move, moved } from '../transitions.ts';
import { type ActionDecision, type ActionFacts, type Effect, accepted, due, refused } from './decision.ts';

export function resolve(
  incident: Incident,
  { cause, rev }: { readonly cause?: string; readonly rev?: number },
  facts: ActionFacts,
): ActionDecision {
  const joined = facts.joinedSince ?? 0;
  if (incident.status === 'resolved') return refused(incident, 'already');
  if (rev !== undefined && joined > 0) return { ok: false, reason: 'changed', incident, joined };
  const by = { resolvedBy: facts.actor.name, ...(cause === undefined ? {} : { cause }) };
  return end(incident, 'resolve', { ...by, resolvedReason: 'manual' }, facts, cause === undefined ? {} : { cause });
}

export function expire(incident: Incident, facts: ActionFacts): ActionDecision {
  if (moved(incident.status, 'expire') === undefined) return refused(incident, 'already');
  const ended = end({ ...incident, firingCount: 0 }, 'expire', { resolvedReason: 'expired' }, facts, {});
  return ended.ok ? { ...ended, effects: [...ended.effects, { kind: 'end_alerts' }] } : ended;
}

export function reopenByHand(incident: Incident, facts: ActionFacts): ActionDecision {
  if (moved(incident.status, 'reopen') === undefined) return refused(incident, 'already');
  if (facts.openOfKey !== undefined) return { ok: false, reason: 'superseded', incident, by: facts.openOfKey };
  const effects: Effect[] = [{ kind: 'place' }, due('diagnose', facts.now)];
  if (incident.severity === 'critical') {
    effects.push(due('remind', facts.now + facts.policy.remindAfterMs), ...firstPage(facts.policy, facts.now));
  }
  if (incident.firingCount > 0) effects.push(due('stale', facts.now + facts.policy.staleAfterMs));
  return accepted(reopened(incident), facts, 'reopened', { reason: 'manual' }, 'reopened', effects);
}

function end(
  incident: Incident,
  move: Move,
  ending: Pick<Incident, 'resolvedReason' | 'resolvedBy' | 'cause'>,
  facts: ActionFacts,
  data: TimelineEntry['data'],
): ActionDecision {
  const status = moved(incident.status, move);
  if (status === undefined) return refused(incident, 'already');
  const { staleSince: _, ...rest } = incident;
  const next: Incident = { ...rest, ...ending, status, resolvedAt: facts.now };
  const reason = ending.resolvedReason ?? 'manual';
  return accepted(next, facts, 'resolved', { ...data, reason, firing: next.firingCount }, 'resolved', [
    due('index', facts.now),
  ]);
}
