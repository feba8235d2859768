import type Sqlite from 'better-sqlite3';
import type { Answer } from './protocol.ts';

const CACHED = 500;

export interface Statements {
  /** An array as the only parameter holds the parameters of many runs: all of them happen, or none. */
  readonly run: (sql: string, parameters: readonly unknown[]) => Answer;
}

/** Runs SQL on a connection; what was prepared once is kept, up to a bound. */
export function createStatements(connection: Sqlite.Database): Statements {
  const prepare = createCache(connection);
  const many = (sql: string, runs: readonly unknown[]): Answer => {
    const { prepared } = prepare(sql);
    let changes = 0;
    prepare('savepoint many').prepared.run();
    try {
      for (const parameters of runs) changes += prepared.run(...asArray(parameters)).changes;
    } catch (err) {
      // A full disk has ended the whole transaction, and the savepoint with it.
      if (connection.inTransaction) prepare('rollback to many').prepared.run();
      throw err;
    } finally {
      if (connection.inTransaction) prepare('release many').prepared.run();
    }
    return { columns: [], rows: [], changes, lastId: 0 };
  };
  return {
    run: (sql, parameters) => {
      const [first] = parameters;
      return Array.isArray(first) ? many(sql, first) : once(prepare(sql), parameters);
    },
  };
}

interface Statement {
  readonly prepared: Sqlite.Statement<unknown[], unknown[]>;
  readonly columns: readonly string[];
}

function once({ prepared, columns }: Statement, parameters: readonly unknown[]): Answer {
  if (prepared.reader) {
    const rows = prepared.all(...parameters);
    return { columns, rows, changes: rows.length, lastId: 0 };
  }
  const { changes, lastInsertRowid } = prepared.run(...parameters);
  return { columns, rows: [], changes, lastId: Number(lastInsertRowid) };
}

function createCache(connection: Sqlite.Database): (sql: string) => Statement {
  const cached = new Map<string, Statement>();
  return (sql) => {
    const known = cached.get(sql);
    if (known !== undefined) {
      cached.delete(sql);
      cached.set(sql, known);
      return known;
    }
    const prepared = connection.prepare<unknown[], unknown[]>(sql);
    const made = prepared.reader
      ? { prepared: prepared.raw(true), columns: prepared.columns().map(({ name }) => name) }
      : { prepared, columns: [] };
    const [oldest] = cached.keys();
    if (cached.size >= CACHED && oldest !== undefined) cached.delete(oldest);
    cached.set(sql, made);
    return made;
  };
}

const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
