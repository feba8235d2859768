import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOut } from '../../src/diagnose/share-out.ts';

describe('sharing out', () => {
  it('never gives more than there is or is needed, and wastes nothing that somebody needs', () => {
    const wish = fc.record({ need: fc.nat(5000), weight: fc.double({ min: 0.05, max: 30, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 20 }), fc.nat(20_000), (wishes, budget) => {
        const grants = shareOut(wishes, budget);
        const sum = grants.reduce((total, grant) => total + grant, 0);
        const needed = wishes.reduce((total, { need }) => total + need, 0);
        expect(sum).toBeLessThanOrEqual(budget);
        expect(grants.every((grant, index) => grant <= (wishes[index]?.need ?? 0))).toBe(true);
        expect(sum).toBeGreaterThanOrEqual(Math.min(budget, needed) - wishes.length);
      }),
    );
  });

  it('gives by weight where all want more', () => {
    expect(
      shareOut(
        [
          { need: 100, weight: 1 },
          { need: 100, weight: 3 },
          { need: 4, weight: 1 },
        ],
        44,
      ),
    ).toEqual([10, 30, 4]);
  });

  it('loses nothing to a rounding where there is just enough', () => {
    for (let most = 1; most < 60; most += 1) {
      const needs = Array.from({ length: most }, (_, index) => index + 1);
      const wishes = needs.map((need) => ({ need, weight: need / 10 }));
      const enough = needs.reduce((sum, need) => sum + need, 0);
      expect(shareOut(wishes, enough)).toEqual(needs);
    }
  });
});
