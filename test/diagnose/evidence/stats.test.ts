import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Point, jumpOf, rateOf, shiftOf, summarise, thin, trendOf } from '../../../src/diagnose/evidence/stats.ts';

const MINUTE = 60_000;

/** A small generator of its own, so that a test means the same every time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  };
}

const seriesOf = (values: readonly number[]): readonly Point[] => values.map((value, index) => [index * MINUTE, value]);
const points = fc.array(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), { maxLength: 120 }).map(seriesOf);

describe('the course of a series', () => {
  it('is summed up', () => {
    expect(summarise([])).toBeUndefined();
    expect(summarise(seriesOf([2, 6, 4]))).toMatchObject({
      count: 3,
      first: [0, 2],
      last: [2 * MINUTE, 4],
      min: [0, 2],
      max: [MINUTE, 6],
      mean: 4,
    });
  });

  it.each([5, 20, 31, 56])('changes its level at point %i, found within one point', (at) => {
    const random = noise(at);
    const found = shiftOf(seriesOf(Array.from({ length: 60 }, (_, index) => (index < at ? 10 : 20) + random() * 3)));
    expect(Math.abs((found?.at ?? 0) - at * MINUTE)).toBeLessThanOrEqual(MINUTE);
    expect(Math.abs((found?.before ?? 0) - 10)).toBeLessThan(1.5);
    expect(Math.abs((found?.after ?? 0) - 20)).toBeLessThan(1.5);
    expect(found?.effect).toBeGreaterThan(5);
  });

  it('has no change of level when it is only noise, constant or too short', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = noise(seed);
      expect(shiftOf(seriesOf(Array.from({ length: 60 }, () => 100 + random() * 20)))).toBeUndefined();
    }
    expect(shiftOf(seriesOf(Array.from({ length: 60 }, () => 7)))).toBeUndefined();
    expect(shiftOf(seriesOf([1, 1, 9, 9]))).toBeUndefined();
  });

  it('sees a change of a large, quiet number', () => {
    const found = shiftOf(seriesOf(Array.from({ length: 40 }, (_, index) => 4e11 + (index < 25 ? 0 : 4e10))));
    expect(found).toMatchObject({ at: 25 * MINUTE, before: 4e11, after: 4.4e11 });
  });

  it('falls or jumps at once', () => {
    const ramp = Array.from({ length: 40 }, (_, index) => (index < 30 ? 100 + index * 10 : 110));
    expect(jumpOf(seriesOf(ramp))).toMatchObject({ at: 30 * MINUTE, from: 390, to: 110 });
    expect(jumpOf(seriesOf(Array.from({ length: 40 }, (_, index) => index)))).toBeUndefined();
    expect(jumpOf(seriesOf([0, 0, 0, 1]))).toBeUndefined();
  });

  it('grows along a line', () => {
    const trend = trendOf(seriesOf(Array.from({ length: 61 }, (_, index) => 50 + index)));
    expect(trend?.perHour).toBeCloseTo(60);
    expect(trend?.fit).toBeCloseTo(1);
    expect(trendOf(seriesOf([3, 3, 3, 3, 3, 3]))).toBeUndefined();
  });

  it('is a rate when it counts, and unknown where the count was reset', () => {
    expect(rateOf(seriesOf([0, 60, 180, 10, 70]))).toEqual([
      [MINUTE, 1],
      [2 * MINUTE, 2],
      [4 * MINUTE, 1],
    ]);
  });

  it('keeps its peaks when it is thinned', () => {
    const values = Array.from({ length: 500 }, (_, index) => (index === 333 ? 1000 : index === 77 ? -1000 : 5));
    const thinned = thin(seriesOf(values), 60);
    expect(thinned).toHaveLength(60);
    expect(thinned.map(([, value]) => value)).toEqual(expect.arrayContaining([1000, -1000]));
  });

  it('never throws and stays in order, whatever the numbers', () => {
    fc.assert(
      fc.property(points, (series) => {
        const shift = shiftOf(series);
        const times = thin(series, 60).map(([at]) => at);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.length).toBeLessThanOrEqual(60);
        expect(shift === undefined || (shift.effect >= 3 && shift.effect <= 99)).toBe(true);
        expect([jumpOf(series)?.effect ?? 0, trendOf(series)?.perHour ?? 0].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
