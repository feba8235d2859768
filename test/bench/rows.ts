import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';

/** Reads single numbers from the database of a running server. */
export function openRows(folder: string) {
  const db = new Sqlite(join(folder, 'zhiban.db'), { readonly: true, timeout: 5000 });
  const number = (sql: string): number => Number(db.prepare(sql).pluck().get() ?? 0);
  return {
    number,
    /** Waits until `sql` gives 0. */
    settled: async (sql: string, timeoutMs: number): Promise<void> => {
      const deadline = performance.now() + timeoutMs;
      while (number(sql) > 0) {
        if (performance.now() > deadline) throw new Error(`not 0 within ${timeoutMs} ms: ${sql}`);
        await sleep(200);
      }
    },
    close: () => db.close(),
  };
}

/** Cards that are not yet as they should be. */
export const UNSHOWN =
  'select count(*) from placements where parked_reason is null and shown_revision < wanted_revision';
/** Incidents whose diagnosis is still to come. */
export const UNDIAGNOSED = "select count(*) from due where kind = 'diagnose'";
/** Closed incidents that cannot be found yet. */
export const UNINDEXED = "select count(*) from due where kind = 'index'";
