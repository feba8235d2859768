import {
  ContentRefused,
  MessageGone,
  PlatformUnavailable,
  RateLimited,
  TargetGone,
  codeOf,
  retryOf,
} from '../errors.ts';
import { backoffMs } from './backoff.ts';

/** How a call ended, with the time it took. */
export type CallResult<T> =
  | { readonly ok: true; readonly value: T; readonly latencyMs: number }
  | { readonly ok: false; readonly error: unknown; readonly latencyMs: number };

/** What a failed or successful call means for its lane. */
export type LaneNews =
  | { readonly kind: 'works' }
  | {
      readonly kind: 'pause';
      readonly ms: number;
      readonly failed: boolean;
      readonly reason: string;
      /** Every lane of the app has to wait. */
      readonly app: boolean;
    }
  | { readonly kind: 'dead'; readonly reason: string }
  | { readonly kind: 'none' };

export interface Verdict<C> {
  readonly change: C;
  readonly lane: LaneNews;
  /** Label of the result in metrics and attempts. */
  readonly outcome: string;
  readonly detail?: string;
}

const LEAST_PAUSE_MS = 200;
const MOST_PAUSE_MS = 60 * 60_000;

/** Whether the platform may have acted on a call that failed. A bug's throw tells nothing, so it may. */
export function isUnknown(error: unknown): boolean {
  if (error instanceof PlatformUnavailable) return error.outcomeUnknown;
  return codeOf(error) === 'unexpected';
}

/** What a failed call means for its lane, which has failed so many times in a row before. */
export function laneNews(error: unknown, failures: number, random: () => number): LaneNews {
  if (error instanceof TargetGone) return { kind: 'dead', reason: words(error) };
  if (error instanceof ContentRefused || error instanceof MessageGone) return { kind: 'none' };
  if (error instanceof RateLimited)
    return { kind: 'pause', ms: throttleMs(error), failed: false, reason: words(error), app: error.concerns === 'app' };
  // One failure may be the card's; from the second in a row on it is the target's, and the lane waits.
  const ms = failures === 0 ? 0 : backoffMs(failures, random);
  return { kind: 'pause', ms, failed: true, reason: words(error), app: false };
}

function throttleMs(error: RateLimited): number {
  const retry = retryOf(error);
  const asked = typeof retry === 'object' ? retry.afterMs : 0;
  return Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, Number.isFinite(asked) ? asked : 0));
}

/** The failure in words that fit a row. */
export const words = (error: unknown): string =>
  `${codeOf(error)}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 500);

/** The failure as metrics and attempts tell it. */
export const told = (error: unknown) => ({ outcome: codeOf(error), detail: words(error) });
