import { InvalidConfig } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Database } from './database.ts';
import { openSqlite } from './sqlite/open.ts';

export interface OpenOptions {
  /** `sqlite:<path>` or `postgres://…`. */
  readonly url: string;
  /** Where the lock lives. */
  readonly dataDir: string;
  readonly log: Log;
  /** A command that works beside a running server: takes no lock and leaves its leases alone. */
  readonly beside?: boolean;
}

/**
 * Opens the database the address names. Throws `AlreadyRunning`, `StorageCorrupt` (with the way to restore),
 * `StorageUnavailable` (cannot be opened or reached) or `InvalidConfig` (an address of no known kind).
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const startedAt = performance.now();
  const database = await openKind(options);
  const ms = Math.round(performance.now() - startedAt);
  options.log.info({ action: 'database_open', engine: database.engine, ms }, 'database is open');
  return database;
}

async function openKind({ url, dataDir, log, beside = false }: OpenOptions): Promise<Database> {
  if (url.startsWith('sqlite:')) return openSqlite({ file: url.slice('sqlite:'.length), dataDir, beside, log });
  if (/^postgres(ql)?:/.test(url)) {
    const { openPostgres } = await import('./postgres/open.ts');
    return openPostgres(url);
  }
  throw new InvalidConfig('DATABASE_URL must be sqlite:<path> or postgres://…');
}
