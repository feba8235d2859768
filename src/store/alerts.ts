import { sql } from 'kysely';
import type { AlertRow } from '../incident/alert.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { Page } from '../types.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Database, Handle } from './database.ts';
import { alertOf } from './delivery/rows.ts';
import { type ListFilter, all, conditionsOf } from './list-filters.ts';
import type { Row } from './schema.ts';

const MAX_LIMIT = 200;

/** `from` and `to` are about when an episode was first received. */
export interface AlertFilter extends ListFilter {
  readonly incidentId?: IncidentId;
  readonly limit: number;
  readonly cursor?: string;
}

export interface Alerts {
  get(id: string): Promise<AlertRow | undefined>;
  /** Episodes, latest first; at most 200 a page. Throws `InvalidCursor` for a cursor it did not make. */
  list(filter: AlertFilter): Promise<Page<AlertRow>>;
}

/** Alerts for people and programs to read, on the reading connection. */
export function createAlerts({ database }: { readonly database: Database }): Alerts {
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    get: async (id) => {
      const row = await reading.db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : alertOf(row);
    },
    list: (filter) => listAlerts(reading, filter),
  };
}

async function listAlerts(handle: Handle, filter: AlertFilter): Promise<Page<AlertRow>> {
  const limit = Math.min(Math.max(1, filter.limit), MAX_LIMIT);
  const conditions = [
    ...conditionsOf(handle, filter, { at: 'received_at', texts: ['title', 'summary', 'labels', 'fingerprint'] }),
    ...(filter.incidentId === undefined ? [] : [sql<boolean>`t.incident_id = ${filter.incidentId}`]),
  ];
  const { rows: counted } = await sql<{ total: number }>`
    select count(*) as total from alerts t where ${all(conditions)}`.execute(handle.db);
  // A row's id begins with the time it was received, so it orders the list by the primary key.
  const { rows } = await sql<Row<'alerts'>>`
    select t.* from alerts t where ${all([...conditions, ...after(filter.cursor)])}
    order by t.id desc limit ${limit + 1}`.execute(handle.db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(alertOf),
    next: last === undefined ? null : writeCursor([last.id]),
    total: counted[0]?.total ?? 0,
  };
}

function after(cursor: string | undefined) {
  if (cursor === undefined) return [];
  const [id = ''] = readCursor(cursor, ['string']);
  return [sql<boolean>`t.id < ${id}`];
}
