import type { AppPacing, Channel } from '../channels/channel.ts';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { callsLeft, fullAppBucket, refillApp, shutUntil, takeFromApp } from './app-pacing.ts';
import { pickFirst } from './ordering.ts';
import type { DeliveryDeps } from './ports.ts';
import type { AppBucket, Target } from './target-ports.ts';
import type { Waiting } from './work.ts';

/** One app in one round: its lanes, and what they may take together. */
export interface Share {
  readonly pacing: AppPacing;
  readonly lanes: ReadonlySet<string>;
  /** As it is now; absent while another replica takes from it. */
  readonly bucket?: AppBucket;
}

/** An app without a token: its lanes wait until then. */
export interface Shut {
  readonly key: string;
  readonly until: EpochMs;
}

/** How long another replica's taking lasts, ms: its transaction. */
const BUSY_MS = 10;
/** Replicas that wait alike must not come back in the same order for ever: up to this share of the wait, and ms. */
const JITTER = 0.25;
const MOST_JITTER_MS = 25;

/** The channels whose apps limit what their targets take together. */
export const limitedChannels = (channels: ReadonlyMap<string, Channel>): ReadonlySet<string> =>
  new Set([...channels.values()].filter(({ appPacing }) => appPacing !== undefined).map(({ name }) => name));

/** The limited apps of these targets. Asks the database nothing where there is none. */
export async function openShares(
  trx: Trx,
  targets: readonly Target[],
  { store, channels }: Pick<DeliveryDeps, 'store' | 'channels'>,
  now: EpochMs,
): Promise<readonly Share[]> {
  const pacingOf = ({ channel }: Target) => channels.get(channel)?.appPacing;
  const pacings = new Map(targets.flatMap((target) => pacingOf(target) ?? []).map((pacing) => [pacing.key, pacing]));
  if (pacings.size === 0) return [];
  const fresh = [...pacings.values()].map((pacing) => fullAppBucket(pacing, now));
  const stored = new Map((await store.lockAppBuckets(trx, fresh)).map((bucket) => [bucket.key, bucket]));
  return [...pacings].map(([key, pacing]) => {
    const lanes = new Set(targets.filter((target) => pacingOf(target)?.key === key).map(({ id }) => id));
    const bucket = stored.get(key);
    return { pacing, lanes, ...(bucket && { bucket: refillApp(bucket, pacing, now) }) };
  });
}

const callsOf = ({ bucket }: Share): number => (bucket === undefined ? 0 : callsLeft(bucket));

/** Lanes that may not call at all now. */
export const dryLanes = (shares: readonly Share[]): ReadonlySet<string> =>
  new Set(shares.filter((share) => callsOf(share) === 0).flatMap(({ lanes }) => [...lanes]));

/** Of what lanes would do, as much as their apps have tokens for, most urgent first; `short`: lanes that got less. */
export function grant(wishes: readonly Waiting[], shares: readonly Share[]) {
  if (shares.length === 0) return { granted: wishes, short: new Set<string>() };
  const limited = new Set(shares.flatMap(({ lanes }) => [...lanes]));
  const granted = new Set(wishes.filter(({ targetId }) => !limited.has(targetId)));
  for (const share of shares) {
    const own = wishes.filter(({ targetId }) => share.lanes.has(targetId));
    for (const wish of pickFirst(own, callsOf(share))) granted.add(wish);
  }
  const short = new Set(wishes.filter((wish) => !granted.has(wish)).map(({ targetId }) => targetId));
  return { granted: [...granted], short };
}

/** Takes a token for each call, by target, and tells how long the apps are shut whose lanes are `short` of one. */
export async function spendShares(
  trx: Trx,
  shares: readonly Share[],
  calls: readonly string[],
  short: ReadonlySet<string>,
  { store, random }: Pick<DeliveryDeps, 'store' | 'random'>,
  now: EpochMs,
): Promise<readonly Shut[]> {
  const taken: AppBucket[] = [];
  const shut: Shut[] = [];
  for (const { pacing, lanes, bucket } of shares) {
    const count = calls.filter((id) => lanes.has(id)).length;
    const left = bucket && takeFromApp(bucket, count);
    if (left !== undefined && count > 0) taken.push(left);
    if (![...lanes].some((id) => short.has(id))) continue;
    const until = left === undefined ? now + BUSY_MS : shutUntil(left, pacing);
    const jitter = Math.min(MOST_JITTER_MS, (until - now) * JITTER) * random();
    shut.push({ key: pacing.key, until: Math.ceil(until + jitter) });
  }
  if (taken.length > 0) await store.saveAppBuckets(trx, taken);
  return shut;
}
