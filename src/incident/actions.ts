import type { EpochMs } from '../types.ts';
import { reopened } from './incident-draft.ts';
import type { Actor, Incident, IncidentId, RingReason, TimelineEntry, TimelineKind } from './incident.ts';
import type { IncidentAction, Policy, Refusal } from './ports.ts';
import { raised } from './settle.ts';
import { MAX_SILENCE_MS } from './silences.ts';
import { type Move, moved } from './transitions.ts';

/** What deciding an action needs to know besides the incident; the store loads only what the action's kind asks for. */
export interface ActionFacts {
  readonly now: EpochMs;
  readonly actor: Actor;
  readonly policy: Policy;
  /** Silenced by itself or by matchers: nothing rings. */
  readonly silenced: boolean;
  /** How many alerts joined after the revision that the person saw (`resolve` with `rev`). */
  readonly joinedSince?: number;
  /** Another unresolved incident of the same key (`reopen`). */
  readonly openOfKey?: IncidentId;
  /** The current diagnosis (`confirm`, `reject`). */
  readonly diagnosis?: { readonly id: string; readonly status: string; readonly rejectReason?: string };
}

/** What else the transaction has to do. */
export type Effect =
  | { readonly kind: 'verdict'; readonly diagnosisId: string; readonly verdict: Verdict; readonly reason?: string }
  | { readonly kind: 'schedule'; readonly due: DueKind; readonly at: EpochMs }
  | { readonly kind: 'silence'; readonly reason?: string }
  /** Alerts that nobody heard of for a week no longer count as firing. */
  | { readonly kind: 'end_alerts' }
  /** It may appear at targets where it is not yet shown. */
  | { readonly kind: 'place' };

export type DueKind = 'diagnose' | 'remind' | 'stale' | 'silence_end' | 'index';

export type Verdict = 'confirmed' | 'rejected';

export type ActionDecision =
  | {
      readonly ok: true;
      readonly incident: Incident;
      readonly entries: readonly TimelineEntry[];
      readonly effects: readonly Effect[];
      /** The change goes out at once. */
      readonly urgent: boolean;
    }
  | ({ readonly ok: false } & Exclude<Refusal, { reason: 'not_found' }>);

/** Decides without doing: the caller stores the incident, its entries and effects in one transaction. */
export function decideAction(incident: Incident, action: IncidentAction, facts: ActionFacts): ActionDecision {
  switch (action.kind) {
    case 'acknowledge':
      return acknowledge(incident, facts);
    case 'assign':
      return assign(incident, action, facts);
    case 'note':
      return accepted(incident, facts, 'noted', { text: action.text });
    case 'resolve':
      return resolve(incident, action, facts);
    case 'reopen':
      return reopenByHand(incident, facts);
    case 'silence':
      return silence(incident, action, facts);
    case 'unsilence':
      return unsilence(incident, facts);
    case 'confirm':
    case 'reject':
      return judge(incident, action, facts);
    case 'rediagnose':
      return accepted(incident, facts, 'diagnosis', { status: 'pending' }, undefined, [due('diagnose', facts.now)]);
    case 'diagnosed':
      return accepted(incident, facts, 'diagnosis', { provider: action.provider, status: action.status });
    case 'stale':
      return goStale(incident, facts);
    case 'expire':
      return expire(incident, facts);
    case 'remind':
      return remind(incident, facts);
    case 'silence_ended':
      break;
  }
  return silenceEnded(incident, facts);
}

function acknowledge(incident: Incident, facts: ActionFacts): ActionDecision {
  const next = acknowledged(incident, facts);
  if (next === undefined) return refused(incident, incident.status === 'acknowledged' ? 'already' : 'illegal');
  return accepted(next, facts, 'acknowledged', {});
}

/** Whoever acknowledges has it, unless somebody already does. */
function acknowledged(incident: Incident, { actor, now }: ActionFacts): Incident | undefined {
  const status = moved(incident.status, 'acknowledge');
  if (status === undefined) return undefined;
  const owner = incident.assigneeId === undefined ? { assignee: actor.name, assigneeId: actor.id } : {};
  return { ...incident, ...owner, status, acknowledgedAt: now, acknowledgedBy: actor.name };
}

function assign(
  incident: Incident,
  { toId, toName }: { readonly toId: string; readonly toName: string },
  facts: ActionFacts,
): ActionDecision {
  if (incident.status === 'resolved') return refused(incident, 'illegal');
  if (incident.assigneeId === toId) return refused(incident, 'already');
  const next = { ...incident, assignee: toName, assigneeId: toId };
  return accepted(next, facts, 'assigned', { to: toName, toId }, 'assigned');
}

function resolve(
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

function expire(incident: Incident, facts: ActionFacts): ActionDecision {
  if (moved(incident.status, 'expire') === undefined) return refused(incident, 'already');
  const ended = end({ ...incident, firingCount: 0 }, 'expire', { resolvedReason: 'expired' }, facts, {});
  return ended.ok ? { ...ended, effects: [...ended.effects, { kind: 'end_alerts' }] } : ended;
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

function reopenByHand(incident: Incident, facts: ActionFacts): ActionDecision {
  if (moved(incident.status, 'reopen') === undefined) return refused(incident, 'already');
  if (facts.openOfKey !== undefined) return { ok: false, reason: 'superseded', incident, by: facts.openOfKey };
  const effects: Effect[] = [{ kind: 'place' }, due('diagnose', facts.now)];
  if (incident.severity === 'critical') effects.push(due('remind', facts.now + facts.policy.remindAfterMs));
  if (incident.firingCount > 0) effects.push(due('stale', facts.now + facts.policy.staleAfterMs));
  return accepted(reopened(incident), facts, 'reopened', { reason: 'manual' }, 'reopened', effects);
}

function silence(
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

function unsilence(incident: Incident, facts: ActionFacts): ActionDecision {
  if (incident.silencedUntil === undefined) return refused(incident, 'already');
  return accepted(unsilenced(incident), facts, 'unsilenced', {}, undefined, appearing(incident, facts));
}

/** Time is up, for its own silence or for one by matchers: a revision, so that what still fires appears. */
function silenceEnded(incident: Incident, facts: ActionFacts): ActionDecision {
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
  return waiting ? [...effects, due('remind', now + policy.remindAfterMs)] : effects;
}

function unsilenced(incident: Incident): Incident {
  const { silencedUntil: _, ...rest } = incident;
  return rest;
}

type Judgement = Extract<IncidentAction, { kind: 'confirm' | 'reject' }>;

/** A verdict applies only to its own diagnosis; without an id the current one is meant. */
function judge(incident: Incident, action: Judgement, facts: ActionFacts): ActionDecision {
  const { diagnosis } = facts;
  if (diagnosis === undefined || ['pending', 'failed'].includes(diagnosis.status))
    return refused(incident, 'no_diagnosis');
  if (action.diagnosisId !== undefined && action.diagnosisId !== diagnosis.id) {
    return { ok: false, reason: 'other_diagnosis', incident, diagnosisId: diagnosis.id };
  }
  if (action.kind === 'confirm') return confirm(incident, diagnosis, facts);
  const known =
    diagnosis.status === 'rejected' && (action.reason === undefined || diagnosis.rejectReason !== undefined);
  if (known) return refused(incident, 'already');
  const said = action.reason === undefined ? {} : { reason: action.reason };
  const effect: Effect = { kind: 'verdict', diagnosisId: diagnosis.id, verdict: 'rejected', ...said };
  return accepted(incident, facts, 'rejected', { diagnosisId: diagnosis.id, ...said }, undefined, [effect]);
}

/** Confirming also acknowledges when nobody has: who judges the diagnosis is looking at the incident. */
function confirm(incident: Incident, diagnosis: { readonly id: string; readonly status: string }, facts: ActionFacts) {
  const owned = acknowledged(incident, facts);
  const confirmed = diagnosis.status === 'confirmed';
  if (confirmed && owned === undefined) return refused(incident, 'already');
  const effects: Effect[] = confirmed ? [] : [{ kind: 'verdict', diagnosisId: diagnosis.id, verdict: 'confirmed' }];
  const decision = accepted(owned ?? incident, facts, 'confirmed', { diagnosisId: diagnosis.id }, undefined, effects);
  if (!decision.ok || owned === undefined) return decision;
  return { ...decision, entries: [...decision.entries, entry('acknowledged', {}, facts)] };
}

function goStale(incident: Incident, facts: ActionFacts): ActionDecision {
  if (incident.status === 'resolved') return refused(incident, 'illegal');
  if (incident.staleSince !== undefined) return refused(incident, 'already');
  return accepted({ ...incident, staleSince: facts.now }, facts, 'stale', { lastSeenAt: incident.lastSeenAt }, 'stale');
}

function remind(incident: Incident, facts: ActionFacts): ActionDecision {
  if (incident.status !== 'open' || incident.severity !== 'critical') return refused(incident, 'illegal');
  if (facts.silenced) return refused(incident, 'already');
  const minutes = Math.round((facts.now - incident.openedAt) / 60_000);
  return accepted(incident, facts, 'reminded', { minutes }, 'unacknowledged', [
    due('remind', facts.now + facts.policy.remindAfterMs),
  ]);
}

const due = (kind: DueKind, at: EpochMs): Effect => ({
  kind: 'schedule',
  due: kind,
  at,
});

/** One revision, one entry; rings unless silenced. */
function accepted(
  incident: Incident,
  facts: ActionFacts,
  kind: TimelineKind,
  data: TimelineEntry['data'],
  ring?: RingReason,
  effects: readonly Effect[] = [],
): ActionDecision {
  const reason = facts.silenced ? undefined : ring;
  const urgent = facts.actor.via !== 'system' || ring !== undefined;
  return { ok: true, incident: raised(incident, reason), entries: [entry(kind, data, facts)], effects, urgent };
}

const entry = (kind: TimelineKind, data: TimelineEntry['data'], { now, actor }: ActionFacts): TimelineEntry => ({
  at: now,
  kind,
  actor,
  data,
});

const refused = (incident: Incident, reason: 'illegal' | 'already' | 'no_diagnosis'): ActionDecision => ({
  ok: false,
  reason,
  incident,
});
