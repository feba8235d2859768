import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quota } from '../../../src/cards/usage.ts';
import { createPeriods } from '../../../src/diagnose/accounting/periods.ts';
import { bandOf, quotasOf, standingOf } from '../../../src/diagnose/accounting/quota.ts';

const quota = (changes: Partial<Quota> = {}): Quota => ({
  id: 'q1',
  subjectKind: 'person',
  subject: '*',
  period: 'week',
  measure: 'tokens',
  amount: 1000,
  threshold: 0.8,
  enabled: true,
  createdAt: 0,
  ...changes,
});

describe('bands', () => {
  it.each([
    [0, 'green'],
    [799, 'green'],
    [800, 'yellow'],
    [899, 'yellow'],
    [900, 'red'],
    [5000, 'red'],
  ] as const)('of %d in 1000 are %s', (used, band) => {
    expect(bandOf(used, 1000, 0.8)).toBe(band);
  });

  it('follow the threshold, and nothing is green when nothing is allowed', () => {
    expect(bandOf(500, 1000, 0.5)).toBe('yellow');
    expect(bandOf(940, 1000, 0.95)).toBe('green');
    expect(bandOf(950, 1000, 0.95)).toBe('red');
    expect(bandOf(0, 0, 0.8)).toBe('red');
  });

  it('never get better with more use', () => {
    const order = ['green', 'yellow', 'red'];
    const use = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(use, use, use, fc.double({ min: 0.01, max: 1, noNaN: true }), (a, b, amount, threshold) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((used) => bandOf(used, amount, threshold));
        expect(order.indexOf(less ?? '')).toBeLessThanOrEqual(order.indexOf(more ?? ''));
      }),
    );
  });
});

describe('the quotas of somebody', () => {
  const alice = { kind: 'person', ids: ['op1', 'lark:ou_a'], name: 'Alice' } as const;

  it('are those for each, unless there is one of the same kind for this one', () => {
    const all = [
      quota(),
      quota({ id: 'q2', period: '5h' }),
      quota({ id: 'q3', subject: 'lark:ou_a', amount: 5 }),
      quota({ id: 'q4', subject: 'op2' }),
      quota({ id: 'q5', subjectKind: 'provider' }),
      quota({ id: 'q6', subject: 'op1', measure: 'cost', enabled: false }),
      quota({ id: 'q7', measure: 'cost' }),
    ];
    expect(quotasOf(all, alice).map(({ id }) => id)).toEqual(['q3', 'q2', 'q7']);
    expect(quotasOf(all, { ...alice, ids: ['op3'] }).map(({ id }) => id)).toEqual(['q1', 'q2', 'q7']);
  });

  it('tell what is used, what is left, of which period and when it renews', () => {
    const periods = createPeriods('Asia/Shanghai');
    const at = Date.parse('2026-11-22T08:00:00Z');
    const standing = standingOf(quota(), alice, { tokens: 1100, cost: 3, calls: 7 }, { at, periods, currency: 'CNY' });
    expect(standing).toMatchObject({
      subject: 'op1',
      name: 'Alice',
      used: 1100,
      left: 0,
      band: 'red',
      currency: 'CNY',
    });
    expect(new Date(standing.renewsAt).toISOString()).toBe('2026-11-22T16:00:00.000Z');
    const calls = standingOf(
      quota({ measure: 'calls', amount: 10 }),
      alice,
      { tokens: 0, cost: 0, calls: 7 },
      {
        at,
        periods,
        currency: 'CNY',
      },
    );
    expect(calls).toMatchObject({ used: 7, left: 3, band: 'green' });
  });
});
