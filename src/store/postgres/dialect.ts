import {
  AbortedTransactionError,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { asStorageError } from '../faults.ts';

/** Prepared statements kept by a connection; SQL beyond this many distinct texts goes unprepared. */
const NAMED_STATEMENTS = 500;

/**
 * Kysely over a pg pool, with our errors and named prepared statements. `settings` run once on each new connection;
 * `acquired` is called before each use and may refuse it by throwing.
 */
export const createPostgresDialect = (pool: Pool, settings: string, acquired: () => void): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => createDriver(pool, settings, acquired),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

interface Connection extends DatabaseConnection {
  /** Runs SQL without parameters; answers the command that was done. */
  command(text: string): Promise<string>;
  /** `broken` discards the connection instead of returning it to the pool. */
  release(broken: boolean): void;
}

function createDriver(pool: Pool, settings: string, acquired: () => void): Driver {
  const nameOf = createNames();
  const prepared = new WeakSet<PoolClient>();
  const own = new WeakMap<DatabaseConnection, Connection>();
  const of = (connection: DatabaseConnection): Connection => {
    const known = own.get(connection);
    if (known === undefined) throw new Error('this connection is not one of the pool');
    return known;
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => {
      acquired();
      const client = await pool.connect().catch(rethrow);
      const connection = createConnection(client, nameOf);
      own.set(connection, connection);
      if (prepared.has(client)) return connection;
      await connection.command(settings).catch((err: unknown) => {
        connection.release(true);
        throw err;
      });
      prepared.add(client);
      return connection;
    },
    releaseConnection: async (connection) => of(connection).release(false),
    beginTransaction: async (connection) => {
      await of(connection).command('begin');
    },
    commitTransaction: async (connection) => {
      // A transaction with a failed statement answers COMMIT with ROLLBACK instead of an error.
      if ((await of(connection).command('commit')) === 'ROLLBACK') throw new AbortedTransactionError();
    },
    rollbackTransaction: async (connection) => {
      await of(connection).command('rollback');
    },
    destroy: () => pool.end(),
  };
}

function createConnection(client: PoolClient, nameOf: (sql: string) => string | undefined): Connection {
  let lost = false;
  const ask = async (config: { text: string; name?: string; values?: unknown[] }) => {
    try {
      return await client.query(config);
    } catch (err) {
      const known = asStorageError(err);
      lost ||= known !== err;
      throw known;
    }
  };
  // A connection is asked one thing at a time, also by callers that ask several at once.
  let turn: Promise<unknown> = Promise.resolve();
  const query = (config: Parameters<typeof ask>[0]): ReturnType<typeof ask> => {
    const asked = turn.then(() => ask(config));
    turn = asked.catch(() => undefined);
    return asked;
  };
  return {
    command: async (text) => (await query({ text })).command,
    release: (broken) => client.release(broken || lost),
    executeQuery: async ({ sql, parameters }) => {
      const name = parameters.length === 0 ? undefined : nameOf(sql);
      const result = await query({ text: sql, values: [...parameters], ...(name === undefined ? {} : { name }) });
      return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) };
    },
    // oxlint-disable-next-line require-yield
    streamQuery: async function* () {
      throw new Error('read pages instead: a stream would hold the connection');
    },
  };
}

function createNames(): (sql: string) => string | undefined {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= NAMED_STATEMENTS) return known;
    const name = `z${names.size}`;
    names.set(sql, name);
    return name;
  };
}

const rethrow = (error: unknown): never => {
  throw asStorageError(error);
};
