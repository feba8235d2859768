import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { writeFact } from '../../src/store/facts.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { PASSIVE, createCheckpoints } from '../../src/store/sqlite/checkpoints.ts';
import { createLazyThread } from '../../src/store/sqlite/lazy-thread.ts';
import type { Answer } from '../../src/store/sqlite/protocol.ts';
import { createStatements } from '../../src/store/sqlite/statements.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { SILENT } from '../support/engines.ts';

const PAGE = 4096;
/** Frames beyond which a pass is asked for. */
const START = 8000;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-checkpoints-'));
  file = join(folder, 'zhiban.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const logBytes = (): number => statSync(`${file}-wal`).size;

/** Each value differs from the one before: a page that stays the same is not written. */
async function writeTo(database: Database, commits: number, bytes: number): Promise<void> {
  for (let at = 0; at < commits; at += 1) {
    const value = String.fromCharCode(97 + (at % 26)).repeat(bytes);
    await database.transaction((db) => writeFact({ db, engine: 'sqlite' }, `f${at % 5}`, value));
  }
}

async function leftOf({ db }: Database): Promise<number> {
  const { rows } = await sql<{ log: number; checkpointed: number }>`pragma wal_checkpoint(NOOP)`.execute(db);
  return (rows[0]?.log ?? Number.NaN) - (rows[0]?.checkpointed ?? 0);
}

describe('a database that is written to steadily', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openDatabase({ url: `sqlite:${file}`, dataDir: folder, log: SILENT });
    await migrate(database);
  });
  afterEach(() => database.close());

  const write = (commits: number, bytes: number) => writeTo(database, commits, bytes);
  const left = () => leftOf(database);

  it.each([
    ['small', 4000, 40_000],
    ['large', 40, 6_000_000],
  ])('has a bounded log with %s commits', async (_, commits, bytes) => {
    await write(commits, bytes);
    expect(commits * bytes).toBeGreaterThan(4 * START * PAGE);
    expect(logBytes()).toBeLessThan(3 * START * PAGE);
  });

  it('lets a slow reader see what it saw, and has a short log again after it', async () => {
    await database.reader.transaction().execute(async (trx) => {
      const count = () => sql<{ n: number }>`select count(*) n from facts`.execute(trx);
      const [before] = (await count()).rows;
      await write(60, 1_000_000);
      expect((await count()).rows).toEqual([before]);
      expect(await left()).toBeGreaterThan(START);
    });
    await write(60, 1_000_000);
    await expect.poll(left).toBeLessThan(START);
  });

  it('ends while a pass is under way, and leaves no log', async () => {
    await write(34, 1_000_000);
    await database.close();
    expect(() => logBytes()).toThrow('ENOENT');
  });
});

describe('a checkpointer that cannot start', () => {
  const lines: { readonly level: string; readonly action: string; readonly reason: string }[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  const told = () => lines.filter(({ action }) => action === 'checkpoint_failed');

  it('is told of once; the writer goes on, and another works as soon as it can', async () => {
    // The writer has the file open; who opens it by its name finds something else there for a while.
    const name = join(folder, 'name.db');
    symlinkSync(file, name);
    const database = await openDatabase({ url: `sqlite:${name}`, dataDir: folder, log: createLog('info', [], sink) });
    await migrate(database);
    rmSync(name);
    mkdirSync(name);
    await writeTo(database, 80, 1_000_000);
    await expect.poll(told).toMatchObject([{ level: 'warn', reason: expect.stringMatching(/unable to open/) }]);
    expect(await leftOf(database)).toBeGreaterThan(2 * START);
    rmSync(name, { recursive: true });
    symlinkSync(file, name);
    await writeTo(database, 20, 1_000_000);
    await expect.poll(() => leftOf(database)).toBeLessThan(START);
    await database.close();
    expect(told()).toHaveLength(1);
  });
});

describe('a thread that starts when it is needed', () => {
  it('is replaced when it has ended, and that is told once', async () => {
    new Sqlite(file).exec('create table t (a); pragma journal_mode = wal').close();
    let replaced = 0;
    const thread = createLazyThread(
      { file, mode: 'checkpointer' },
      { answerMs: 300, replaced: () => void (replaced += 1) },
    );
    const ask = (query: string) => thread.send({ op: 'query', sql: query, parameters: [], transaction: 'none' });
    await ask(PASSIVE);
    const long = 'with recursive n(x) as (select 1 union all select x + 1 from n limit 20000000) select max(x) from n';
    await expect(ask(long)).rejects.toThrow('took longer');
    expect(replaced).toBe(0);
    await ask(PASSIVE);
    await ask(PASSIVE);
    expect(replaced).toBe(1);
    await thread.close();
  });
});

describe('passes of another thread', () => {
  const openTwo = (pass: (run: () => Answer) => Promise<Answer>) => {
    const [mine, other] = [new Sqlite(file), new Sqlite(file)];
    mine.exec('pragma journal_mode = wal; pragma synchronous = off; pragma wal_autocheckpoint = 0');
    mine.exec('create table facts (name text primary key, value text)');
    const [statements, beside] = [createStatements(mine), createStatements(other)];
    const failures: unknown[] = [];
    const checkpoint = createCheckpoints({
      statements,
      pass: () => pass(() => beside.run(PASSIVE, [])),
      failed: (err) => void failures.push(err),
    });
    const commit = async (at: number): Promise<void> => {
      statements.run('insert or replace into facts values (?, ?)', [`f${at % 5}`, 'x'.repeat(1_000_000)]);
      await checkpoint();
    };
    return { mine, other, commit, failures };
  };
  const close = ({ mine, other }: { readonly mine: Sqlite.Database; readonly other: Sqlite.Database }): void => {
    other.close();
    mine.close();
  };

  it('may all fail: the writer does it at last, and the failures are told', async () => {
    const two = openTwo(() => Promise.reject(new Error('gone')));
    for (let at = 0; at < 300; at += 1) await two.commit(at);
    expect(logBytes()).toBeLessThan(36_000 * PAGE);
    expect(two.failures.length).toBeGreaterThan(2);
    close(two);
  });

  it('are not asked for without end when as much is written meanwhile: the writer finishes, and the log starts anew', async () => {
    const written = { commits: 0 };
    const two = openTwo(async (run) => {
      // A pass brings in what was there when it began, as one beside a reader of that moment does.
      reader.exec('begin');
      reader.prepare('select count(*) from facts').get();
      const until = Math.min(written.commits + 40, 250);
      while (written.commits < until) await setImmediate();
      const answer = run();
      reader.exec('commit');
      return answer;
    });
    const reader = new Sqlite(file);
    for (; written.commits < 250; written.commits += 1) {
      await two.commit(written.commits);
      await setImmediate();
    }
    // Some 62,000 frames were written.
    expect(logBytes()).toBeLessThan(4 * START * PAGE);
    reader.close();
    close(two);
  });

  it('are waited for when the disk takes more than they bring in', async () => {
    let passes = 0;
    const two = openTwo(async (run) => {
      passes += 1;
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return run();
    });
    for (let at = 0; at < 300; at += 1) await two.commit(at);
    expect(logBytes()).toBeLessThan(60_000 * PAGE);
    expect(passes).toBeLessThan(4);
    close(two);
  });
});
