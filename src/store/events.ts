import type { NewEvent } from '../diagnose/accounting/ports.ts';
import type { Trx } from './database.ts';
import { rowId } from './ids.ts';

/** Stores that something happened, once for each dedupe key, however many tell of it. False: it was known. */
export async function recordEvent({ db }: Trx, { event, dedupeKey, data, at }: NewEvent): Promise<boolean> {
  const added = await db
    .insertInto('events')
    .values({ id: rowId(at), event, dedupe_key: dedupeKey, data: JSON.stringify(data), at })
    .onConflict((same) => same.column('dedupe_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}
