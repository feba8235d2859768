import type { Handle } from './database.ts';

/** A small fact of the process or a setting; `undefined` when nobody has set it. */
export async function readFact({ db }: Handle, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('facts').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

export async function writeFact({ db }: Handle, name: string, value: string): Promise<void> {
  await db
    .insertInto('facts')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
