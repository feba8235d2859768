import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import type { Database, Engine } from '../../src/store/database.ts';
import { insertMany, jsonRows, textList, updateMany, upsertMany } from '../../src/store/set-wise.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';

describeEngines('the database', (engine: Engine) => {
  let opened: Opened;
  let database: Database;
  beforeAll(async () => {
    opened = await openEngine(engine);
    database = opened.database;
  });
  afterAll(() => opened.close());
  const values = async () => {
    const rows = await database.reader.selectFrom('counters').selectAll().orderBy('name').execute();
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  };

  it('rolls a failed transaction back as a whole', async () => {
    const failed = database.transaction(async (trx) => {
      await trx.insertInto('facts').values({ name: 'half', value: 'x' }).execute();
      throw new Error('after the first half');
    });
    await expect(failed).rejects.toThrow('after the first half');
    expect(await database.reader.selectFrom('facts').selectAll().where('name', '=', 'half').execute()).toEqual([]);
  });

  it('answers what a transaction asks all at once, in the order asked', async () => {
    const asked = await database.transaction(async (trx) => {
      const add = (name: string) => trx.insertInto('facts').values({ name, value: 'at once' }).execute();
      const count = () =>
        trx
          .selectFrom('facts')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .where('value', '=', 'at once')
          .executeTakeFirstOrThrow();
      const [, one, , two] = await Promise.all([add('first asked'), count(), add('second asked'), count()]);
      return [one.n, two.n];
    });
    expect(asked).toEqual([1, 2]);
  });

  it('keeps nothing of what was asked at once when one of it fails', async () => {
    const failed = database.transaction((trx) =>
      Promise.all([
        trx.insertInto('facts').values({ name: 'before', value: 'beside' }).execute(),
        sql`select * from no_such_table`.execute(trx),
        trx.insertInto('facts').values({ name: 'behind', value: 'beside' }).execute(),
      ]),
    );
    await expect(failed).rejects.toThrow('no_such_table');
    expect(await database.reader.selectFrom('facts').selectAll().where('value', '=', 'beside').execute()).toEqual([]);
  });

  it('keeps working after a statement that fails', async () => {
    await expect(sql`select * from no_such_table`.execute(database.db)).rejects.toThrow('no_such_table');
    expect((await sql<{ one: number }>`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
  });

  it('returns bigint columns, counts and sums as numbers', async () => {
    await insertMany(database, 'counters', [
      { name: 'big', value: 1_763_769_600_123 },
      { name: 'small', value: 2 },
    ]);
    const row = await database.db
      .selectFrom('counters')
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number>('value').as('sum')])
      .where('name', 'in', textList(database, ['big', 'small']))
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ count: 2, sum: 1_763_769_600_125 });
    await database.db.deleteFrom('counters').execute();
  });

  it('keeps floating point columns exact to the digit', async () => {
    const diagnosis = {
      id: 'd1',
      incident_id: 'INC-1',
      status: 'ready',
      provider: 'rules',
      prompt_version: '1',
      family: 'f',
      summary: '内存 "不足" \\ 🙂',
      causes: '[{"a":1}]',
      steps: '[]',
      evidence: '[]',
      confidence: 0.62,
      created_at: 1,
      decided_at: null,
      decided_by: null,
      reject_reason: null,
    };
    await insertMany(database, 'diagnoses', [diagnosis]);
    const stored = await database.reader.selectFrom('diagnoses').selectAll().executeTakeFirstOrThrow();
    expect(stored).toMatchObject(diagnosis);
  });

  it('inserts, upserts and updates many rows with one statement each', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => ({ name: `n${at}`, value: at }));
    expect(await insertMany(database, 'counters', rows)).toBe(300);
    expect(await insertMany(database, 'counters', rows.slice(0, 5), { ignoreConflicts: true })).toBe(0);
    await upsertMany(
      database,
      'counters',
      ['name'],
      ['value'],
      [
        { name: 'n0', value: -1 },
        { name: 'new', value: 7 },
      ],
    );
    const changed = await updateMany(
      database,
      'counters',
      ['name'],
      ['value'],
      [
        { name: 'n1', value: -2 },
        { name: 'absent', value: 1 },
      ],
    );
    expect(changed).toBe(1);
    expect(await values()).toMatchObject({ n0: -1, n1: -2, n2: 2, new: 7 });
    expect(await insertMany(database, 'counters', [])).toBe(0);
  });

  it('writes all rows of a statement or none', async () => {
    const rows = [
      { name: 'one', value: '1' },
      { name: 'two', value: '2' },
      { name: 'one', value: 'again' },
    ];
    await expect(insertMany(database, 'facts', rows)).rejects.toThrow(/unique/i);
    expect(
      await database.reader.selectFrom('facts').select('name').where('name', 'in', ['one', 'two']).execute(),
    ).toEqual([]);
    expect(await insertMany(database, 'facts', rows.slice(0, 2))).toBe(2);
  });

  it('joins rows given as one parameter', async () => {
    await upsertMany(database, 'counters', ['name'], ['value'], [{ name: 'joined', value: 5 }]);
    const given = jsonRows(
      database,
      [
        { name: 'joined', extra: 2 },
        { name: 'gone', extra: null },
      ],
      {
        name: 'text',
        extra: 'bigint',
      },
    );
    const { rows } = await sql`
      select r.name, c.value + r.extra as sum from ${given} as r left join counters as c on c.name = r.name order by r.name
    `.execute(database.db);
    expect(rows).toEqual([
      { name: 'gone', sum: null },
      { name: 'joined', sum: 7 },
    ]);
  });

  it('refuses to write through the reader', async () => {
    await expect(database.reader.insertInto('facts').values({ name: 'r', value: 'x' }).execute()).rejects.toThrow(
      /read-?only/i,
    );
  });

  it('says so when the outer database is used inside a transaction, instead of waiting for ever', async () => {
    const nested = database.transaction(() => database.db.selectFrom('facts').selectAll().execute());
    await expect(nested).rejects.toThrow('outer database was used inside a transaction');
    expect(await database.db.selectFrom('facts').select('name').where('name', '=', 'x').execute()).toEqual([]);
  });

  it('lets what a transaction left running use the database afterwards', async () => {
    let later: Promise<unknown> | undefined;
    await database.transaction(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 30)).then(() =>
        database.db.selectFrom('facts').select('name').execute(),
      );
    });
    await expect(later).resolves.toBeDefined();
  });

  it('runs transactions one after the other when many start at once', async () => {
    await upsertMany(database, 'counters', ['name'], ['value'], [{ name: 'sum', value: 0 }]);
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.transaction((trx) =>
          trx
            .updateTable('counters')
            .set({ value: sql`value + 1` })
            .where('name', '=', 'sum')
            .execute(),
        ),
      ),
    );
    expect(await values()).toMatchObject({ sum: 20 });
  });
});
