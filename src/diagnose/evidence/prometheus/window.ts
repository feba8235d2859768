import type { EpochMs } from '../../../types.ts';

/** What is asked about: `from` … `to`, a point every `stepMs`. */
export interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly stepMs: number;
}

const HOUR_MS = 3_600_000;
const MOST_AFTER_MS = 2 * HOUR_MS;
const MOST_POINTS = 90;
const STEPS_S = [15, 30, 60, 120, 300] as const;
const DAY_MS = 24 * HOUR_MS;

/**
 * From an hour before the start until now, at most two hours after it; at most 91 points. It ends exactly now, so that
 * the last point is what is true now.
 */
export function windowAround(startedAt: EpochMs, now: EpochMs): Window {
  const to = Math.min(Math.max(now, startedAt), startedAt + MOST_AFTER_MS);
  const span = to - (startedAt - HOUR_MS);
  const step = STEPS_S.find((one) => span / (one * 1000) <= MOST_POINTS) ?? STEPS_S[4];
  const stepMs = step * 1000;
  return { from: to - Math.floor(span / stepMs) * stepMs, to, stepMs };
}

/** The same hours of the day before. */
export const dayBefore = ({ from, to, stepMs }: Window): Window => ({ from: from - DAY_MS, to: to - DAY_MS, stepMs });
