import { sql } from 'kysely';
import type { Handle } from './database.ts';

/** Takes `count` numbers of a counter, which starts at 1; resolves to the first. Gaps remain where a transaction fails. */
export async function nextNumbers({ db }: Handle, name: string, count: number): Promise<number> {
  const row = await db
    .insertInto('counters')
    .values({ name, value: count })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: sql`counters.value + excluded.value` }))
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value - count + 1;
}
