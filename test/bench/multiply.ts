import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

type Overrides = Readonly<Record<string, string>>;

/** Everything that one incident left behind, and what must differ in each copy; `n` counts the copies. */
const COPIED: Readonly<Record<string, Overrides>> = {
  incidents: {
    id: incidentId(),
    seq: 'seq + n',
    key: 'lower(hex(randomblob(16)))',
    opened_at: before('opened_at'),
    last_seen_at: before('last_seen_at'),
    resolved_at: before('resolved_at'),
  },
  alerts: {
    id: rowId(),
    identity: 'lower(hex(randomblob(16)))',
    fingerprint: 'lower(hex(randomblob(8)))',
    incident_id: incidentId(),
    received_at: before('received_at'),
    last_seen_at: before('last_seen_at'),
    resolved_at: before('resolved_at'),
  },
  timeline: { id: rowId(), incident_id: incidentId(), at: before('at') },
  placements: {
    subject_id: incidentId(),
    created_at: before('created_at'),
    first_shown_at: before('first_shown_at'),
    message_key: 'lower(hex(randomblob(16)))',
    ref: 'lower(hex(randomblob(11)))',
  },
  attempts: { id: rowId(), subject_id: incidentId(), at: before('at') },
  diagnoses: { id: rowId(), incident_id: incidentId(), created_at: before('created_at') },
  search_docs: { seq: 'seq + n', incident_id: incidentId() },
};

/** Half a minute apart, newest first: a million reach back a year. */
function before(column: string): string {
  return `${column} - n * 30000`;
}

function incidentId(): string {
  return `printf('INC-20250101-%07d', n)`;
}

function rowId(): string {
  return `printf('%013d', n) || substr(id, 14)`;
}

/**
 * Copies the one closed incident of a stopped server's database `copies` times, with all that belongs to it. Set-wise and without
 * indices or syncing, which come back at the end: a million in a minute or two.
 */
export function multiply(folder: string, copies: number): void {
  const db = new Sqlite(join(folder, 'zhiban.db'));
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  db.pragma('cache_size = -500000');
  const tables = Object.keys(COPIED);
  const indices = db
    .prepare<[], { name: string; sql: string; tbl_name: string }>(
      "select name, sql, tbl_name from sqlite_schema where type = 'index' and sql is not null",
    )
    .all()
    .filter(({ tbl_name: table }) => tables.includes(table));
  for (const { name } of indices) db.exec(`drop index ${name}`);
  for (const [table, overrides] of Object.entries(COPIED)) copyRows(db, table, overrides, copies);
  for (const { sql } of indices) db.exec(sql);
  db.exec(
    `insert into search_index (rowid, terms) select seq, '_' || family || ' ' || tokens from search_docs where incident_id like 'INC-20250101-%'`,
  );
  db.exec(`update search_terms set documents = documents * ${copies + 1}`);
  db.exec(`update counters set value = value * ${copies + 1} where name like 'search:%'`);
  db.pragma('journal_mode = wal');
  db.close();
}

function copyRows(db: Sqlite.Database, table: string, overrides: Overrides, copies: number): void {
  const columns = db.prepare<[string], { name: string }>('select name from pragma_table_info(?)').all(table);
  const values = columns.map(({ name }) => overrides[name] ?? name);
  db.exec(
    `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
     with recursive copy(n) as (select 1 union all select n + 1 from copy where n < ${copies})
     select ${values.join(', ')} from copy, (select * from ${table} limit 3)`,
  );
}
