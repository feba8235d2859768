import { type RawBuilder, sql } from 'kysely';
import type { StormRow } from '../../delivery/storm-ports.ts';
import type { EpochMs } from '../../types.ts';
import type { Handle } from '../database.ts';

const MINUTE_MS = 60_000;

// Only whether a limit is reached matters, so nothing here counts beyond it.

/** Incidents that came to the storm's target in the last minute: those that joined, and those that got their own card. */
export async function stormRate(handle: Handle, storm: StormRow, upTo: number, now: EpochMs): Promise<number> {
  const since = now - MINUTE_MS;
  const joined = sql`select 1 from storm_members where storm_id = ${storm.id} and joined_at > ${since}`;
  const own = await rows(handle, shown(storm.targetId, since), upTo);
  return own < upTo ? Math.min(upTo, own + (await rows(handle, joined, upTo))) : own;
}

export const criticalsLastMinute = (handle: Handle, targetId: string, upTo: number, now: EpochMs): Promise<number> =>
  rows(handle, sql`${shown(targetId, now - MINUTE_MS)} and priority = 0`, upTo);

export const releasedLastMinute = (handle: Handle, stormId: string, upTo: number, now: EpochMs): Promise<number> =>
  rows(handle, sql`select 1 from storm_members where storm_id = ${stormId} and released_at > ${now - MINUTE_MS}`, upTo);

const shown = (targetId: string, since: EpochMs) => sql`
  select 1 from placements where target_id = ${targetId} and first_shown_at > ${since} and kind = 'incident'`;

async function rows({ db }: Handle, query: RawBuilder<unknown>, upTo: number): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*) as n from (${query} limit ${upTo}) as counted`.execute(db);
  return found.rows[0]?.n ?? 0;
}
