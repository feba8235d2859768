import { Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Database } from '../database.ts';
import { createGuard } from '../guard.ts';
import type { Tables } from '../schema.ts';
import { createPostgresDialect } from './dialect.ts';

/** Opens pools for writing and for reading. Rejects with `StorageUnavailable` when the server cannot be reached. */
export async function openPostgres(url: string): Promise<Database> {
  const guard = createGuard();
  const db = kysely(url, { name: 'zhiban', size: 4, statementMs: 30_000, readOnly: false }, guard.refuseInside);
  const reader = kysely(
    url,
    { name: 'zhiban reader', size: 3, statementMs: 10_000, readOnly: true },
    guard.refuseInside,
  );
  const close = async (): Promise<void> => {
    await Promise.all([reader.destroy(), db.destroy()]);
  };
  try {
    await sql`select 1`.execute(db);
  } catch (err) {
    await close();
    throw err;
  }
  return {
    engine: 'postgres',
    db,
    reader,
    transaction: (work) => db.transaction().execute((trx) => guard.inside(() => work(trx))),
    close,
  };
}

interface Session {
  readonly name: string;
  readonly size: number;
  readonly statementMs: number;
  readonly readOnly: boolean;
}

function kysely(url: string, session: Session, acquired: () => void): Kysely<Tables> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: session.name,
    max: session.size,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A connection that dies while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So would one that dies between two statements of a transaction; the next statement reports it.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: createPostgresDialect(pool, settings(session), acquired) });
}

const settings = ({ statementMs, readOnly }: Session): string =>
  [
    `set synchronous_commit = on`,
    `set statement_timeout = ${statementMs}`,
    `set lock_timeout = 5000`,
    `set idle_in_transaction_session_timeout = 30000`,
    `set default_transaction_read_only = ${readOnly ? 'on' : 'off'}`,
  ].join('; ');

const INT8 = 20;
const NUMERIC = 1700;

/** Counts and epoch milliseconds are far below 2^53, so they arrive as numbers; sums of them are `numeric`. */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid: number) =>
  oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, 'text');
