import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Answer } from './protocol.ts';
import type { Thread } from './client.ts';

/** Kysely over one database thread. `acquired` is called before each use of the connection and may refuse it by throwing. */
export const createSqliteDialect = (start: () => Promise<Thread>, acquired: () => void): Dialect => ({
  createAdapter: adapter,
  createDriver: () => createDriver(start, acquired),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** The line for the one connection is ours: Kysely's own would wait before `acquired` could notice a deadlock. */
const adapter = (): SqliteAdapter =>
  Object.defineProperty(new SqliteAdapter(), 'supportsMultipleConnections', { value: true });

/** One connection: a transaction has it for itself, everything else waits in line. */
function createDriver(start: () => Promise<Thread>, acquired: () => void): Driver {
  const mutex = createMutex();
  let thread: Thread | undefined;
  let connection: Connection | undefined;
  const use = (): Connection => {
    if (connection === undefined) throw new Error('the database is closed');
    return connection;
  };
  return {
    init: async () => {
      thread = await start();
      connection = createConnection(thread);
    },
    acquireConnection: async () => {
      acquired();
      await mutex.lock();
      return use();
    },
    releaseConnection: async () => mutex.unlock(),
    beginTransaction: async () => use().begin(),
    commitTransaction: async () => use().finish('commit'),
    rollbackTransaction: async () => use().finish('rollback'),
    destroy: async () => {
      connection = undefined;
      await thread?.close();
    },
  };
}

interface Connection extends DatabaseConnection {
  begin(): void;
  finish(how: 'commit' | 'rollback'): Promise<void>;
}

function createConnection(thread: Thread): Connection {
  let transaction: 'none' | 'start' | 'inside' = 'none';
  return {
    // `begin` travels with the first statement: one round trip less in every transaction.
    begin: () => {
      transaction = 'start';
    },
    finish: async (how) => {
      const begun = transaction === 'inside';
      transaction = 'none';
      if (begun) await thread.send({ op: how });
    },
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      const request = { op: 'query', sql, parameters, transaction } as const;
      if (transaction === 'start') transaction = 'inside';
      return result<R>(await thread.send(request));
    },
    // oxlint-disable-next-line require-yield
    streamQuery: async function* () {
      throw new Error('read pages instead: a stream would hold the connection');
    },
  };
}

function result<R>(answer: Answer | undefined): QueryResult<R> {
  if (answer === undefined) return { rows: [] };
  const { columns, changes, lastId } = answer;
  const rows = answer.rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (let at = 0; at < columns.length; at += 1) row[columns[at] ?? ''] = values[at];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return row as R; // the query builder has typed the row; the engine returns just those columns
  });
  return { rows, numAffectedRows: BigInt(changes), insertId: BigInt(lastId) };
}

function createMutex() {
  const waiting: (() => void)[] = [];
  let held = false;
  return {
    lock: (): Promise<void> => {
      if (held) return new Promise((resolve) => void waiting.push(resolve));
      held = true;
      return Promise.resolve();
    },
    unlock: (): void => {
      const next = waiting.shift();
      if (next === undefined) held = false;
      else next();
    },
  };
}
