import { describe, expect, it } from 'vitest';
import type { UsageRow } from '../../../src/cards/usage.ts';
import { createPeriods } from '../../../src/diagnose/accounting/periods.ts';
import type { Calls } from '../../../src/diagnose/accounting/ports.ts';
import { type UsageDeps, createUsage } from '../../../src/diagnose/accounting/usage.ts';
import { type WorldOptions, NOW, call, createWorld, quota } from './world.ts';

const row = (key: string, changes: Partial<UsageRow> = {}): UsageRow => ({
  key,
  name: key,
  calls: 1,
  failures: 0,
  tokensIn: 10,
  tokensOut: 5,
  cost: 0.5,
  uncounted: 0,
  meanMs: 10,
  ...changes,
});

function usage(rows: Awaited<ReturnType<Calls['rows']>>, world: WorldOptions = {}, more: Partial<UsageDeps> = {}) {
  const { standings } = createWorld(world);
  const asked: { by: string; from: number; to: number }[] = [];
  const deps: UsageDeps = {
    standings,
    calls: {
      rows: async (by, { from, to }, _currency, ids) => {
        asked.push({ by, from, to });
        const people = rows.filter(({ key }) => /^op\d|:ou_/.test(key));
        if (by === 'person') return ids === undefined ? people : people.filter(({ key }) => ids.includes(key));
        return rows.filter((one) => !people.includes(one));
      },
      spent: async () => 4,
    },
    idsOf: async (id) => (id === 'op1' ? ['op1', 'lark:ou_a'] : [id]),
    providers: () => ['openai'],
    periods: createPeriods('Asia/Shanghai'),
    clock: { now: () => NOW },
    currency: 'USD',
    ...more,
  };
  return { ...createUsage(deps), asked };
}

const ALICE = { id: 'op1', name: 'Alice' };

describe('what people see of usage', () => {
  it('is of the last 24 hours, the budget of the day of the time zone', async () => {
    const { view, asked } = usage([row('openai')], {}, { budget: 5 });
    expect(await view(ALICE)).toMatchObject({
      configured: true,
      budget: { spent: 4, amount: 5, band: 'yellow', renewsAt: Date.parse('2026-11-22T16:00:00Z') },
      providers: [{ key: 'openai' }],
    });
    expect(asked.every(({ from, to }) => from === NOW - 86_400_000 && to === NOW + 1)).toBe(true);
  });

  it('adds one’s own use up under every id, and shows five people', async () => {
    const people = ['op1', 'lark:ou_a', 'op2', 'op3', 'op4', 'op5'].map((key) => row(key));
    const { own, people: top } = await usage([...people, row('lark:ou_a', { calls: 3, meanMs: 30 })]).view(ALICE);
    expect(own).toMatchObject({ key: 'op1', name: 'Alice', calls: 5, tokensIn: 30, cost: 1.5, meanMs: 22 });
    expect(top).toHaveLength(5);
    expect((await usage(people).view({ id: 'op9', name: 'Zoe' })).own).toBeUndefined();
  });

  it('has the quotas of every provider there is or was, and of who asks', async () => {
    const quotas = [quota(), quota({ id: 'q2', subjectKind: 'person', measure: 'calls', amount: 4 })];
    const calls = [call(), call({ person: { id: 'op1', name: 'Alice' } })];
    const { quotas: shown } = await usage([row('dify')], { quotas, calls }).view(ALICE);
    expect(shown.map(({ subject, used }) => [subject, used])).toEqual([
      ['openai', 300],
      ['dify', 0],
      ['op1', 1],
    ]);
    expect((await usage([], { quotas, calls }).view()).quotas.map(({ subject }) => subject)).toEqual(['openai']);
  });

  it('knows when nothing can be asked', async () => {
    expect(await usage([], {}, { providers: () => [] }).view(ALICE)).toMatchObject({
      configured: false,
      providers: [],
    });
  });
});

describe('the leaderboard', () => {
  it('has at most ten people and every provider, by the day of the time zone', async () => {
    const people = Array.from({ length: 12 }, (_, at) => row(`op${at}`));
    const made = await usage([...people, row('openai')]).leaderboard();
    expect([made?.day, made?.data.people.length, made?.data.providers.length]).toEqual(['20261122', 10, 1]);
  });

  it('is not made of nothing', async () => {
    expect(await usage([]).leaderboard()).toBeUndefined();
  });

  it('is told once a day', async () => {
    const world = createWorld();
    const data = { from: 0, to: NOW, currency: 'USD', people: [], providers: [] };
    await Promise.all([world.leaderboard(data, '20261122'), world.leaderboard(data, '20261122')]);
    await world.leaderboard(data, '20261123');
    expect(world.events.map(({ dedupeKey }) => dedupeKey)).toEqual([
      'usage_leaderboard 20261122',
      'usage_leaderboard 20261123',
    ]);
  });
});
