import { type RawBuilder, sql } from 'kysely';
import type { ChangeFilter, ChangesPort } from '../console/api/ports.ts';
import type { RecentChanges } from '../diagnose/evidence/changes.ts';
import type { Change, NewChange } from '../incident/change.ts';
import type { Clock, Page } from '../types.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Database, Handle, Write } from './database.ts';
import { present } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import { all, conditionsOf } from './list-filters.ts';
import type { Row } from './schema.ts';

export interface ChangesDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

/** What was done to the systems we watch. */
export function createChanges({ database, write, clock }: ChangesDeps): ChangesPort & RecentChanges {
  const { reader, engine } = database;
  return {
    record: (change) => write('press', ({ db }) => record(db, change, clock)),
    get: async (id) => {
      const row = await reader.selectFrom('changes').selectAll().where('id', '=', id).executeTakeFirst();
      return row && changeOf(row);
    },
    list: (filter) => list({ db: reader, engine }, filter),
    between: async (from, to, limit) => {
      const found = reader.selectFrom('changes').selectAll().where('at', '>=', from).where('at', '<=', to);
      const rows = await found.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(changeOf);
    },
  };
}

/** A sender's names for its changes are its own: two senders may use the same. */
const keyOf = ({ source, dedupeKey }: NewChange): string | null =>
  dedupeKey === undefined ? null : `${source}/${dedupeKey}`;

async function record(db: Handle['db'], change: NewChange, clock: Clock) {
  const now = clock.now();
  const row: Row<'changes'> = {
    id: rowId(now),
    at: change.at,
    kind: change.kind,
    service: change.service,
    environment: change.environment ?? null,
    title: change.title,
    version: change.version ?? null,
    author: change.author ?? null,
    url: change.url ?? null,
    source: change.source,
    labels: JSON.stringify(change.labels),
    dedupe_key: keyOf(change),
    created_at: now,
  };
  const added = await db
    .insertInto('changes')
    .values(row)
    .onConflict((same) => same.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added !== undefined) return { change: changeOf(row), created: true };
  const known = await db
    .selectFrom('changes')
    .selectAll()
    .where('dedupe_key', '=', row.dedupe_key)
    .executeTakeFirstOrThrow();
  return { change: changeOf(known), created: false };
}

async function list(handle: Handle, filter: ChangeFilter): Promise<Page<Change>> {
  const { limit, cursor } = filter;
  const matches = all(filtered(handle, filter));
  const base = handle.db.selectFrom('changes as t').where(matches);
  const { total } = await base.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  let page = base.selectAll().orderBy('t.at', 'desc').orderBy('t.id', 'desc');
  if (cursor !== undefined) {
    const [at = 0, id = ''] = readCursor(cursor, ['number', 'string']);
    page = page.where((is) =>
      is.or([is('t.at', '<', Number(at)), is.and([is('t.at', '=', Number(at)), is('t.id', '<', String(id))])]),
    );
  }
  const rows = await page.limit(limit + 1).execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(changeOf),
    next: last === undefined ? null : writeCursor([last.at, last.id]),
    total,
  };
}

function filtered(handle: Handle, filter: ChangeFilter): readonly RawBuilder<boolean>[] {
  const { service, environment, kind } = filter;
  return [
    ...conditionsOf(handle, filter, { at: 'at', texts: ['service', 'title', 'version', 'author'] }),
    ...(service === undefined ? [] : [sql<boolean>`t.service = ${service}`]),
    ...(environment === undefined ? [] : [sql<boolean>`t.environment = ${environment}`]),
    ...(kind === undefined ? [] : [sql<boolean>`t.kind = ${kind}`]),
  ];
}

function changeOf(row: Row<'changes'>): Change {
  const { environment, version, author, url } = row;
  return {
    id: row.id,
    at: row.at,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: its word was written from the same union
    kind: row.kind as Change['kind'],
    service: row.service,
    title: row.title,
    source: row.source,
    labels: JSON.parse(row.labels),
    createdAt: row.created_at,
    ...present({ environment, version, author, url, dedupeKey: row.dedupe_key?.slice(row.source.length + 1) }),
  };
}
