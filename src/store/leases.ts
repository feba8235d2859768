import type { Handle } from './database.ts';

/**
 * Ends every lease. Only for a SQLite file just opened with its lock, which proves that nobody else lives: whoever held
 * a lease is gone, and waiting for its end would delay the first cards after a restart.
 */
export async function clearLeases({ db }: Handle): Promise<void> {
  const free = { lease_token: null, lease_until: 0 };
  for (const table of ['placements', 'outbox', 'due', 'targets'] as const) {
    await db.updateTable(table).set(free).where('lease_token', 'is not', null).execute();
  }
}
