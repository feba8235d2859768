import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RateLimited } from '../../src/errors.ts';
import type { Engine } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';
import { type Opened, SILENT, describeServers, openEngine } from '../support/engines.ts';
import { type FakeChannel, createFakeChannel } from '../support/fake-channel.ts';
import { type World, until, worldOn } from './world.ts';

const LIMIT = { key: 'fake:app', perSecond: 40, burst: 5 };

describeServers('the limit of an app', (engine: Engine) => {
  let first: FakeChannel;
  let second: FakeChannel;
  let other: FakeChannel;
  let opened: Opened;
  let world: World;
  let twin: World;

  /** Two replicas that serve a target each, of one app; the first serves one of another app besides. */
  beforeEach(async () => {
    const pacing = { perMinute: 60_000, burst: 1000, concurrency: 20 };
    first = createFakeChannel({ name: 'first', pacing, appPacing: LIMIT });
    second = createFakeChannel({ name: 'second', pacing, appPacing: LIMIT });
    other = createFakeChannel({ name: 'other', pacing, appPacing: { ...LIMIT, key: 'fake:other' } });
    opened = await openEngine(engine);
    const time = { ahead: 0 };
    world = worldOn(opened, { channels: [first.channel, other.channel], time });
    twin = worldOn(await connectOnce(opened), { channels: [second.channel], time });
    for (const channel of ['first', 'second', 'other']) await world.addTarget(channel, { channel });
  });
  afterEach(async () => {
    await twin.close();
    await world.close();
  });

  const say = async (from: World, targetId: string, count: number): Promise<void> => {
    const payload = { kind: 'message', content: { kind: 'text', text: [{ text: 'hi' }] } } as const;
    await from.write('delivery', async (trx) => {
      for (let at = 0; at < count; at += 1)
        await from.store.enqueue(trx, { targetId, kind: 'report', payload }, from.clock.now());
    });
  };
  const bucket = () => world.database.db.selectFrom('app_buckets').selectAll().where('key', '=', LIMIT.key);
  const untilDelivered = (fake: FakeChannel): Promise<void> => until(() => fake.calls.length === 1);

  it('is never exceeded by two replicas together', async () => {
    await say(world, 'first', 20);
    await say(twin, 'second', 20);
    const startedAt = Date.now();
    world.start();
    twin.start();
    await until(() => first.calls.length + second.calls.length === 40);
    const times = [...first.calls, ...second.calls].map(({ at }) => at).toSorted((a, b) => a - b);
    // From the start on, where the bucket is full; how long it is from a claim to its call is the machine's affair.
    const excess = times.map((at, before) => before + 1 - LIMIT.burst - (LIMIT.perSecond * (at - startedAt)) / 1000);
    expect(Math.max(...excess)).toBeLessThanOrEqual(0);
  });

  it('makes all its lanes wait when the platform says so, in every replica, and no other app', async () => {
    const pauseMs = 600;
    let refusedAt = 0;
    first.script(() => {
      if (refusedAt > 0) return;
      refusedAt = Date.now();
      world.time.stands = world.clock.now();
      throw new RateLimited('first', pauseMs, { concerns: 'app' });
    });
    await say(world, 'first', 1);
    world.start();
    await until(async () => ((await bucket().executeTakeFirst())?.paused_until ?? 0) > 0);
    twin.start();
    await say(twin, 'second', 1);
    await say(world, 'other', 1);
    await untilDelivered(other);
    expect([first.calls.length, second.calls.length]).toEqual([1, 0]);
    world.time.stands = undefined;
    await until(() => first.calls.length === 2 && second.calls.length === 1);
    for (const call of [first.calls[1], second.calls[0]])
      expect((call?.at ?? 0) - refusedAt).toBeGreaterThanOrEqual(pauseMs);
    const { next_at } = await world.database.db
      .selectFrom('targets')
      .select('next_at')
      .where('id', '=', 'first')
      .executeTakeFirstOrThrow();
    expect(next_at).toBe(0);
  });

  it('keeps a lane without a token from holding a lease, and from asking again before there may be one', async () => {
    const pausedUntil = world.clock.now() + 3_600_000;
    await world.database.db
      .insertInto('app_buckets')
      .values({ key: LIMIT.key, tokens: 0, at: 0, paused_until: pausedUntil })
      .execute();
    let rounds = 0;
    const { lockAppBuckets } = world.store;
    Object.assign(world.store, {
      lockAppBuckets: (...asked: Parameters<typeof lockAppBuckets>) => {
        rounds += 1;
        return lockAppBuckets(...asked);
      },
    });
    await say(world, 'first', 1);
    await say(world, 'other', 1);
    world.start();
    await untilDelivered(other);
    await sleep(50);
    expect(rounds).toBeLessThan(5);
    expect(first.calls).toEqual([]);
    const { lease_token: lane } = await world.database.db
      .selectFrom('targets')
      .select('lease_token')
      .where('id', '=', 'first')
      .executeTakeFirstOrThrow();
    const { lease_token: message } = await world.database.db
      .selectFrom('outbox')
      .select('lease_token')
      .where('target_id', '=', 'first')
      .executeTakeFirstOrThrow();
    expect([lane, message]).toEqual([null, null]);
  });
});

/** The database as a second process has it: with connections of its own where the engine allows them. */
async function connectOnce(opened: Opened): Promise<Opened> {
  if (opened.database.engine === 'sqlite') return { ...opened, close: async () => undefined };
  const database = await openDatabase({ url: opened.url, dataDir: opened.dataDir, log: SILENT });
  return { ...opened, database, close: () => database.close() };
}
