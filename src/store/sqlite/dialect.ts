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
import type { Arrival } from '../../incident/ports.ts';
import type { EpochMs } from '../../types.ts';
import type { AcceptSetup, Stored } from '../database.ts';
import type { Thread } from './client.ts';
import type { Answer, InTransaction } from './protocol.ts';

/** Kysely over one database thread. `acquired` is called before each use of the connection and may refuse it by throwing. */
export const createSqliteDialect = (open: () => Promise<Connection>, acquired: () => void): Dialect =>
  dialectOf(() => createDriver(open, acquired));

/** SQLite's dialect over any driver. */
export const dialectOf = (open: () => Driver): Dialect => ({
  createAdapter: adapter,
  createDriver: open,
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** The line for the one connection is ours: Kysely's own would wait before `acquired` could notice a deadlock. */
const adapter = (): SqliteAdapter =>
  Object.defineProperty(new SqliteAdapter(), 'supportsMultipleConnections', { value: true });

/** One connection: a transaction has it for itself, everything else waits in line. */
function createDriver(open: () => Promise<Connection>, acquired: () => void): Driver {
  let connection: Connection | undefined;
  const use = (): Connection => {
    if (connection === undefined) throw new Error('the database is closed');
    return connection;
  };
  return {
    init: async () => {
      connection = await open();
    },
    acquireConnection: async () => {
      acquired();
      const acquiring = use();
      await acquiring.lock();
      return acquiring;
    },
    releaseConnection: async () => use().unlock(),
    beginTransaction: async () => use().begin(),
    commitTransaction: async () => use().finish('commit'),
    rollbackTransaction: async () => use().finish('rollback'),
    destroy: async () => {
      const opened = connection;
      connection = undefined;
      await opened?.close();
    },
  };
}

/** The one connection of a thread. */
export interface Connection extends DatabaseConnection {
  /** Waits for its turn on the connection. */
  lock(): Promise<void>;
  unlock(): void;
  begin(): void;
  finish(how: 'commit' | 'rollback'): Promise<void>;
  /** `AcceptBatch`, run by the thread inside the transaction that was begun here. */
  accept(setup: AcceptSetup, arrivals: readonly Arrival[], now: EpochMs): Promise<Stored>;
  /** The same in a transaction of its own; the thread runs what it is asked in order, so nobody waits for the answer. */
  acceptAlone(setup: AcceptSetup, arrivals: readonly Arrival[], now: EpochMs): Promise<Stored>;
  close(): Promise<void>;
}

export function createConnection(thread: Thread): Connection {
  const mutex = createMutex();
  let transaction: InTransaction = 'none';
  const entered = (): InTransaction => {
    const state = transaction;
    if (state === 'start') transaction = 'inside';
    return state;
  };
  return {
    lock: mutex.lock,
    unlock: mutex.unlock,
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
      return resultOf<R>(await thread.send({ op: 'query', sql, parameters, transaction: entered() }));
    },
    accept: (setup, arrivals, now) => thread.send({ op: 'accept', setup, arrivals, now, transaction: entered() }),
    acceptAlone: async (setup, arrivals, now) => {
      await mutex.lock();
      try {
        return thread.send({ op: 'accept', setup, arrivals, now, transaction: 'own' });
      } finally {
        mutex.unlock();
      }
    },
    close: () => thread.close(),
    // oxlint-disable-next-line require-yield
    streamQuery: async function* () {
      throw new Error('read pages instead: a stream would hold the connection');
    },
  };
}

/** Rows as Kysely gives them out. */
export function resultOf<R>({ columns, changes, lastId, ...answer }: Answer): QueryResult<R> {
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
