import { sql } from 'kysely';
import type { IncidentView } from '../../cards/view.ts';
import type { AlertRow } from '../../incident/alert.ts';
import type { TimelineEntry } from '../../incident/incident.ts';
import type { Handle } from '../database.ts';
import type { Row } from '../schema.ts';
import { textList } from '../set-wise.ts';
import { currentDiagnoses } from './current-diagnoses.ts';
import { alertOf, incidentOf, timelineOf } from './rows.ts';

const MAX_ALERTS = 20;
const MAX_ENTRIES = 10;

/**
 * Everything the cards of these incidents are a function of, as it is now; unknown ids are missing from the map. What
 * depends on the reader is not in it: hints are made from the rest in each language, people are those of a channel. All
 * is asked at once: a transaction that waits for each answer holds SQLite's one connection several times as long.
 */
export async function loadIncidentViews(
  handle: Handle,
  ids: readonly string[],
): Promise<ReadonlyMap<string, IncidentView>> {
  if (ids.length === 0) return new Map();
  const [rows, members, timeline, diagnoses] = await Promise.all([
    incidentRows(handle, ids),
    alertRows(handle, ids),
    timelineRows(handle, ids),
    currentDiagnoses(handle, ids),
  ]);
  const alerts = grouped(members, ({ incidentId }) => incidentId ?? '');
  return new Map(
    rows.map(incidentOf).map((incident) => {
      const diagnosis = diagnoses.get(incident.id);
      const view: IncidentView = {
        incident,
        alerts: alerts.get(incident.id) ?? [],
        ...(diagnosis === undefined ? {} : { diagnosis }),
        hints: [],
        timeline: timeline.get(incident.id) ?? [],
      };
      return [incident.id, view];
    }),
  );
}

const incidentRows = (handle: Handle, ids: readonly string[]) =>
  handle.db
    .selectFrom('incidents')
    .selectAll()
    .where('id', 'in', sql<string>`${textList(handle, ids)}`)
    .execute();

/** Firing first, newest first. */
async function alertRows(handle: Handle, ids: readonly string[]): Promise<readonly AlertRow[]> {
  const { rows } = await sql<Row<'alerts'>>`
    select * from (
      select a.*, row_number() over (
        partition by incident_id order by case status when 'firing' then 0 else 1 end, received_at desc, id desc
      ) as place
      from alerts a where incident_id in ${textList(handle, ids)}
    ) ranked where place <= ${sql.lit(MAX_ALERTS)} order by incident_id, place`.execute(handle.db);
  return rows.map(alertOf);
}

/** Newest first. */
async function timelineRows(handle: Handle, ids: readonly string[]): Promise<Map<string, TimelineEntry[]>> {
  const { rows } = await sql<Row<'timeline'>>`
    select * from (
      select t.*, row_number() over (partition by incident_id order by at desc, id desc) as place
      from timeline t where incident_id in ${textList(handle, ids)}
    ) ranked where place <= ${sql.lit(MAX_ENTRIES)} order by incident_id, place`.execute(handle.db);
  const entries = new Map<string, TimelineEntry[]>();
  for (const row of rows) push(entries, row.incident_id, timelineOf(row));
  return entries;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) push(groups, keyOf(item), item);
  return groups;
}

function push<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
