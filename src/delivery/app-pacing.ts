import type { AppPacing } from '../channels/channel.ts';
import type { EpochMs } from '../types.ts';
import type { AppBucket } from './target-ports.ts';

/** Clocks of replicas differ by less. A bucket from further ahead was written by a clock that has jumped back since. */
const SKEW_MS = 5000;
/** Lanes that found no token are let in together this often, so that the most urgent of them goes first. */
const BATCH_MS = 100;

export const fullAppBucket = ({ key, burst }: AppPacing, now: EpochMs): AppBucket => ({
  key,
  tokens: burst,
  at: now,
  pausedUntil: 0,
});

/**
 * The bucket as it is now. Time counts once, however far the clocks of those who take from it are apart; what a pause
 * lasted does not count at all, so that calls set in gently after it.
 */
export function refillApp(bucket: AppBucket, { perSecond, burst }: AppPacing, now: EpochMs): AppBucket {
  const at = bucket.at - now > SKEW_MS ? now : bucket.at;
  const earned = (Math.max(0, now - Math.max(at, bucket.pausedUntil)) * perSecond) / 1000;
  return { ...bucket, tokens: Math.min(burst, bucket.tokens + earned), at: Math.max(at, now) };
}

/** Whole tokens in a refilled bucket. */
export const callsLeft = ({ tokens }: AppBucket): number => Math.max(0, Math.floor(tokens));

export const takeFromApp = (bucket: AppBucket, calls: number): AppBucket => ({
  ...bucket,
  tokens: bucket.tokens - calls,
});

/** When looking again at a refilled bucket that gave all it had is worth a transaction: tokens for a batch, at least one. */
export function shutUntil(bucket: AppBucket, { perSecond, burst }: AppPacing): EpochMs {
  const batch = Math.min(burst, Math.max(1, (perSecond * BATCH_MS) / 1000));
  return Math.max(bucket.at, bucket.pausedUntil) + Math.ceil((Math.max(0, batch - bucket.tokens) * 1000) / perSecond);
}
