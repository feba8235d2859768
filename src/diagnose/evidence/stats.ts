import type { EpochMs } from '../../types.ts';

/** A time and a finite value. */
export type Point = readonly [EpochMs, number];

export interface Summary {
  readonly count: number;
  readonly first: Point;
  readonly last: Point;
  readonly min: Point;
  readonly max: Point;
  readonly mean: number;
}

/** None of an empty series. */
export function summarise(points: readonly Point[]): Summary | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  let min = first;
  let max = first;
  for (const point of points) {
    if (point[1] < min[1]) min = point;
    if (point[1] > max[1]) max = point;
  }
  const values = points.map(([, value]) => value);
  return { count: points.length, first, last, min, max, mean: meanOf(values) };
}

/** A change of level. */
export interface Shift {
  /** The first point of the new level. */
  readonly at: EpochMs;
  readonly before: number;
  readonly after: number;
  /** How far apart the levels are, in deviations within them; at most 99. */
  readonly effect: number;
}

const LEAST_SEGMENT = 3;
const LEAST_EFFECT = 3;
const MOST_EFFECT = 99;

/**
 * The split into two levels that leaves the least variance (the maximum of the CUSUM of squares), when the levels are
 * at least three deviations apart. Linear time.
 */
export function shiftOf(points: readonly Point[]): Shift | undefined {
  const sums = prefixSums(points);
  let best: { readonly index: number; readonly rest: number } | undefined;
  for (let index = LEAST_SEGMENT; index <= points.length - LEAST_SEGMENT; index += 1) {
    const rest = spread(sums, 0, index) + spread(sums, index, points.length);
    if (best === undefined || rest < best.rest) best = { index, rest };
  }
  const at = best === undefined ? undefined : points[best.index];
  if (best === undefined || at === undefined) return undefined;
  const before = meanOf(points.slice(0, best.index).map(([, value]) => value));
  const after = meanOf(points.slice(best.index).map(([, value]) => value));
  const within = Math.sqrt(Math.max(0, best.rest) / Math.max(1, points.length - 2));
  const effect = effectOf(after - before, within, before, after);
  return effect < LEAST_EFFECT ? undefined : { at: at[0], before, after, effect };
}

/** From one point to the next. */
export interface Jump {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
  /** In typical steps of this series; at most 99. */
  readonly effect: number;
}

const LEAST_JUMP = 6;

/** The largest step between neighbours, when it is six times the typical one: a kill, a restart, a spike. */
export function jumpOf(points: readonly Point[]): Jump | undefined {
  const steps = points.slice(1).map(([at, to], index) => ({ at, to, from: points[index]?.[1] ?? to }));
  if (steps.length < 2 * LEAST_SEGMENT) return undefined;
  const sizes = steps.map(({ from, to }) => Math.abs(to - from));
  const typical = medianOf(sizes) * 1.4826;
  const largest = Math.max(...sizes);
  const jump = steps[sizes.indexOf(largest)];
  if (jump === undefined || largest === 0) return undefined;
  const effect = effectOf(largest, typical, jump.from, jump.to);
  return effect < LEAST_JUMP ? undefined : { ...jump, effect };
}

/** A straight line through the points. */
export interface Trend {
  readonly perHour: number;
  /** How much of the variance the line explains, 0 … 1. */
  readonly fit: number;
}

/** None for fewer than five points or a constant. */
export function trendOf(points: readonly Point[]): Trend | undefined {
  const start = points[0]?.[0];
  if (start === undefined || points.length < 5) return undefined;
  const hours = points.map(([at]) => (at - start) / 3_600_000);
  const values = points.map(([, value]) => value);
  const meanHour = meanOf(hours);
  const mean = meanOf(values);
  const together = sum(hours.map((hour, index) => (hour - meanHour) * ((values[index] ?? mean) - mean)));
  const ofHours = sum(hours.map((hour) => (hour - meanHour) ** 2));
  const ofValues = sum(values.map((value) => (value - mean) ** 2));
  if (ofHours === 0 || ofValues === 0) return undefined;
  return { perHour: together / ofHours, fit: together ** 2 / (ofHours * ofValues) };
}

/** A counter's growth per second between neighbours; where it was reset nothing is known. */
export const rateOf = (points: readonly Point[]): readonly Point[] =>
  points.slice(1).flatMap(([at, value], index): readonly Point[] => {
    const [earlier, before] = points[index] ?? [at, value];
    return at > earlier && value >= before ? [[at, (value - before) / ((at - earlier) / 1000)]] : [];
  });

/** At most `most` points: of each stretch the one that differs most from the whole, so that no peak is lost. */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const middle = medianOf(points.map(([, value]) => value));
  return Array.from({ length: most }, (_, index) => {
    const from = Math.floor((index * points.length) / most);
    const stretch = points.slice(from, Math.floor(((index + 1) * points.length) / most));
    return stretch.reduce((far, point) => (Math.abs(point[1] - middle) > Math.abs(far[1] - middle) ? point : far));
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const meanOf = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Half a percent of the level counts as noise even where a series is perfectly quiet. */
function effectOf(change: number, noise: number, a: number, b: number): number {
  const floor = 0.005 * Math.max(Math.abs(a), Math.abs(b));
  const least = Math.max(noise, floor, Number.MIN_VALUE);
  return Math.min(MOST_EFFECT, Math.abs(change) / least);
}

interface Sums {
  readonly values: readonly number[];
  readonly squares: readonly number[];
}

/** Of values less their mean, which keeps the squares of large levels exact enough. */
function prefixSums(points: readonly Point[]): Sums {
  const mean = meanOf(points.map(([, value]) => value));
  const values = [0];
  const squares = [0];
  for (const [, value] of points) {
    values.push((values.at(-1) ?? 0) + value - mean);
    squares.push((squares.at(-1) ?? 0) + (value - mean) ** 2);
  }
  return { values, squares };
}

/** Sum of squared distances from the mean of the points `from` … `to` − 1. */
function spread({ values, squares }: Sums, from: number, to: number): number {
  const total = (values[to] ?? 0) - (values[from] ?? 0);
  return (squares[to] ?? 0) - (squares[from] ?? 0) - total ** 2 / (to - from);
}
