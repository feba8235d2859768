import { sql } from 'kysely';
import type { IncidentView } from '../cards/view.ts';
import { parseIncidentId } from '../incident/id.ts';
import type { Incident, IncidentId } from '../incident/incident.ts';
import type { IncidentFilter, Incidents } from '../operations/incidents-port.ts';
import type { Page } from '../types.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Database, Handle } from './database.ts';
import { loadIncidentViews } from './delivery/incident-view.ts';
import { peopleOn } from './delivery/people.ts';
import { incidentOf } from './delivery/rows.ts';
import type { IncidentRow } from './incident-rows.ts';
import { all, conditionsOf } from './list-filters.ts';
import { textList } from './set-wise.ts';

const MAX_LIMIT = 200;

/** Incidents for people and programs to read, on the reading connection. */
export function createIncidents({ database }: { readonly database: Database }): Incidents {
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    get: (id) => getIncident(reading, id),
    list: (filter) => listIncidents(reading, filter),
    view: (id, channel) => viewOf(reading, id, channel),
    ofCard: (targetId, ref) => incidentOfCard(reading, targetId, ref),
    ofMessage: async (targetId, ref) =>
      (await incidentOfCard(reading, targetId, ref)) ?? (await incidentOfSent(reading, targetId, ref)),
  };
}

async function viewOf(handle: Handle, id: IncidentId, channel: string | undefined): Promise<IncidentView | undefined> {
  const view = (await loadIncidentViews(handle, [id])).get(id);
  if (view === undefined || channel === undefined) return view;
  return { ...view, people: (await peopleOn(handle, [channel])).get(channel) ?? [] };
}

export async function getIncident({ db }: Handle, id: IncidentId): Promise<Incident | undefined> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : incidentOf(row);
}

/** Latest opened first; at most 200 a page. Throws `InvalidCursor` for a cursor it did not make. */
async function listIncidents(handle: Handle, filter: IncidentFilter): Promise<Page<Incident>> {
  const limit = Math.min(Math.max(1, filter.limit), MAX_LIMIT);
  const conditions = [
    ...conditionsOf(handle, filter, { at: 'opened_at', texts: TEXTS, elsewhere: inVerdicts }),
    ...whereAndWhose(handle, filter),
  ];
  const { rows: counted } = await sql<{ total: number }>`
    select count(*) as total from incidents t where ${all(conditions)}`.execute(handle.db);
  const { rows } = await sql<IncidentRow>`
    select t.* from incidents t where ${all([...conditions, ...after(filter.cursor)])}
    order by t.opened_at desc, t.seq desc, t.id desc limit ${limit + 1}`.execute(handle.db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(incidentOf),
    next: last === undefined ? null : writeCursor([last.opened_at, last.seq, last.id]),
    total: counted[0]?.total ?? 0,
  };
}

const TEXTS = ['id', 'title', 'summary', 'labels', 'cause'];

/** What people confirmed or rejected, and why: one look into an index for a row whose own words do not fit. */
const inVerdicts = (pattern: string) => sql<boolean>`exists (select 1 from verdicts v where v.incident_id = t.id
  and (lower(v.cause) like ${pattern} escape '\\' or lower(v.reason) like ${pattern} escape '\\'))`;

function whereAndWhose(handle: Handle, { targetId, assigneeIds }: IncidentFilter) {
  return [
    ...(targetId === undefined
      ? []
      : [sql<boolean>`exists (select 1 from placements p where p.subject_id = t.id and p.target_id = ${targetId})`]),
    ...(assigneeIds === undefined ? [] : [sql<boolean>`t.assignee_id in ${textList(handle, assigneeIds)}`]),
  ];
}

function after(cursor: string | undefined) {
  if (cursor === undefined) return [];
  const [at = 0, seq = 0, id = ''] = readCursor(cursor, ['number', 'number', 'string']);
  return [sql<boolean>`(t.opened_at, t.seq, t.id) < (${at}, ${seq}, ${id})`];
}

async function incidentOfCard({ db }: Handle, targetId: string, ref: string): Promise<IncidentId | undefined> {
  const row = await db
    .selectFrom('placements')
    .select('subject_id')
    .where('target_id', '=', targetId)
    .where('ref', '=', ref)
    .where('kind', '=', 'incident')
    .executeTakeFirst();
  return row === undefined ? undefined : parseIncidentId(row.subject_id);
}

/** Announcements and answers about it, and cards that a newer one has replaced. */
async function incidentOfSent({ db }: Handle, targetId: string, ref: string): Promise<IncidentId | undefined> {
  const { rows } = await sql<{ id: string }>`
    select incident_id as id from outbox where target_id = ${targetId} and ref = ${ref} and incident_id is not null
    union all
    select subject_id as id from attempts where target_id = ${targetId} and ref = ${ref} limit 5`.execute(db);
  return rows.map(({ id }) => parseIncidentId(id)).find((id) => id !== undefined);
}
