import { describe, expect, it } from 'vitest';
import { chartSvg } from '../../src/console/chart-svg.ts';
import { markup } from '../../src/console/html.ts';

const draw = (...lines: readonly (readonly number[])[]) =>
  markup(
    chartSvg({
      title: 'p99',
      unit: 'ms',
      series: lines.map((values, index) => ({ name: `s${index}`, points: values.map((value, at) => [at, value]) })),
    }),
  );

const heights = (drawn: string) =>
  (/class="line" d="M([^"]*)"/.exec(drawn)?.[1] ?? '').split(' L').map((point) => Number(point.split(',')[1]));

describe('a chart', () => {
  it('rises where the numbers rise', () => {
    const [low = 0, middle = 0, high = 0] = heights(draw([1, 5, 9]));
    expect(low).toBeGreaterThan(middle);
    expect(middle).toBeGreaterThan(high);
  });

  it('stays inside its frame for any size of number', () => {
    for (const height of [...heights(draw([-1e12, 0, 1e12])), ...heights(draw([7, 7, 7])), ...heights(draw([0]))]) {
      expect(height).toBeGreaterThanOrEqual(0);
      expect(height).toBeLessThanOrEqual(132);
    }
  });

  it('counts in whole numbers', () => {
    const ticks = (drawn: string) => [...drawn.matchAll(/>\s*([\d.]+)\s*<\/text>/g)].map(([, tick]) => tick);
    expect(ticks(draw([0, 5]))).toEqual(['0', '3', '6']);
    expect(ticks(draw([0, 0]))).toEqual(['0', '1', '2']);
    expect(ticks(draw([0, 2.5]))).toEqual(['0', '1.31', '2.63']);
  });

  it('draws no number that is none', () => {
    expect(draw([1, Number.NaN, Number.POSITIVE_INFINITY, 2])).not.toMatch(/NaN|Infinity/);
    expect(draw([Number.NaN])).toBe('');
    expect(draw()).toBe('');
  });

  it('names its lines when there is more than one, and always says what it shows', () => {
    expect(draw([1], [2])).toContain('class="legend"');
    expect(draw([1])).not.toContain('class="legend"');
    expect(draw([1])).toContain('aria-label="p99 (ms)"');
  });
});
