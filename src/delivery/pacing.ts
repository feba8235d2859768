import type { Pacing } from '../channels/channel.ts';
import type { EpochMs } from '../types.ts';

/** How many calls a target may still take; refilled by time, never above the burst. */
export interface Bucket {
  readonly tokens: number;
  readonly at: EpochMs;
}

export const fullBucket = (pacing: Pacing, now: EpochMs): Bucket => ({ tokens: pacing.burst, at: now });

/** The bucket as it is now. A clock that jumped back refills nothing and takes nothing. */
export function refill(bucket: Bucket, pacing: Pacing, now: EpochMs): Bucket {
  const elapsed = Math.max(0, now - bucket.at);
  return { tokens: Math.min(pacing.burst, bucket.tokens + (elapsed * pacing.perMinute) / 60_000), at: now };
}

export const take = (bucket: Bucket, calls: number): Bucket => ({ ...bucket, tokens: bucket.tokens - calls });

/** Milliseconds until a whole token is there, 0 when one is. */
export function untilToken(bucket: Bucket, pacing: Pacing): number {
  if (bucket.tokens >= 1) return 0;
  return Math.ceil(((1 - bucket.tokens) * 60_000) / pacing.perMinute);
}

/** The channel's pacing where the target's own row names nothing else; nonsense in the row is ignored. */
export function pacingOf(channel: Pacing, own: Readonly<Record<string, unknown>> | undefined): Pacing {
  const pick = (name: keyof Pacing, least: number): number => {
    const value = own?.[name];
    return typeof value === 'number' && Number.isFinite(value) && value >= least ? value : channel[name];
  };
  return { perMinute: pick('perMinute', 0.1), burst: pick('burst', 1), concurrency: pick('concurrency', 1) };
}
