import type { EpochMs } from '../../types.ts';
import type { ModelFault } from '../providers/model.ts';

export type BreakerState = 'closed' | 'half_open' | 'open';

/** What a breaker remembers of a provider. */
export interface Breaker {
  /** Failures in a row. */
  readonly failures: number;
  /** How often it opened since the last success: each time it stays open twice as long. */
  readonly openings: number;
  readonly openUntil?: EpochMs;
  /** The one call that may find out whether the provider is back, since when. */
  readonly probeSince?: EpochMs;
  readonly fault?: ModelFault;
}

export const CLOSED: Breaker = { failures: 0, openings: 0 };

const FAILURES = 5;
const OPEN_MS = 60_000;
const OPEN_CAP_MS = 15 * 60_000;
const QUOTA_MS = 3_600_000;
/** A probe whose caller vanished does not close the door for ever. */
const PROBE_MS = 10 * 60_000;

/** Only a person can mend these: asking again soon changes nothing. */
const CONFIG: ReadonlySet<ModelFault> = new Set(['misconfigured', 'auth', 'model_missing']);
/** The provider is there and answered: these say something about the question. */
const ALIVE: ReadonlySet<ModelFault> = new Set(['format_unsupported', 'truncated', 'too_long', 'refused']);

export function stateOf({ openUntil, probeSince }: Breaker, now: EpochMs): BreakerState {
  if (openUntil === undefined) return 'closed';
  if (now < openUntil || (probeSince !== undefined && now - probeSince < PROBE_MS)) return 'open';
  return 'half_open';
}

/** Whether a call may go out now, and the breaker when it does: half open, only one may. */
export function admitted(breaker: Breaker, now: EpochMs): Breaker | undefined {
  const state = stateOf(breaker, now);
  if (state === 'open') return undefined;
  return state === 'closed' ? breaker : { ...breaker, probeSince: now };
}

/**
 * The breaker after a failed call. Five in a row open it, and a failed probe again; wrong settings at once, an account
 * without money until it says (an hour unless told). A cancelled call says nothing about the provider.
 */
export function afterFailure(breaker: Breaker, fault: ModelFault, now: EpochMs, retryAfterMs?: number): Breaker {
  if (ALIVE.has(fault)) return CLOSED;
  const { probeSince: _probe, ...rest } = breaker;
  if (fault === 'cancelled') return rest;
  const failures = breaker.failures + 1;
  const config = CONFIG.has(fault);
  const opens = config || fault === 'quota' || failures >= FAILURES || breaker.openUntil !== undefined;
  if (!opens) return { ...rest, failures, fault };
  const openings = breaker.openings + 1;
  const doubled = Math.min(OPEN_CAP_MS, OPEN_MS * 2 ** (openings - 1));
  const forMs = config
    ? OPEN_CAP_MS
    : fault === 'quota'
      ? (retryAfterMs ?? QUOTA_MS)
      : Math.max(doubled, retryAfterMs ?? 0);
  return { failures, openings, fault, openUntil: now + forMs };
}
