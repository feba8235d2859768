import type { Interval } from '../../incident/stale.ts';
import type { EpochMs } from '../../types.ts';
import type { Handle } from '../database.ts';
import { acceptingSince as writtenSince } from '../uptime.ts';

/**
 * When we were accepting since `from`: this process from `startedAt` on without an end, and what earlier runs wrote
 * down. Asks the database only when `from` lies before this process.
 */
export async function acceptingIntervals(
  handle: Handle,
  from: EpochMs,
  startedAt: EpochMs,
): Promise<readonly Interval[]> {
  const present: Interval = { from: startedAt, until: Infinity };
  return from >= startedAt ? [present] : [...(await writtenSince(handle, from)), present];
}
