import { type RawBuilder, sql } from 'kysely';
import type { EpochMs } from '../types.ts';
import type { Database, Engine, Handle, Write } from './database.ts';
import { forgetMembers } from './delivery/storm-members.ts';
import { removeFromIndex } from './search-index.ts';
import { jsonRows, textList } from './set-wise.ts';

/** Rows in one transaction: more would make presses wait behind a deletion. */
const CHUNK = 500;
/** Incidents whose rows are looked for together. */
const INCIDENTS = 50;
/** Platform retries and second clicks come within hours. */
const INBOUND_MS = 7 * 24 * 3_600_000;
/** A message's dedupe key counts at least this long, however short the retention. */
const DEDUPE_MS = 7 * 24 * 3_600_000;

/** A thread that rested so long is begun anew. */
const CONVERSATION_MS = 30 * 24 * 3_600_000;
/** Far longer than a cached diagnosis is used. */
const CACHE_MS = 24 * 3_600_000;

export interface PruneDeps {
  readonly database: Database;
  readonly write: Write;
}

export interface Pruned {
  readonly incidents: number;
  /** Rows of all other kinds. */
  readonly rows: number;
}

/**
 * Deletes what is older than `retentionMs`: resolved incidents with all that is theirs, finished messages, attempts,
 * audit, resolved alerts of no incident, ended storms, uptime; inbound ids after a week. An incident with an alert that
 * still fires is kept, however old; imported incidents go with their verdicts. Rows are found on the reading connection and deleted in small transactions.
 */
export async function prune(deps: PruneDeps, now: EpochMs, retentionMs: number): Promise<Pruned> {
  const before = now - retentionMs;
  const owned = await pruneIncidents(deps, before);
  let rows = owned.rows + (await pruneRemembered(deps, before));
  for (const [table, old] of loose(before, now)) rows += await deleteAll(deps, table, old);
  return { incidents: owned.incidents, rows };
}

/** Tables whose rows belong to an incident, by the column that says which. */
const OWNED = [
  ['alerts', 'incident_id'],
  ['timeline', 'incident_id'],
  ['placements', 'subject_id'],
  ['attempts', 'subject_id'],
  ['due', 'subject_id'],
  ['diagnoses', 'incident_id'],
  ['verdicts', 'incident_id'],
  ['silences', 'incident_id'],
] as const;

/** What goes by its own age; without an index on it, it is still only the reader that scans. */
const loose = (before: EpochMs, now: EpochMs): readonly (readonly [string, RawBuilder<unknown>])[] => [
  ['alerts', sql`incident_id is null and status = 'resolved' and last_seen_at < ${before}`],
  ['outbox', sql`created_at < ${Math.min(before, now - DEDUPE_MS)} and state <> 'due'`],
  ['attempts', sql`at < ${before}`],
  ['changes', sql`at < ${before}`],
  ['audit', sql`at < ${before}`],
  ['events', sql`at < ${before}`],
  ['model_calls', sql`at < ${before}`],
  ['conversations', sql`updated_at < ${Math.max(before, now - CONVERSATION_MS)}`],
  ['diagnosis_cache', sql`created_at < ${Math.max(before, now - CACHE_MS)}`],
  ['inbound', sql`at < ${now - INBOUND_MS}`],
  ['storm_counts', sql`storm_id in (select id from storms where ${isOver(before)})`],
  ['storm_diagnoses', sql`storm_id in (select id from storms where ${isOver(before)})`],
  ['storms', isOver(before)],
  ['uptime', sql`until_at < ${before}`],
  ['link_codes', sql`expires_at < ${before}`],
  ['playground_messages', sql`created_at < ${before}`],
];

/** One that is still looked at still hides somebody. */
const isOver = (before: EpochMs) =>
  sql`ended_at < ${before} and id not in (select subject_id from due where kind = 'storm')`;

async function pruneIncidents(deps: PruneDeps, before: EpochMs): Promise<Pruned> {
  let [incidents, rows] = [0, 0];
  for (;;) {
    const ids = await resolvedBefore(reading(deps.database), before);
    if (ids.length === 0) return { incidents, rows };
    for (const [table, column] of OWNED) {
      rows += await deleteAll(deps, table, sql`${sql.ref(column)} in ${textList(deps.database, ids)}`);
    }
    rows += await deps.write('job', (trx) => forgetMembers(trx, ids));
    // Their own rows last, so that a stop in between leaves something to go on from.
    incidents += await deps.write('job', async (trx) => {
      await removeFromIndex(trx, ids);
      const gone = await trx.db.deleteFrom('incidents').where('id', 'in', textList(trx, ids)).executeTakeFirst();
      return Number(gone.numDeletedRows);
    });
  }
}

/** Imported incidents age like our own: by when they ended, not by when they were imported. */
async function pruneRemembered({ database, write }: PruneDeps, before: EpochMs): Promise<number> {
  let rows = 0;
  for (;;) {
    const { rows: found } = await sql<{ id: string }>`
      select id from remembered_incidents where resolved_at < ${before} limit ${INCIDENTS}`.execute(database.reader);
    if (found.length === 0) return rows;
    rows += await write('job', async (trx) => {
      const ids = textList(
        trx,
        found.map(({ id }) => id),
      );
      await removeFromIndex(
        trx,
        found.map(({ id }) => id),
      );
      const verdicts = await trx.db.deleteFrom('verdicts').where('incident_id', 'in', ids).executeTakeFirst();
      const gone = await trx.db.deleteFrom('remembered_incidents').where('id', 'in', ids).executeTakeFirst();
      return Number(verdicts.numDeletedRows) + Number(gone.numDeletedRows);
    });
  }
}

async function resolvedBefore({ db }: Handle, before: EpochMs): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.id from incidents as i
    where i.status = 'resolved' and i.resolved_at < ${before} and i.opened_at < ${before}
      and not exists (select 1 from alerts as a where a.incident_id = i.id and a.current = 1 and a.status = 'firing')
    order by i.opened_at limit ${INCIDENTS}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Finds a chunk with the reader, deletes it, until nothing is found. */
async function deleteAll({ database, write }: PruneDeps, table: string, old: RawBuilder<unknown>): Promise<number> {
  const place = sql.ref(placeIn(table, database.engine));
  let total = 0;
  for (;;) {
    const found = sql<{ place: string | number }>`
      select ${place} as place from ${sql.table(table)} where ${old} limit ${CHUNK}`;
    const { rows } = await found.execute(database.reader);
    if (rows.length === 0) return total;
    const gone = await write('job', (trx) =>
      sql`delete from ${sql.table(table)} where ${place} in ${places(trx, rows)} and ${old}`.execute(trx.db),
    );
    total += Number(gone.numAffectedRows ?? 0n);
    if (rows.length < CHUNK) return total;
  }
}

/** What finds a row again; on SQLite a table that lives in its primary key has no place besides. */
const placeIn = (table: string, engine: Engine): string => (engine === 'postgres' ? 'ctid' : (KEYED[table] ?? 'rowid'));

const KEYED: Readonly<Record<string, string>> = { timeline: 'id', due: 'subject_id', storm_counts: 'storm_id' };

const places = (handle: Handle, rows: readonly { readonly place: string | number }[]): RawBuilder<unknown> =>
  handle.engine === 'sqlite'
    ? sql`(select value from json_each(${JSON.stringify(rows.map(({ place }) => place))}))`
    : sql`(select place::tid from ${jsonRows(handle, rows, { place: 'text' })} as found)`;

const reading = ({ reader, engine }: Database): Handle => ({ db: reader, engine });
