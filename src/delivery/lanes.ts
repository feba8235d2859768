import type { Channel, Pacing } from '../channels/channel.ts';
import type { EpochMs } from '../types.ts';
import { type Bucket, fullBucket, pacingOf, refill, take, untilToken } from './pacing.ts';
import type { Target } from './target-ports.ts';

/** One target as this process serves it: what it may take now, and what is under way. */
export interface Lane {
  target: Target;
  channel: Channel;
  pacing: Pacing;
  bucket: Bucket;
  /** No call before this. */
  pausedUntil: EpochMs;
  /** Something was due that found no room: look again as soon as there is some. */
  crowded: boolean;
  /** Keys of placements and messages whose result is not written yet. */
  readonly inFlight: Map<string, Promise<void>>;
}

/** The lanes this process holds. A lane is remembered as long as the process lives, so that its bucket is. */
export function createLanes() {
  const lanes = new Map<string, Lane>();

  function open(target: Target, channel: Channel, now: EpochMs): Lane {
    const pacing = lanePacing(channel, target);
    const known = lanes.get(target.id);
    if (known !== undefined) return Object.assign(known, { target, channel, pacing });
    const lane: Lane = {
      target,
      channel,
      pacing,
      bucket: fullBucket(pacing, now),
      pausedUntil: 0,
      crowded: false,
      inFlight: new Map(),
    };
    lanes.set(target.id, lane);
    return lane;
  }

  return {
    open,
    get: (id: string) => lanes.get(id),
    all: () => [...lanes.values()],
  };
}

export type Lanes = ReturnType<typeof createLanes>;

/** Without any key a crash repeats every first post under way: one at a time means one card too many at most. */
export function lanePacing(channel: Channel, target: Target): Pacing {
  const pacing = pacingOf(channel.pacing, target.pacing);
  return channel.idempotency === 'none' ? { ...pacing, concurrency: 1 } : pacing;
}

/** How many calls may start now. A failing target is tried with one at a time. */
export function slotsOf(lane: Lane, now: EpochMs): number {
  if (lane.pausedUntil > now) return 0;
  const atOnce = lane.target.failures > 0 ? 1 : lane.pacing.concurrency;
  const tokens = Math.floor(refill(lane.bucket, lane.pacing, now).tokens);
  return Math.max(0, Math.min(atOnce - lane.inFlight.size, tokens));
}

export function spend(lane: Lane, calls: number, now: EpochMs): void {
  lane.bucket = take(refill(lane.bucket, lane.pacing, now), calls);
}

/** When a lane that had no room may have some, in ms from now; undefined while calls under way decide that. */
export function roomIn(lane: Lane, now: EpochMs): number | undefined {
  if (lane.pausedUntil > now) return lane.pausedUntil - now;
  const tokens = untilToken(refill(lane.bucket, lane.pacing, now), lane.pacing);
  return tokens > 0 ? tokens : undefined;
}
