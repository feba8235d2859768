import type { EpochMs, Locale } from '../types.ts';
import type { Alert } from './alert.ts';
import type { Actor, Incident, IncidentId, Status } from './incident.ts';
import type { PageStep, Paging } from './paging.ts';

/** One request's alerts, already authenticated and parsed. */
export interface Arrival {
  readonly alerts: readonly Alert[];
  readonly receivedAt: EpochMs;
  /** Digest of the raw delivery: a byte-identical one within 60 s is a duplicate. */
  readonly digest: string;
  readonly traceId: string;
  /** Where it should be shown besides the bindings, when the sender may choose (`chat_id`): a target's id. */
  readonly targetId?: string;
}

export interface AcceptedIncident {
  readonly id: IncidentId;
  readonly status: Status;
  readonly created: boolean;
}

export interface Accepted {
  /** One entry per distinct incident touched, in the order first touched. */
  readonly incidents: readonly AcceptedIncident[];
}

/**
 * Stores alerts durably and returns only after the commit. Rejects with `Overloaded` when too much waits and with
 * `StorageUnavailable` when nothing can be written; in both cases nothing of the request was stored.
 */
export type AcceptAlerts = (arrival: Arrival) => Promise<Accepted>;

/** Everything a person (or a job on time's behalf) can do to an incident. */
export type IncidentAction =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'assign'; readonly toId: string; readonly toName: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'resolve'; readonly cause?: string; readonly rev?: number }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'silence'; readonly until: EpochMs; readonly reason?: string }
  | { readonly kind: 'unsilence' }
  | { readonly kind: 'confirm'; readonly diagnosisId?: string }
  | { readonly kind: 'reject'; readonly diagnosisId?: string; readonly reason?: string }
  | { readonly kind: 'rediagnose' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'expire' }
  | { readonly kind: 'remind' }
  | { readonly kind: 'silence_ended' }
  | PagedAction
  /** `shortfall`: why no model looked at it, told once the rules' own diagnosis has stood for a while. */
  | { readonly kind: 'diagnosed'; readonly provider: string; readonly status: string; readonly shortfall?: string };

/** What came of paging at one target; never refused, since it has happened. */
export interface PagedAction {
  readonly kind: 'paged';
  readonly step: PageStep;
  /** The target's name. */
  readonly target: string;
  /** Names of those who were reached, and of those whom the platform refused. */
  readonly people?: string;
  readonly refused?: string;
  /** Why nobody was reached: a word of `PageFault`. */
  readonly fault?: string;
  /** The platform's own words. */
  readonly detail?: string;
}

export type Refusal =
  | { readonly reason: 'not_found' }
  /** The state does not allow it now; `incident` is today's state to show. */
  | { readonly reason: 'illegal'; readonly incident: Incident }
  /** Nothing to do: it already is so (a second press). */
  | { readonly reason: 'already'; readonly incident: Incident }
  /** Alerts joined since the `rev` the person saw: ask once more. */
  | { readonly reason: 'changed'; readonly incident: Incident; readonly joined: number }
  /** Another incident of the same key is open. */
  | { readonly reason: 'superseded'; readonly incident: Incident; readonly by: IncidentId }
  /** The verdict was about another diagnosis than the current one. */
  | { readonly reason: 'other_diagnosis'; readonly incident: Incident; readonly diagnosisId: string }
  | { readonly reason: 'no_diagnosis'; readonly incident: Incident };

export type Response = { readonly ok: true; readonly incident: Incident } | ({ readonly ok: false } & Refusal);

/** Extra facts of a press or command, written in the action's own transaction. */
export interface RespondContext {
  readonly actor: Actor;
  readonly traceId: string;
  /** Idempotency: the platform's id of this press; the second of one key answers like the first and changes nothing. */
  readonly inboundKey?: string;
  /** Takes this placement's lease for 3 s, so that no edit starts while the platform locks the card. */
  readonly pressedTargetId?: string;
}

/** Loads, decides, saves and records in one transaction; resolves after the commit. */
export type Respond = (id: IncidentId, action: IncidentAction, context: RespondContext) => Promise<Response>;

/** Incident policy numbers, from the configuration. */
export interface Policy {
  readonly timezone: string;
  readonly reopenWindowMs: number;
  readonly staleAfterMs: number;
  readonly resolveHoldMs: number;
  readonly remindAfterMs: number;
  readonly stormPerMinute: number;
  /** An alert with one of these names is a heartbeat. */
  readonly heartbeatNames: readonly string[];
  /** Whether a source says again and again that an alert fires; without it the known sources decide. */
  readonly repeats?: (source: string) => boolean;
  /** Off when absent. */
  readonly paging?: Paging;
  /** Language of the alerts we make ourselves; `en-US` when absent. */
  readonly locale?: Locale;
}
