import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StorageUnavailable, codeOf } from '../../src/errors.ts';
import { writeFact } from '../../src/store/facts.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { type Opened, SILENT, missing, openEmpty, openEngine } from '../support/engines.ts';
import { committerOn } from './writing.ts';

const reason = missing('postgres');

describe.skipIf(reason !== undefined)(`PostgreSQL${reason === undefined ? '' : ` (${reason})`}`, () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openEngine('postgres');
  });
  afterAll(() => opened.close());
  const committer = () => committerOn(opened.database);
  const terminateAll = async (): Promise<void> => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(opened.database.reader);
  };

  it('says who cannot be reached, without the password', async () => {
    const opening = openDatabase({ url: 'postgres://zhiban:s3cret@127.0.0.1:1/none', dataDir: '/tmp', log: SILENT });
    await expect(opening).rejects.toBeInstanceOf(StorageUnavailable);
    await expect(opening).rejects.toThrow(/^(?!.*s3cret).*127\.0\.0\.1:1/);
  });

  it('works on after all idle connections were cut', async () => {
    const { write } = committer();
    await write('job', (trx) => writeFact(trx, 'a', '1'));
    await terminateAll();
    // The pool may not yet have heard of it: one refusal is allowed, a second is not.
    const first = await write('job', (trx) => writeFact(trx, 'a', '2')).catch((err: unknown) => err);
    expect([undefined, 'storage_unavailable']).toContain(first === undefined ? first : codeOf(first));
    await write('job', (trx) => writeFact(trx, 'a', '3'));
    expect(await opened.database.reader.selectFrom('facts').select('value').execute()).toEqual([{ value: '3' }]);
  });

  it('refuses what was under way when its connection was cut, stores nothing of it, and works on', async () => {
    const { write } = committer();
    const cut = write('ingest', async (trx) => {
      await writeFact(trx, 'cut', '1');
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx.db);
    });
    await expect(cut).rejects.toBeInstanceOf(StorageUnavailable);
    await write('ingest', (trx) => writeFact(trx, 'next', '1'));
    const rows = await opened.database.reader
      .selectFrom('facts')
      .select('name')
      .where('name', 'in', ['cut', 'next'])
      .execute();
    expect(rows).toEqual([{ name: 'next' }]);
  });

  it('runs the loser of a deadlock again', async () => {
    const [one, two] = [committer(), committer()];
    const order: string[] = [];
    const meeting = Promise.withResolvers<void>();
    let arrived = 0;
    const work = (name: string, first: string, second: string) => async (trx: Parameters<typeof writeFact>[0]) => {
      order.push(name);
      await writeFact(trx, first, name);
      arrived += 1;
      if (arrived === 2) meeting.resolve();
      await meeting.promise;
      await writeFact(trx, second, name);
    };
    await Promise.all([
      one.write('ingest', work('one', 'left', 'right')),
      two.write('ingest', work('two', 'right', 'left')),
    ]);
    expect(order).toHaveLength(3);
  });

  it('migrates once when two replicas start in the same instant', async () => {
    const empty = await openEmpty('postgres');
    const second = await openDatabase({ url: empty.url, dataDir: empty.dataDir, log: SILENT });
    const [a, b] = await Promise.all([migrate(empty.database), migrate(second)]);
    expect(new Set([...a, ...b]).size).toBe(a.length + b.length);
    expect([...a, ...b]).toContain('0001_initial.sql');
    await second.close();
    await empty.close();
  });
});
