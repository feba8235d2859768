import type { Handle, Write } from './database.ts';

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

/** The fact as it is, or as `make` says when there was none; of two that make it at once, one is believed by both. */
export const readOrMakeFact = (write: Write, name: string, make: () => string): Promise<string> =>
  write('job', async ({ db, engine }) => {
    await db
      .insertInto('facts')
      .values({ name, value: make() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    return (await readFact({ db, engine }, name)) ?? '';
  });
