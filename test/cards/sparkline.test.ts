import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from '../../src/cards/sparkline.ts';
import type { Series } from '../../src/cards/card.ts';

type Point = Series['points'][number];

const line: readonly Point[] = [
  [0, 1],
  [1000, 5],
  [2000, 3],
];

describe('a sparkline', () => {
  it('draws up to three series from edge to edge, with a mark', () => {
    const svg = sparkline([line, line, line, line], { width: 106, height: 26, markAt: 1000 });
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 106 26"/);
    expect(svg.match(/<polyline/g)).toHaveLength(3);
    expect(svg).toContain('points="3,23 53,3 103,13"');
    expect(svg).toContain('<line x1="53" x2="53"');
    expect(svg).not.toMatch(/#|rgb|black|white|<text|style=/);
  });

  it('is nothing without two points', () => {
    expect(sparkline([])).toBe('');
    expect(sparkline([[[1, 1]]])).toBe('');
    expect(
      sparkline([
        [
          [1, Number.NaN],
          [2, Number.POSITIVE_INFINITY],
          [3, 1],
        ],
      ]),
    ).toBe('');
  });

  it('draws a constant through the middle and keeps no mark outside', () => {
    const svg = sparkline(
      [
        [
          [0, 7],
          [10, 7],
        ],
      ],
      { width: 100, height: 20, markAt: -1000 },
    );
    expect(svg).toContain('points="3,10 97,10"');
    expect(svg).not.toContain('<line');
  });

  it('holds numbers and nothing else, whatever the values', () => {
    const point = fc.tuple(fc.double(), fc.double());
    fc.assert(
      fc.property(fc.array(fc.array(point, { maxLength: 20 }), { maxLength: 5 }), fc.double(), (series, markAt) => {
        const svg = sparkline(series, { markAt });
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        for (const [, points = ''] of svg.matchAll(/ points="([^"]*)"/g)) expect(points).toMatch(/^[-\d., e+]+$/);
      }),
      { numRuns: 200 },
    );
  });
});
