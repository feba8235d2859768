import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callsLeft, fullAppBucket, refillApp, shutUntil, takeFromApp } from '../../src/delivery/app-pacing.ts';
import { dryLanes, grant, openShares, spendShares } from '../../src/delivery/app-shares.ts';
import type { DeliveryStore } from '../../src/delivery/ports.ts';
import type { Target } from '../../src/delivery/target-ports.ts';
import type { Waiting } from '../../src/delivery/work.ts';
import type { Trx } from '../../src/store/database.ts';
import { createFakeChannel } from '../support/fake-channel.ts';

const NOW = 1_800_000_000_000;
const APP = { key: 'app', perSecond: 50, burst: 10 };
const FULL = fullAppBucket(APP, NOW);
const EMPTY = takeFromApp(FULL, 10);

describe('the bucket of an app', () => {
  it('lets a burst through, then what a second allows, never above the burst', () => {
    expect(callsLeft(FULL)).toBe(10);
    expect(callsLeft(refillApp(EMPTY, APP, NOW + 19))).toBe(0);
    expect(callsLeft(refillApp(EMPTY, APP, NOW + 100))).toBe(5);
    expect(callsLeft(refillApp(EMPTY, APP, NOW + 60_000))).toBe(10);
  });

  it('never gives more than the burst and the rate, whatever order replicas with different clocks take in', () => {
    const takes = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 300 }), behind: fc.constantFrom(0, 0, 700, 3000) }),
      { minLength: 20, maxLength: 200 },
    );
    fc.assert(
      fc.property(takes, (steps) => {
        let bucket = FULL;
        let now = NOW;
        let calls = 0;
        for (const { gap, behind } of steps) {
          now += gap;
          bucket = refillApp(bucket, APP, now - behind);
          calls += callsLeft(bucket);
          bucket = takeFromApp(bucket, callsLeft(bucket));
        }
        expect(calls).toBeLessThanOrEqual(APP.burst + Math.ceil(((now - NOW) * APP.perSecond) / 1000));
      }),
    );
  });

  it('goes on when the clock has jumped back', () => {
    const jumped = refillApp(EMPTY, APP, NOW - 3_600_000);
    expect(callsLeft(refillApp(jumped, APP, NOW - 3_600_000 + 100))).toBe(5);
  });

  it('gains nothing during a pause and sets in gently after it', () => {
    const paused = { ...EMPTY, pausedUntil: NOW + 60_000 };
    expect(callsLeft(refillApp(paused, APP, NOW + 59_999))).toBe(0);
    expect(callsLeft(refillApp(refillApp(paused, APP, NOW + 30_000), APP, NOW + 60_040))).toBe(2);
    expect(shutUntil(refillApp(paused, APP, NOW + 1), APP)).toBe(NOW + 60_100);
  });

  it('is looked at again when there are tokens for a batch, at least for one call', () => {
    expect(shutUntil(EMPTY, APP)).toBe(NOW + 100);
    expect(shutUntil(EMPTY, { ...APP, perSecond: 2 })).toBe(NOW + 500);
    expect(shutUntil(EMPTY, { ...APP, burst: 1 })).toBe(NOW + 20);
  });
});

describe('the share of a round', () => {
  const target = (id: string, channel: string): Target => ({
    id,
    name: id,
    channel,
    address: id,
    state: 'ok',
    failures: 0,
  });
  const wish = (targetId: string, rank: number, since = 0): Waiting => ({
    targetId,
    kind: 'message',
    id: `${targetId}-${rank}-${since}`,
    rank,
    severity: 0,
    since,
  });
  const channels = new Map(
    [createFakeChannel({ name: 'free' }), createFakeChannel({ name: 'limited', appPacing: APP })].map(({ channel }) => [
      channel.name,
      channel,
    ]),
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only what the case is about
  const storeOf = (methods: Partial<DeliveryStore>) => methods as DeliveryStore;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- handed on, never used
  const trx = {} as Trx;

  it('asks the database nothing where no app is limited', async () => {
    const deps = { store: storeOf({}), channels, random: () => 0 };
    const shares = await openShares(trx, [target('a', 'free')], deps, NOW);
    const wishes = [wish('a', 50)];
    expect(grant(wishes, shares)).toEqual({ granted: wishes, short: new Set() });
    expect(await spendShares(trx, shares, ['a'], new Set(['a']), deps, NOW)).toEqual([]);
  });

  it('gives the app’s tokens to what is most urgent in all its lanes, and tells who waits for how long', async () => {
    const saved: unknown[] = [];
    const store = storeOf({
      lockAppBuckets: async () => [{ ...EMPTY, tokens: 2.5 }],
      saveAppBuckets: async (_trx, buckets) => void saved.push(...buckets),
    });
    const deps = { store, channels, random: () => 0 };
    const targets = [target('free', 'free'), target('a', 'limited'), target('b', 'limited')];
    const shares = await openShares(trx, targets, deps, NOW);
    const wishes = [wish('free', 50), wish('a', 50), wish('a', 30), wish('b', 0), wish('b', 40)];
    const { granted, short } = grant(wishes, shares);
    expect(granted.map(({ id }) => id)).toEqual(['free-50-0', 'b-0-0', 'a-30-0']);
    expect(short).toEqual(new Set(['a', 'b']));
    const shut = await spendShares(trx, shares, ['free', 'a', 'b'], short, deps, NOW);
    expect(saved).toEqual([{ ...EMPTY, tokens: 0.5 }]);
    expect(shut).toEqual([{ key: 'app', until: NOW + 90 }]);
  });

  it('is nothing, for a moment, while another replica takes from the bucket', async () => {
    const deps = { store: storeOf({ lockAppBuckets: async () => [] }), channels, random: () => 0 };
    const shares = await openShares(trx, [target('a', 'limited')], deps, NOW);
    const dry = dryLanes(shares);
    expect(dry).toEqual(new Set(['a']));
    expect(await spendShares(trx, shares, [], dry, deps, NOW)).toEqual([{ key: 'app', until: NOW + 10 }]);
  });
});
