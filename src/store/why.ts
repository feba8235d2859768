import type { AttemptView, PlaceView, WhyView } from '../cards/view.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { Database } from './database.ts';
import { incidentOf, present, timelineOf } from './delivery/rows.ts';

/** Newest of each; the full lists are in the REST interface. */
const MOST = 50;

/** Why an incident looks as it does where it does. */
export async function loadWhy({ reader }: Database, id: IncidentId): Promise<WhyView | undefined> {
  const row = await reader.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const timeline = reader.selectFrom('timeline').selectAll().where('incident_id', '=', id);
  const entries = await timeline.orderBy('at', 'desc').orderBy('id', 'desc').limit(MOST).execute();
  return {
    incident: incidentOf(row),
    places: await places(reader, id),
    attempts: await attempts(reader, id),
    timeline: entries.map(timelineOf),
  };
}

async function places(db: Database['reader'], id: string): Promise<readonly PlaceView[]> {
  const rows = await db
    .selectFrom('placements as p')
    .leftJoin('targets as t', 't.id', 'p.target_id')
    .select(['t.name as target', 'p.target_id', 'p.shown_revision', 'p.wanted_revision', 'p.attempts'])
    .select(['p.parked_reason', 'p.folded_into', 'p.last_error', 'p.shown_at'])
    .where('p.subject_id', '=', id)
    .orderBy('p.created_at')
    .execute();
  return rows.map((row) => ({
    target: row.target ?? row.target_id,
    shownRevision: row.shown_revision,
    wantedRevision: row.wanted_revision,
    attempts: row.attempts,
    ...present({
      parkedReason: row.parked_reason,
      foldedInto: row.folded_into,
      lastError: row.last_error,
      shownAt: row.shown_at,
    }),
  }));
}

async function attempts(db: Database['reader'], id: string): Promise<readonly AttemptView[]> {
  const rows = await db
    .selectFrom('attempts as a')
    .leftJoin('targets as t', 't.id', 'a.target_id')
    .select(['a.at', 't.name as target', 'a.target_id', 'a.verb', 'a.outcome', 'a.latency_ms', 'a.revision', 'a.error'])
    .where('a.subject_id', '=', id)
    .orderBy('a.at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(MOST)
    .execute();
  return rows.map((row) => ({
    at: row.at,
    target: row.target ?? row.target_id,
    verb: row.verb,
    outcome: row.outcome,
    latencyMs: row.latency_ms,
    ...present({ revision: row.revision, error: row.error }),
  }));
}
