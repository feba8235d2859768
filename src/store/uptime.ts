import type { Interval } from '../incident/stale.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Handle, Write } from './database.ts';

/** After this long without a beat an interval counts as ended at its last beat. */
export const BEAT_MS = 5000;

/** A break in our own time: nobody who runs misses so many beats. */
const BREAK_MS = 12 * BEAT_MS;

/**
 * Since when this process accepts without a break. Who was suspended with its machine, or finds its clock set, was away
 * in between, and what was silent then was perhaps not silent. To be asked at least once a beat.
 */
export function createPresence(clock: Clock): () => EpochMs {
  let since = clock.now();
  let seenAt = since;
  return () => {
    const now = clock.now();
    if (Math.abs(now - seenAt) >= BREAK_MS) since = now;
    seenAt = now;
    return since;
  };
}

/** Keeps the record of when we were accepting: one row for each run without a break, extended by every beat. */
export function createUptime(write: Write, since: () => EpochMs) {
  return {
    beat: (now: EpochMs): Promise<void> =>
      write('job', async ({ db }) => {
        await db
          .insertInto('uptime')
          .values({ started_at: since(), until_at: now })
          .onConflict((conflict) => conflict.column('started_at').doUpdateSet({ until_at: now }))
          .execute();
      }),
  };
}

/** The latest beat of any process; 0 when there was none. */
export async function latestBeat({ db }: Handle): Promise<EpochMs> {
  const row = await db
    .selectFrom('uptime')
    .select(({ fn }) => fn.max('until_at').as('at'))
    .executeTakeFirst();
  return row?.at ?? 0;
}

/** When some process was accepting, as far as it reaches past `from`; oldest first, possibly overlapping. */
export async function acceptingSince({ db }: Handle, from: EpochMs): Promise<readonly Interval[]> {
  const rows = await db.selectFrom('uptime').selectAll().where('until_at', '>', from).orderBy('started_at').execute();
  return rows.map(({ started_at, until_at }) => ({ from: started_at, until: until_at }));
}
