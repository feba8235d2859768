import type { IncidentId, TimelineEntry } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import type { Handle, Trx } from './database.ts';
import { timelineOf as entryOf } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import { insertMany } from './set-wise.ts';

export interface NewEntry {
  readonly incidentId: IncidentId;
  readonly entry: TimelineEntry;
  readonly traceId: string;
}

/** Adds lines to incidents' stories, in the order given. */
export async function addEntries(trx: Trx, entries: readonly NewEntry[], now: EpochMs): Promise<void> {
  const rows = entries.map(({ incidentId, entry, traceId }) => ({
    id: rowId(now),
    incident_id: incidentId,
    at: entry.at,
    kind: entry.kind,
    actor_id: entry.actor.id,
    actor_name: entry.actor.name,
    via: entry.actor.via,
    data: JSON.stringify(entry.data),
    trace_id: traceId,
  }));
  await insertMany(trx, 'timeline', rows);
}

/** An incident's story, newest first. */
export async function timelineOf({ db }: Handle, id: IncidentId, limit: number): Promise<readonly TimelineEntry[]> {
  const rows = await db
    .selectFrom('timeline')
    .selectAll()
    .where('incident_id', '=', id)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(entryOf);
}
