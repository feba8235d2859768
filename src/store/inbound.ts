import type { EpochMs } from '../types.ts';
import type { Handle } from './database.ts';

/**
 * Marks a message, event or press of a platform as taken in; false when it was already. In the transaction of what it
 * causes, so that both happen or neither.
 */
export async function takeInbound({ db }: Handle, source: string, key: string, now: EpochMs): Promise<boolean> {
  const taken = await db
    .insertInto('inbound')
    .values({ source, key, at: now, answer: null })
    .onConflict((conflict) => conflict.columns(['source', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Keeps what was answered (JSON), so that a repetition can be answered alike. */
export async function keepAnswer({ db }: Handle, source: string, key: string, answer: string): Promise<void> {
  await db.updateTable('inbound').set({ answer }).where('source', '=', source).where('key', '=', key).execute();
}

/** `undefined`: never seen. `answer` is absent while the first one is still at work, or had none. */
export async function readInbound(
  { db }: Handle,
  source: string,
  key: string,
): Promise<{ readonly at: EpochMs; readonly answer?: string } | undefined> {
  const row = await db
    .selectFrom('inbound')
    .select(['at', 'answer'])
    .where('source', '=', source)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && { at: row.at, ...(row.answer === null ? {} : { answer: row.answer }) };
}
