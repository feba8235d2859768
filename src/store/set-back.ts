import { sql } from 'kysely';
import type { EpochMs } from '../types.ts';
import type { Trx } from './database.ts';

/** Times that waits, leases and restraint are counted by; what is told to people, and what they chose, stays as it is. */
const COUNTED = {
  placements: ['not_before', 'lease_until', 'shown_at', 'first_shown_at', 'rung_at'],
  targets: ['next_at', 'lease_until'],
  outbox: ['not_before', 'lease_until'],
  app_buckets: ['paused_until'],
  storms: ['calm_since'],
} as const;

/** Due-rows that are due by the calendar. */
const BY_CALENDAR = ['silence_end', 'usage_leaderboard'];

/**
 * The clock was set back by `byMs`: whatever was written by it and lies ahead is moved as far, or every card of a target
 * that just backed off would wait until the clock is there again. Of a due-row under way only the end tells its time.
 */
export async function moveTimes(trx: Trx, now: EpochMs, byMs: number): Promise<void> {
  for (const [table, columns] of Object.entries(COUNTED))
    for (const column of columns) await moved(trx, table, column, now, byMs); // oxlint-disable-line no-await-in-loop -- one connection
  const kinds = sql.join(BY_CALENDAR);
  await sql`
    update due set due_at = due_at - ${byMs}
    where due_at > ${now} and lease_token is null and kind not in (${kinds})`.execute(trx.db);
}

const moved = (trx: Trx, table: string, column: string, now: EpochMs, byMs: number) =>
  sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.ref(column)} - ${byMs}
    where ${sql.ref(column)} > ${now}`.execute(trx.db);
