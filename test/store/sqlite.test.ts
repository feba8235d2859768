import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidConfig, StorageUnavailable } from '../../src/errors.ts';
import { backup } from '../../src/store/backup.ts';
import type { Database } from '../../src/store/database.ts';
import { AlreadyRunning, StorageCorrupt } from '../../src/store/faults.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { insertMany } from '../../src/store/set-wise.ts';
import { SILENT } from '../support/engines.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-sqlite-'));
  file = join(folder, 'zhiban.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (more: { readonly beside?: boolean; readonly file?: string } = {}): Promise<Database> =>
  openDatabase({ url: `sqlite:${more.file ?? file}`, dataDir: folder, log: SILENT, beside: more.beside ?? false });

const pragma = async (database: Database, name: string): Promise<unknown> => {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(database.db);
  return Object.values(rows[0] ?? {})[0];
};

describe('opening SQLite', () => {
  it('sets what no alert may be lost without', async () => {
    const database = await open();
    expect(await pragma(database, 'journal_mode')).toBe('wal');
    expect(await pragma(database, 'synchronous')).toBe(2);
    expect(await pragma(database, 'busy_timeout')).toBe(5000);
    expect(await pragma(database, 'foreign_keys')).toBe(1);
    await database.close();
  });

  it('refuses a second opening of the same data folder, and allows one beside it and one after it', async () => {
    const first = await open();
    await expect(open()).rejects.toBeInstanceOf(AlreadyRunning);
    const beside = await open({ beside: true });
    await beside.close();
    await first.close();
    await (await open()).close();
  });

  it('refuses a file with a damaged header, says how to restore, and keeps the file', async () => {
    await (await open()).close();
    writeFileSync(file, Buffer.alloc(8192, 0x5a));
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(StorageCorrupt);
    await expect(opening).rejects.toThrow(`copy the latest file made by 'zhiban backup' to ${file}`);
    expect(readFileSync(file)).toEqual(Buffer.alloc(8192, 0x5a));
  });

  it('says that a folder cannot be written instead of what SQLite thinks of it', async () => {
    mkdirSync(file);
    await expect(open()).rejects.toBeInstanceOf(StorageUnavailable);
  });

  it('refuses an address of no known kind', async () => {
    const opening = openDatabase({ url: 'mysql://x', dataDir: folder, log: SILENT });
    await expect(opening).rejects.toBeInstanceOf(InvalidConfig);
  });

  it('ends the leases of whoever died, but not those of a server it works beside', async () => {
    const due = {
      kind: 'k',
      due_at: 1,
      payload: null,
      lease_token: 't',
      lease_until: 99,
      attempts: 1,
      last_error: null,
    };
    const first = await open();
    await migrate(first);
    await insertMany(first, 'due', [{ ...due, subject_id: 'x' }]);
    const leases = (database: Database) =>
      database.db.selectFrom('due').select(['lease_token', 'lease_until']).execute();
    const beside = await open({ beside: true });
    expect(await leases(beside)).toEqual([{ lease_token: 't', lease_until: 99 }]);
    await beside.close();
    await first.close();
    const second = await open();
    expect(await leases(second)).toEqual([{ lease_token: 't', lease_until: 0 }]);
    await second.close();
  });
});

describe('a transaction that SQLite itself rolled back', () => {
  it('lets nothing that follows run outside of it', async () => {
    const database = await open();
    await migrate(database);
    await sql`pragma max_page_count = 150`.execute(database.db);
    const filling = database.transaction(async (trx) => {
      await trx.insertInto('facts').values({ name: 'before', value: 'x' }).execute();
      await trx
        .insertInto('facts')
        .values({ name: 'too much', value: 'x'.repeat(9_000_000) })
        .execute()
        .catch(() => undefined);
      await trx.insertInto('facts').values({ name: 'after', value: 'x' }).execute();
    });
    await expect(filling).rejects.toThrow('rolled this transaction back');
    expect(await database.reader.selectFrom('facts').selectAll().execute()).toEqual([]);
    await database.close();
  });
});

describe('backup', () => {
  it('copies a database in use; the copy opens with every committed row', async () => {
    const database = await open();
    await migrate(database);
    await insertMany(
      database,
      'facts',
      Array.from({ length: 500 }, (_, at) => ({ name: `f${at}`, value: 'x'.repeat(100) })),
    );
    const copy = join(folder, 'backups', 'copy.db');
    mkdirSync(join(folder, 'backups'));
    await backup(database, copy);
    await insertMany(database, 'facts', [{ name: 'later', value: 'x' }]);
    await database.close();
    const restored = await open({ file: copy });
    expect(await restored.reader.selectFrom('facts').select('name').execute()).toHaveLength(500);
    expect(await migrate(restored)).toEqual([]);
    await restored.close();
  });

  it('replaces an older copy and leaves nothing of a failed one', async () => {
    const database = await open();
    await migrate(database);
    await backup(database, join(folder, 'copy'));
    await backup(database, join(folder, 'copy'));
    await expect(backup(database, join(folder, 'no', 'such', 'folder'))).rejects.toThrow(/no such file or directory/);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
    expect(existsSync(join(folder, 'no'))).toBe(false);
    await database.close();
  });

  it('names the tool for PostgreSQL', async () => {
    await expect(backup({}, '/backups/zhiban.dump')).rejects.toThrow('pg_dump');
  });
});
