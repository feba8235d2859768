import type { EpochMs } from '../../types.ts';
import type { Incident } from '../incident.ts';
import { firstPage } from '../paging.ts';
import { MAX_SILENCE_MS } from '../silences.ts';
import { type ActionDecision, type ActionFacts, type Effect, accepted, due, refused } from './decision.ts';

export function silence(
  incident: Incident,
  { until, reason }: { readonly until: EpochMs; readonly reason?: string },
  facts: ActionFacts,
): ActionDecision {
  if (incident.status === 'resolved' || until <= facts.now) return refused(incident, 'illegal');
  const silencedUntil = Math.min(until, facts.now + MAX_SILENCE_MS);
  if (incident.silencedUntil === silencedUntil) return refused(incident, 'already');
  const data = { until: silencedUntil, ...(reason === undefined ? {} : { reason }) };
  return accepted({ ...incident, silencedUntil }, facts, 'silenced', data, undefined, [
    due('silence_end', silencedUntil),
    { kind: 'silence', ...(reason === undefined ? {} : { reason }) },
  ]);
}

export function unsilence(incident: Incident, facts: ActionFacts): ActionDecision {
  if (incident.silencedUntil === undefined) return refused(incident, 'already');
  return accepted(unsilenced(incident), facts, 'unsilenced', {}, undefined, appearing(incident, facts));
}

/** Time is up, for its own silence or for one by matchers: a revision, so that what still fires appears. */
export function silenceEnded(incident: Incident, facts: ActionFacts): ActionDecision {
  const { silencedUntil } = incident;
  if (silencedUntil !== undefined && silencedUntil > facts.now) return refused(incident, 'already');
  if (facts.silenced) return refused(incident, 'already');
  if (incident.status === 'resolved' && silencedUntil === undefined) return refused(incident, 'illegal');
  const shown = accepted(unsilenced(incident), facts, 'unsilenced', {}, undefined, appearing(incident, facts));
  return shown.ok ? { ...shown, urgent: true } : shown;
}

function appearing(incident: Incident, { now, policy }: ActionFacts): Effect[] {
  if (incident.status === 'resolved') return [];
  const effects: Effect[] = [{ kind: 'place' }, due('diagnose', now)];
  const waiting = incident.status === 'open' && incident.severity === 'critical';
  return waiting ? [...effects, due('remind', now + policy.remindAfterMs), ...firstPage(policy, now)] : effects;
}

function unsilenced(incident: Incident): Incident {
  const { silencedUntil: _, ...rest } = incident;
  return rest;
}
