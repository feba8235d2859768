import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Kysely } from 'kysely';
import type { Log } from '../../telemetry/log.ts';
import type { Database } from '../database.ts';
import { AlreadyRunning, StorageCorrupt } from '../faults.ts';
import { createGuard } from '../guard.ts';
import type { Tables } from '../schema.ts';
import { startThread } from './client.ts';
import { type Connection, createConnection, createSqliteDialect } from './dialect.ts';
import { endLeases } from './leases.ts';
import type { Notice } from './protocol.ts';
import { createReader } from './reader.ts';

export interface SqliteOptions {
  readonly file: string;
  readonly dataDir: string;
  /** Without the lock, next to a server that holds it. */
  readonly beside: boolean;
  readonly log: Log;
}

/** Opens (or makes) a SQLite file: one thread writes, another, started at its first use, reads. */
export async function openSqlite({ file: path, dataDir, beside, log }: SqliteOptions): Promise<Database> {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  mkdirSync(dataDir, { recursive: true });
  const lockFile = join(resolve(dataDir), 'zhiban.lock');
  const options = { file, mode: 'writer', ...(beside ? {} : { lockFile }) } as const;
  const notice = ({ notice: action, reason }: Notice): void =>
    log.warn({ action, reason }, 'a checkpoint beside the writer failed; the writer goes on, and it is tried again');
  const writer = await startThread(options, { notice }).catch(explain(file, dataDir));
  const guard = createGuard();
  const connection = createConnection(writer);
  const db = kysely(async () => connection, guard.refuseInside);
  if (!beside) await endLeases(db);
  const reader = kysely(async () => createConnection(createReader(file)), guard.refuseInside);
  return {
    engine: 'sqlite',
    file,
    db,
    reader,
    acceptNear: (setup, clock) => ({
      acceptBatch: async (trx, arrivals) => {
        const { accepted, hints } = await connection.accept(setup(), arrivals, clock.now());
        for (const hint of hints) trx.hint(hint);
        return accepted;
      },
      acceptAlone: (arrivals) => connection.acceptAlone(setup(), arrivals, clock.now()),
    }),
    transaction: (work) => db.transaction().execute((trx) => guard.inside(() => work(trx))),
    close: async () => {
      await reader.destroy();
      await db.destroy();
      await writer.close();
    },
  };
}

/** Only for reading, in a thread of its own that starts at the first query; writes nothing into the file. */
export const openSqliteReader = (file: string): Kysely<Tables> =>
  kysely(
    () => openReader(file),
    () => undefined,
  );

const openReader = async (file: string): Promise<Connection> =>
  createConnection(await startThread({ file, mode: 'reader' }));

const kysely = (open: () => Promise<Connection>, acquired: () => void) =>
  new Kysely<Tables>({ dialect: createSqliteDialect(open, acquired) });

const explain =
  (file: string, dataDir: string) =>
  (cause: unknown): never => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'LOCKED_BY_ANOTHER') {
      throw new AlreadyRunning(
        `Another Zhiban is running on ${dataDir}. Stop it first, or give this one a DATA_DIR of its own.`,
        { cause },
      );
    }
    if (cause instanceof StorageCorrupt) {
      throw new StorageCorrupt(
        `${file} is damaged and was left as it is (${cause.message}) ` +
          `To restore: move it away together with its -wal and -shm files, copy the latest file made by ` +
          `'zhiban backup' to ${file}, and start again.`,
        { cause },
      );
    }
    throw cause;
  };
