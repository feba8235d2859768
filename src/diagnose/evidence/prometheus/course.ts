import type { EpochMs } from '../../../types.ts';
import {
  type Jump,
  type Point,
  type Shift,
  type Summary,
  type Trend,
  jumpOf,
  shiftOf,
  summarise,
  trendOf,
} from '../stats.ts';
import type { Window } from './window.ts';

/** What became of a series around the start of an incident. */
export interface Course {
  readonly summary: Summary;
  readonly shift?: Shift;
  /** Only when it is another event than the change of level. */
  readonly jump?: Jump;
  /** How it went in the half hour before the jump, when a line explains that. */
  readonly run?: Trend;
  /** Only when a line explains most of it. */
  readonly trend?: Trend;
  /** Its first point, when that came after the window's beginning. */
  readonly appearedAt?: EpochMs;
  /** Its last point, when nothing came until the window's end. */
  readonly endedAt?: EpochMs;
  /** How much it changed near the start, 0 … 1. */
  readonly score: number;
  /** The same for what it was while it was there: without its beginning and its end. */
  readonly levelScore: number;
}

const LINE_FIT = 0.8;
const RUN_MS = 30 * 60_000;
/** A change this long before the start, or after it, tells nothing more. */
const FAR_BEFORE_MS = 60 * 60_000;
const FAR_AFTER_MS = 45 * 60_000;
const NEAR_BEFORE_MS = 15 * 60_000;
const NEAR_AFTER_MS = 5 * 60_000;

/** None of a series without points. */
export function courseOf(points: readonly Point[], window: Window, startedAt: EpochMs): Course | undefined {
  const summary = summarise(points);
  if (summary === undefined) return undefined;
  const shift = shiftOf(points);
  const step = jumpOf(points);
  const jump = step === undefined || step.at === shift?.at ? undefined : step;
  const run = step === undefined ? undefined : lineOf(points.filter(([at]) => at < step.at && at >= step.at - RUN_MS));
  const trend = lineOf(points);
  const slack = 3 * window.stepMs;
  const appearedAt = summary.first[0] > window.from + slack ? summary.first[0] : undefined;
  const endedAt = summary.last[0] < window.to - slack ? summary.last[0] : undefined;
  const near = (at: EpochMs): number => nearness(at, startedAt);
  const levelScore = Math.max(
    shift === undefined ? 0 : strength(shift.effect, 3, shift.before, shift.after) * near(shift.at),
    step === undefined ? 0 : 0.9 * strength(step.effect, 6, step.from, step.to) * near(step.at),
    trend === undefined ? 0 : 0.6 * relativeChange(trend, summary),
  );
  const score = Math.max(
    levelScore,
    appearedAt === undefined ? 0 : 0.8 * near(appearedAt),
    endedAt === undefined ? 0 : 0.7 * near(endedAt),
  );
  return {
    summary,
    score,
    levelScore,
    ...(shift === undefined ? {} : { shift }),
    ...(jump === undefined ? {} : { jump }),
    ...(run === undefined ? {} : { run }),
    ...(trend === undefined ? {} : { trend }),
    ...(appearedAt === undefined ? {} : { appearedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

function lineOf(points: readonly Point[]): Trend | undefined {
  const line = trendOf(points);
  return line !== undefined && line.fit >= LINE_FIT ? line : undefined;
}

/** 1 from a quarter of an hour before the start to five minutes after it, less with the distance. */
export function nearness(at: EpochMs, startedAt: EpochMs): number {
  const distance = at - startedAt;
  const [near, far] = distance < 0 ? [NEAR_BEFORE_MS, FAR_BEFORE_MS] : [NEAR_AFTER_MS, FAR_AFTER_MS];
  const over = Math.abs(distance) - near;
  return over <= 0 ? 1 : Math.max(0.1, 1 - (0.9 * over) / (far - near));
}

/** A change is strong when it stands out of the noise, and also when it is large for its level. */
function strength(effect: number, least: number, from: number, to: number): number {
  const clear = Math.min(1, effect / (4 * least));
  const scale = Math.max(Math.abs(from), Math.abs(to));
  const large = scale === 0 ? 0 : Math.min(1, Math.abs(to - from) / scale);
  return clear * (0.25 + 0.75 * large);
}

function relativeChange({ perHour, fit }: Trend, { first, last, min, max }: Summary): number {
  const scale = Math.max(Math.abs(min[1]), Math.abs(max[1]));
  const hours = (last[0] - first[0]) / 3_600_000;
  return scale === 0 ? 0 : Math.min(1, Math.abs(perHour * hours) / scale) * fit;
}
