import type { EpochMs } from '../types.ts';
import type { Policy } from './ports.ts';

/** Senders that say again and again that an alert fires; the silence of any other says nothing. */
const REPEATING: ReadonlySet<string> = new Set(['alertmanager', 'grafana', 'prometheus']);

/** Prometheus itself repeats every minute or so. */
const DIRECT = 'prometheus';
const DIRECT_STALE_MS = 10 * 60_000;

/** Alerts we make ourselves come from here; we say once what we know. */
export const OWN_SOURCE = 'zhiban';

/** A stale incident is resolved after this long. */
export const EXPIRE_AFTER_MS = 7 * 24 * 3_600_000;

/** How many of the longest gap may pass before silence means something. */
export const GAPS = 2.5;

/** Time without a repeat after which an alert of this sender is stale, ms; `undefined`: never. */
export function staleLimitMs(source: string, longestGapMs: number, policy: Policy): number | undefined {
  const repeats = policy.repeats?.(source) ?? REPEATING.has(source);
  if (!repeats || source === OWN_SOURCE) return undefined;
  const least = source === DIRECT ? DIRECT_STALE_MS : policy.staleAfterMs;
  return Math.max(least, GAPS * longestGapMs);
}

/** What is known of one sender's firing alerts in an incident. */
export interface FiringOfSource {
  readonly source: string;
  readonly lastSeenAt: EpochMs;
  readonly longestGapMs: number;
}

/** Times in which we were accepting; silence counts only inside them. */
export interface Interval {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

export type Staleness = { readonly stale: boolean; readonly checkInMs: number } | 'never';

/**
 * Whether an incident is stale: nothing of it was repeated within the longest of its alerts' limits. `checkInMs` is
 * when asking again can first give another answer. An incident with an alert that never repeats is never stale.
 */
export function staleness(
  firing: readonly FiringOfSource[],
  accepting: readonly Interval[],
  now: EpochMs,
  policy: Policy,
): Staleness {
  const limits = firing.map(({ source, longestGapMs }) => staleLimitMs(source, longestGapMs, policy));
  if (limits.length === 0 || limits.includes(undefined)) return 'never';
  const limit = Math.max(...limits.map((value) => value ?? 0));
  const lastSeenAt = Math.max(...firing.map((one) => one.lastSeenAt));
  const silentMs = acceptedMs(accepting, lastSeenAt, now);
  return { stale: silentMs >= limit, checkInMs: Math.max(limit - silentMs, 1000) };
}

/** How much of `from … until` lies inside the intervals (which may overlap: two replicas accept at once), ms. */
export function acceptedMs(intervals: readonly Interval[], from: EpochMs, until: EpochMs): number {
  let total = 0;
  let reached = from;
  for (const interval of intervals.toSorted((a, b) => a.from - b.from)) {
    const start = Math.max(interval.from, reached);
    const end = Math.min(interval.until, until);
    if (end > start) {
      total += end - start;
      reached = end;
    }
  }
  return total;
}
