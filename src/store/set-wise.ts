import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Engine, Handle } from './database.ts';
import type { NewRow, Tables } from './schema.ts';

type Column<T extends keyof Tables> = keyof Tables[T] & string;

/**
 * Inserts all rows with one statement in one message: on PostgreSQL from a JSON parameter, on SQLite by running it row by
 * row in the database thread (4 µs a row against 22 with `json_each`). Every row must have the columns of the first.
 * `ignoreConflicts` skips rows that break a unique index. Resolves to the number of rows inserted.
 */
export async function insertMany<T extends keyof Tables>(
  handle: Handle,
  table: T,
  rows: readonly NewRow<T>[],
  { ignoreConflicts = false }: { readonly ignoreConflicts?: boolean } = {},
): Promise<number> {
  const columns = columnsOf(rows);
  if (columns.length === 0) return 0;
  const text = statement(['insert', handle.engine, table, ignoreConflicts, ...columns], () =>
    insertSql(handle.engine, table, columns, ignoreConflicts ? 'do nothing' : undefined),
  );
  return run(handle, text, rows, columns);
}

/**
 * Inserts the rows; where one with equal `keyColumns` (a primary key or full unique index) exists, its `setColumns`
 * are replaced. No two rows may share a key. Resolves to the number of rows written.
 */
export async function upsertMany<T extends keyof Tables>(
  handle: Handle,
  table: T,
  keyColumns: readonly Column<T>[],
  setColumns: readonly Column<T>[],
  rows: readonly NewRow<T>[],
): Promise<number> {
  const columns = columnsOf(rows);
  if (columns.length === 0) return 0;
  const text = statement(['upsert', handle.engine, table, ...keyColumns, '|', ...setColumns, '|', ...columns], () => {
    const sets = setColumns.map((column) => `"${column}" = excluded."${column}"`).join(', ');
    return insertSql(handle.engine, table, columns, `(${quoted(keyColumns)}) do update set ${sets}`);
  });
  return run(handle, text, rows, columns);
}

/** Sets `setColumns` of every row found by its `keyColumns`. Resolves to the number of rows changed. */
export async function updateMany<T extends keyof Tables, K extends Column<T>, S extends Column<T>>(
  handle: Handle,
  table: T,
  keyColumns: readonly K[],
  setColumns: readonly S[],
  rows: readonly Pick<NewRow<T>, Extract<K | S, keyof NewRow<T>>>[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const text = statement(['update', handle.engine, table, ...keyColumns, '|', ...setColumns], () =>
    updateSql(handle.engine, table, keyColumns, setColumns),
  );
  return run(handle, text, rows, [...setColumns, ...keyColumns]);
}

/** `(…)`: a list of strings as one JSON parameter, for ``sql`… where id in ${textList(handle, ids)}` ``; its SQL never varies. */
export const textList = ({ engine }: Handle, values: readonly string[]): RawBuilder<string> =>
  engine === 'sqlite'
    ? sql<string>`(select value from json_each(${JSON.stringify(values)}))`
    : sql<string>`(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

export type ColumnType = 'text' | 'bigint' | 'double precision';

/** `(select …)` with the given columns over rows passed as one JSON parameter; name it: ``sql`… from ${jsonRows(…)} as r` ``. */
export function jsonRows<C extends Readonly<Record<string, ColumnType>>>(
  { engine }: Handle,
  rows: readonly Readonly<Record<keyof C & string, string | number | null>>[],
  columns: C,
): RawBuilder<unknown> {
  const json = JSON.stringify(rows);
  if (engine === 'sqlite') return sql`(select ${sql.raw(extracts(Object.keys(columns)))} from json_each(${json}))`;
  const types = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
  return sql`(select * from jsonb_to_recordset(${json}::jsonb) as x(${sql.raw(types.join(', '))}))`;
}

function insertSql(engine: Engine, table: string, columns: readonly string[], conflict?: string): string {
  const source = engine === 'sqlite' ? `values (${columns.map(() => '?').join(', ')})` : recordset(table, columns);
  return `insert into "${table}" (${quoted(columns)}) ${source}${conflict === undefined ? '' : ` on conflict ${conflict}`}`;
}

function updateSql(engine: Engine, table: string, keys: readonly string[], sets: readonly string[]): string {
  if (engine === 'sqlite') {
    const equal = (columns: readonly string[], glue: string) => columns.map((column) => `"${column}" = ?`).join(glue);
    return `update "${table}" set ${equal(sets, ', ')} where ${equal(keys, ' and ')}`;
  }
  const assigned = sets.map((column) => `"${column}" = r."${column}"`).join(', ');
  const found = keys.map((column) => `"${table}"."${column}" = r."${column}"`).join(' and ');
  return `update "${table}" set ${assigned} from (${recordset(table, [...keys, ...sets])}) as r where ${found}`;
}

/** PostgreSQL takes the column types from the table itself, so nothing here repeats them. */
const recordset = (table: string, columns: readonly string[]): string =>
  `select ${quoted(columns)} from json_populate_recordset(null::"${table}", $1::json)`;

const extracts = (columns: readonly string[]): string =>
  columns.map((column) => `value ->> '$.${column}' as "${column}"`).join(', ');

const quoted = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');

const columnsOf = (rows: readonly object[]): string[] => (rows[0] === undefined ? [] : Object.keys(rows[0]));

/** Built SQL by table and columns: as many entries as the code has call sites, so it needs no bound. */
const statements = new Map<string, string>();

function statement(parts: readonly unknown[], build: () => string): string {
  const key = parts.join(' ');
  const known = statements.get(key);
  if (known !== undefined) return known;
  const built = build();
  statements.set(key, built);
  return built;
}

async function run(
  { db, engine }: Handle,
  text: string,
  rows: readonly object[],
  columns: readonly string[],
): Promise<number> {
  const parameter = engine === 'sqlite' ? rows.map((row) => valuesOf(row, columns)) : JSON.stringify(rows);
  const result = await db.executeQuery(CompiledQuery.raw(text, [parameter]));
  return Number(result.numAffectedRows ?? 0);
}

const valuesOf = (row: object, columns: readonly string[]): unknown[] =>
  columns.map((column): unknown => Reflect.get(row, column) ?? null);
