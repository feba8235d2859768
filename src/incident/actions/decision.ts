import type { EpochMs } from '../../types.ts';
import type { Actor, Incident, IncidentId, RingReason, TimelineEntry, TimelineKind } from '../incident.ts';
import type { Policy, Refusal } from '../ports.ts';
import { raised } from '../settle.ts';

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
  | { readonly kind: 'schedule'; readonly due: DueKind; readonly at: EpochMs; readonly payload?: string }
  | { readonly kind: 'silence'; readonly reason?: string }
  /** Alerts that nobody heard of for a week no longer count as firing. */
  | { readonly kind: 'end_alerts' }
  /** It may appear at targets where it is not yet shown. */
  | { readonly kind: 'place' };

export type DueKind = 'diagnose' | 'remind' | 'stale' | 'silence_end' | 'index' | 'page';

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

/** One revision, one entry; rings unless silenced. */
export function accepted(
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

export const refused = (incident: Incident, reason: 'illegal' | 'already' | 'no_diagnosis'): ActionDecision => ({
  ok: false,
  reason,
  incident,
});

export const entry = (kind: TimelineKind, data: TimelineEntry['data'], { now, actor }: ActionFacts): TimelineEntry => ({
  at: now,
  kind,
  actor,
  data,
});

export const due = (kind: DueKind, at: EpochMs): Effect => ({
  kind: 'schedule',
  due: kind,
  at,
});
