import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StorageUnavailable } from '../../src/errors.ts';
import { backup } from '../../src/store/backup.ts';
import type { Database } from '../../src/store/database.ts';
import { writeFact } from '../../src/store/facts.ts';
import { StorageLost, asStorageError } from '../../src/store/faults.ts';
import { createStorageHealth } from '../../src/store/health.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { startThread } from '../../src/store/sqlite/client.ts';
import type { Request } from '../../src/store/sqlite/protocol.ts';
import { createReader } from '../../src/store/sqlite/reader.ts';
import { SILENT } from '../support/engines.ts';
import { committerOn } from './writing.ts';

let folder: string;
let file: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-lost-'));
  file = join(folder, 'zhiban.db');
  database = await openDatabase({ url: `sqlite:${file}`, dataDir: folder, log: SILENT });
  await migrate(database);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a database thread cannot even read, so that it ends. */
const POISON = null as unknown as Request;

const ask = (sql: string) => ({ op: 'query', sql, parameters: [], transaction: 'none' }) as const;

/** Some seconds of native code, which nothing can interrupt. */
const SLOW =
  'with recursive c(x) as (select 1 union all select x + 1 from c where x < 30000000) select count(*) from c';

describe('a database thread that ends', () => {
  it('is a lost storage when it wrote', async () => {
    const writer = await startThread({ file, mode: 'writer' });
    await expect(writer.send(POISON)).rejects.toBeInstanceOf(StorageLost);
    await expect(writer.send(ask('select 1'))).rejects.toBeInstanceOf(StorageLost);
    expect(writer.lives()).toBe(false);
  });

  it('is replaced at the next use when it only read', async () => {
    const reader = createReader(file);
    expect((await reader.send(ask('select 1')))?.rows).toEqual([[1]]);
    const refused: unknown = await reader.send(POISON).catch((err: unknown) => err);
    expect(refused).toBeInstanceOf(StorageUnavailable);
    expect(refused).not.toBeInstanceOf(StorageLost);
    expect((await reader.send(ask('select 2')))?.rows).toEqual([[2]]);
    await reader.close();
  });

  it('is replaced when one statement keeps it too long, and nobody waits for that statement', async () => {
    const [reader, patient] = [createReader(file, 100), createReader(file, 120_000)];
    let ended = false;
    const waited = patient.send(ask(SLOW)).then(() => (ended = true));
    await expect(reader.send(ask(SLOW))).rejects.toThrow('longer than 100 ms');
    expect((await reader.send(ask('select 3')))?.rows).toEqual([[3]]);
    expect(ended, 'who waits for the statement waits longer').toBe(false);
    await waited;
    await reader.close();
    await patient.close();
  });
});

describe('health', () => {
  const failing = (): { told: number; health: ReturnType<typeof createStorageHealth> } => {
    const seen = { told: 0 };
    const onLost = (): void => void (seen.told += 1);
    return Object.assign(seen, { health: createStorageHealth({ clock: { now: Date.now }, log: SILENT, onLost }) });
  };

  it('tells once that the storage is lost, and never of an outage that passes', () => {
    const seen = failing();
    seen.health.failed(new StorageUnavailable('full'));
    expect(seen.told).toBe(0);
    seen.health.failed(new StorageLost('gone'));
    seen.health.failed(new StorageLost('gone'));
    expect(seen.told).toBe(1);
  });

  it('takes a failed sync for a lost storage and a full disk for an outage', () => {
    const failed = (code: string): unknown => asStorageError(Object.assign(new Error('disk I/O error'), { code }));
    expect(failed('SQLITE_IOERR_FSYNC')).toBeInstanceOf(StorageLost);
    expect(failed('SQLITE_IOERR_DIR_FSYNC')).toBeInstanceOf(StorageLost);
    expect(failed('SQLITE_IOERR_WRITE')).not.toBeInstanceOf(StorageLost);
    expect(failed('SQLITE_FULL')).not.toBeInstanceOf(StorageLost);
  });
});

describe('a write inside the work of a write', () => {
  it('is refused at once instead of waiting for itself', async () => {
    const { write, accept } = committerOn(database);
    const nested = write('job', async () => write('job', (trx) => writeFact(trx, 'inner', 'x')));
    await expect(nested).rejects.toThrow('inside the work of another');
    const arriving = write('job', async () => accept({ alerts: [], receivedAt: 1, digest: '', traceId: '' }));
    await expect(arriving).rejects.toThrow('inside the work of another');
    await write('job', (trx) => writeFact(trx, 'after', 'x'));
    expect(await database.reader.selectFrom('facts').select('name').where('name', '=', 'after').execute()).toHaveLength(
      1,
    );
  });
});

describe('a backup', () => {
  it('is readable by its owner alone', async () => {
    const to = join(folder, 'copy.db');
    await backup(database, to);
    expect(statSync(to).mode & 0o777).toBe(0o600);
  });
});
