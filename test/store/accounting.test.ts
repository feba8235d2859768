import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAfford } from '../../src/diagnose/accounting/afford.ts';
import { createPeriods } from '../../src/diagnose/accounting/periods.ts';
import type { ModelCall, NewEvent } from '../../src/diagnose/accounting/ports.ts';
import { createTell } from '../../src/diagnose/accounting/tell.ts';
import type { Engine, Write } from '../../src/store/database.ts';
import { recordEvent } from '../../src/store/events.ts';
import { createModelCalls } from '../../src/store/model-calls.ts';
import { createPrices } from '../../src/store/prices.ts';
import { createQuotas } from '../../src/store/quotas.ts';
import { type Opened, SILENT, describeEngines, openEngine } from '../support/engines.ts';
import { NOW, call as plainCall, quota } from '../diagnose/accounting/world.ts';
import { committerOn } from './writing.ts';

const DAY = 86_400_000;
const ALICE = { id: 'op1', name: 'Alice' };
const call = (changes: Partial<ModelCall> = {}): ModelCall =>
  plainCall({ cost: { amount: 0.25, currency: 'USD' }, ...changes });

describeEngines('accounting', (engine: Engine) => {
  let opened: Opened;
  let write: Write;
  beforeAll(async () => {
    opened = await openEngine(engine);
    ({ write } = committerOn(opened.database));
  });
  afterAll(() => opened.close());
  beforeEach(() =>
    opened.database.transaction(async (trx) => {
      for (const table of ['model_calls', 'quotas', 'prices', 'events'] as const) await trx.deleteFrom(table).execute();
    }),
  );
  const made = () => {
    const base = { database: opened.database, write, clock: { now: () => NOW } };
    return { calls: createModelCalls(base), quotas: createQuotas(base), prices: createPrices(base) };
  };

  it('adds calls up by subject and time, money in one currency', async () => {
    const { calls } = made();
    const yuan = { amount: 3, currency: 'CNY' };
    await calls.record(call({ person: ALICE }));
    await calls.record(call({ person: { id: 'lark:ou_a', name: 'A' }, cost: yuan, provider: 'dify' }));
    await calls.record(call({ at: NOW - DAY, person: ALICE }));
    await calls.record(call({ outcome: 'timeout_idle', tokensOut: 0 }));
    expect(await calls.used('provider', ['openai'], NOW - DAY, 'USD')).toEqual({ calls: 3, tokens: 400, cost: 0.75 });
    expect(await calls.used('person', ['op1', 'lark:ou_a'], NOW, 'CNY')).toEqual({ calls: 2, tokens: 300, cost: 3 });
    expect(await calls.used('person', ['nobody'], 0, 'USD')).toEqual({ calls: 0, tokens: 0, cost: 0 });
    expect([await calls.spent(NOW, 'USD'), await calls.spent(NOW + 1, 'USD')]).toEqual([0.5, 0]);
  });

  it('groups calls by provider, person, model and day', async () => {
    const { calls } = made();
    await calls.record(call({ person: ALICE, latencyMs: 10 }));
    await calls.record(call({ model: 'sim-2', tokensIn: 900, latencyMs: 30, outcome: 'refused' }));
    const { cost: _cost, ...unpriced } = call({ provider: 'dify', at: NOW - DAY });
    await calls.record(unpriced);
    const span = { from: NOW - DAY, to: NOW + 1 };
    expect(await calls.rows('provider', span, 'USD')).toEqual([
      {
        key: 'openai',
        name: 'openai',
        calls: 2,
        failures: 1,
        tokensIn: 1000,
        tokensOut: 100,
        cost: 0.5,
        uncounted: 0,
        meanMs: 20,
      },
      expect.objectContaining({ key: 'dify', calls: 1, failures: 0, cost: 0, uncounted: 1 }),
    ]);
    expect((await calls.rows('model', span, 'USD')).map(({ key, name }) => [key, name])).toEqual([
      ['openai/sim-2', 'sim-2'],
      ['dify/sim-1', 'sim-1'],
      ['openai/sim-1', 'sim-1'],
    ]);
    expect(await calls.rows('person', span, 'CNY')).toMatchObject([
      { key: 'op1', name: 'Alice', calls: 1, uncounted: 1 },
    ]);
    expect(await calls.rows('person', span, 'USD', ['nobody'])).toEqual([]);
    const days = createPeriods('UTC').days(span.from, span.to, 10);
    expect((await calls.days(days, 'USD')).map((row) => [row.key, row.calls, row.cost])).toEqual([
      ['2026-11-21', 1, 0],
      ['2026-11-22', 2, 0.5],
    ]);
  });

  it('looks for a subject’s calls with an index', async () => {
    if (engine !== 'sqlite') return;
    for (const [condition, index] of [
      [`person_id in (select value from json_each('["a"]')) and at >= 5`, 'model_calls_person'],
      [`provider in (select value from json_each('["a"]')) and at >= 5`, 'model_calls_provider'],
      ['at >= 5', 'model_calls_at'],
    ]) {
      const plan = await opened.database.reader.executeQuery<{ detail: string }>({
        ...opened.database.reader.selectFrom('model_calls').compile(),
        sql: `explain query plan select count(*) from model_calls where ${condition}`,
        parameters: [],
      });
      expect(plan.rows.map(({ detail }) => detail).join('\n')).toContain(index);
    }
  });

  it('keeps one quota of a kind for a subject, and one price of a model', async () => {
    const { quotas, prices } = made();
    const { id: _id, createdAt: _at, ...plain } = quota({ threshold: 0.5 });
    const added = await quotas.add(plain);
    expect(added).toMatchObject({ ...plain, createdAt: NOW });
    expect(await quotas.add({ ...plain, amount: 7 })).toBeUndefined();
    expect(await quotas.update(added?.id ?? '', { amount: 9, enabled: false })).toMatchObject({
      amount: 9,
      enabled: false,
      threshold: 0.5,
    });
    expect(await quotas.update('none', { amount: 9 })).toBeUndefined();
    expect(await quotas.list()).toHaveLength(1);
    expect([await quotas.remove(added?.id ?? ''), await quotas.remove(added?.id ?? '')]).toEqual([true, false]);
    const price = { provider: 'openai', model: '', inputPerMillion: 0.5, outputPerMillion: 1.5, currency: 'USD' };
    const first = await prices.set(price);
    expect(await prices.set({ ...price, currency: 'CNY' })).toEqual({ ...first, currency: 'CNY' });
    await prices.set({ ...price, model: 'sim-1' });
    expect((await prices.list()).map(({ model }) => model)).toEqual(['', 'sim-1']);
    expect([await prices.remove(first.id), await prices.get(first.id)]).toEqual([true, undefined]);
  });

  it('records an event once, however many tell of it', async () => {
    const event: NewEvent = {
      event: 'breaker_open',
      dedupeKey: 'k',
      data: { provider: 'openai', fault: 'auth', until: NOW },
      at: NOW,
    };
    const told = await Promise.all(Array.from({ length: 6 }, () => write('job', (trx) => recordEvent(trx, event))));
    expect(told.filter(Boolean)).toHaveLength(1);
    const rows = await opened.database.reader.selectFrom('events').selectAll().execute();
    expect(rows.map(({ data }) => JSON.parse(data))).toEqual([event.data]);
  });

  it('warns once when two processes finish a call at the same time', async () => {
    const { calls, quotas } = made();
    const { id: _id, createdAt: _at, ...plain } = quota({ amount: 300 });
    await quotas.add(plain);
    const process = () => {
      const shared = { clock: { now: () => NOW }, log: SILENT, idsOf: async (id: string) => [id] as const };
      const limits = { quotas: quotas.list, prices: async () => [], periods: createPeriods('UTC'), currency: 'USD' };
      const { standings } = createAfford({ ...shared, ...limits, calls });
      return createTell({ ...shared, standings, record: (event) => write('job', (trx) => recordEvent(trx, event)) });
    };
    const both = [process(), process()];
    await Promise.all(
      both.map(async ({ afterCall }) => {
        await calls.record(call());
        await afterCall(call());
      }),
    );
    for (const { afterCall } of both) await afterCall(call());
    const rows = await opened.database.reader.selectFrom('events').select(['event', 'data']).execute();
    expect(rows.map(({ event }) => event)).toEqual(['quota_warning']);
    expect(JSON.parse(rows[0]?.data ?? '')).toMatchObject({ subject: 'openai', band: 'red', used: 300, left: 0 });
  });
});
