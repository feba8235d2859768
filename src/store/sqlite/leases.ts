import { type Kysely, sql } from 'kysely';
import type { Tables } from '../schema.ts';

const LEASED = ['placements', 'outbox', 'due', 'targets'] as const;

/**
 * Lets every lease run out now. Only with the lock, which proves that nobody else lives: whoever held a lease is gone,
 * and waiting for its end would delay the first cards after a restart. The tokens stay, for they tell that a call was
 * under way when its process died.
 */
export async function endLeases(db: Kysely<Tables>): Promise<void> {
  const found = await sql<{ name: string }>`select name from sqlite_schema where type = 'table'`.execute(db);
  const present = new Set(found.rows.map(({ name }) => name));
  for (const table of LEASED.filter((name) => present.has(name))) {
    await db.updateTable(table).set({ lease_until: 0 }).where('lease_until', '>', 0).execute();
  }
}
