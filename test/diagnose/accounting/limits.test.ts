import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/telemetry/log.ts';
import { call, createWorld, modelThat, NOW, price, quota, reply, request } from './world.ts';

const OPENAI = { name: 'openai' };
const ALICE = { id: 'lark:ou_a', name: 'Alice' };
const DAY = 86_400_000;
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('what a call is paid with', () => {
  it('is not asked about without a budget and quotas', async () => {
    const world = createWorld({ calls: [call()] });
    expect([await world.afford(OPENAI), await world.affordPerson(ALICE), world.sums()]).toEqual([
      'yes',
      { ok: true },
      0,
    ]);
  });

  it('is today’s budget, in its own currency', async () => {
    const spent = [
      call({ cost: usd(0.6) }),
      call({ cost: usd(9), at: NOW - DAY }),
      call({ cost: { amount: 9, currency: 'CNY' } }),
      call(),
    ];
    expect(await createWorld({ budget: 1, calls: spent }).afford(OPENAI)).toBe('yes');
    expect(await createWorld({ budget: 0.6, calls: spent }).afford(OPENAI)).toBe('budget');
    expect(await createWorld({ budget: 0 }).afford(OPENAI)).toBe('budget');
  });

  it('is nothing where it costs nothing', async () => {
    const free = price({ provider: 'ollama', inputPerMillion: 0, outputPerMillion: 0 });
    const world = createWorld({ budget: 0, prices: [free, price({ provider: 'openai' })] });
    expect(await world.afford({ name: 'ollama' })).toBe('yes');
    expect(await world.afford(OPENAI)).toBe('budget');
    expect(await world.afford({ name: 'dify' })).toBe('budget');
  });

  it('is the provider’s quota, whichever is used up', async () => {
    const calls = [call(), call({ provider: 'dify', tokensIn: 5000 })];
    const tokens = quota({ amount: 151 });
    expect(await createWorld({ quotas: [tokens], calls }).afford(OPENAI)).toBe('yes');
    expect(await createWorld({ quotas: [{ ...tokens, amount: 150 }], calls }).afford(OPENAI)).toBe('quota');
    const few = quota({ measure: 'calls', amount: 1, period: '5h', subject: 'openai' });
    expect(await createWorld({ quotas: [tokens, few], calls }).afford(OPENAI)).toBe('quota');
    expect(await createWorld({ quotas: [{ ...few, enabled: false }], calls }).afford(OPENAI)).toBe('yes');
    expect(await createWorld({ quotas: [few], calls: [] }).afford(OPENAI)).toBe('yes');
  });

  it('is a person’s quota under any of their ids; the answer says which and when it renews', async () => {
    const quotas = [
      quota({ id: 'a', subjectKind: 'person', measure: 'calls', amount: 2, period: '5h' }),
      quota({ id: 'b', subjectKind: 'person', measure: 'tokens', amount: 300 }),
    ];
    const by = (id: string) => call({ person: { id, name: 'x' } });
    const world = createWorld({ quotas, calls: [by('op1'), by('lark:ou_a'), by('lark:ou_b')] });
    const afforded = await world.affordPerson(ALICE);
    expect(afforded).toMatchObject({ ok: false, quota: { quotaId: 'b', subject: 'op1', name: 'Alice', left: 0 } });
    expect(!afforded.ok && new Date(afforded.quota.renewsAt).toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(await world.affordPerson({ id: 'lark:ou_b', name: 'Bob' })).toEqual({ ok: true });
  });
});

describe('quota warnings', () => {
  const ask = (world: ReturnType<typeof createWorld>, person?: typeof ALICE) =>
    world
      .metered(
        modelThat(async () => reply()),
        { purpose: 'answer', ...(person === undefined ? {} : { person }) },
      )
      .complete(request());
  const bands = (world: ReturnType<typeof createWorld>) =>
    world.events.map(({ data }) => ('band' in data ? [data.subject, data.band, data.used] : []));

  it('come once for each subject, period and band', async () => {
    const world = createWorld({ quotas: [quota({ amount: 1000 })] });
    for (let index = 0; index < 9; index += 1) await ask(world);
    expect(bands(world)).toEqual([['openai', 'red', 900]]);
    const finer = createWorld({ quotas: [quota({ amount: 1100 })] });
    for (let index = 0; index < 9; index += 1) await ask(finer);
    expect(bands(finer)).toEqual([
      ['openai', 'yellow', 900],
      ['openai', 'red', 1050],
    ]);
  });

  it('come once when calls end together', async () => {
    const world = createWorld({ quotas: [quota({ amount: 800 })], calls: Array.from({ length: 4 }, () => call()) });
    await Promise.all([ask(world), ask(world)]);
    expect(world.events).toHaveLength(1);
  });

  it('are of the person as well as of the provider, and tell what is left of which period', async () => {
    const quotas = [quota({ amount: 180 }), quota({ id: 'q2', subjectKind: 'person', period: 'month', amount: 160 })];
    const world = createWorld({ quotas });
    await ask(world, ALICE);
    expect(bands(world)).toEqual([
      ['openai', 'yellow', 150],
      ['op1', 'red', 150],
    ]);
    expect(world.events[1]?.data).toMatchObject({
      name: 'Alice',
      period: 'month',
      left: 10,
      amount: 160,
      renewsAt: Date.parse('2026-12-01T00:00:00Z'),
    });
  });

  it('never fail the call', async () => {
    const quotas = [quota({ amount: 1 })];
    const world = createWorld({ quotas });
    world.events.some = () => {
      throw new Error('no disk');
    };
    await expect(ask(world)).resolves.toEqual(reply());
  });
});

describe('a breaker that opens', () => {
  it('is told of once, however many replicas see it', async () => {
    const lines: Record<string, unknown>[] = [];
    const log = createLog('info', [], { write: (line) => void lines.push(JSON.parse(line)) });
    const world = createWorld({ log });
    const opening = { provider: 'openai', fault: 'unavailable', until: NOW + 60_000 } as const;
    await Promise.all([world.breakerOpened(opening), world.breakerOpened({ ...opening, until: NOW + 60_005 })]);
    await world.breakerOpened({ ...opening, provider: 'dify' });
    expect(world.events.map(({ event, data }) => [event, 'provider' in data && data.provider])).toEqual([
      ['breaker_open', 'openai'],
      ['breaker_open', 'dify'],
    ]);
    expect(lines).toMatchObject([
      { action: 'breaker_open', level: 'error', provider: 'openai' },
      { action: 'circuit_breaker_alert_suppressed', level: 'info', provider: 'openai', fault: 'unavailable' },
      { action: 'breaker_open', level: 'error', provider: 'dify' },
    ]);
  });
});
