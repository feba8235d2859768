import { sql } from 'kysely';
import type { IncidentView, StormView } from '../../cards/view.ts';
import type { AlertRow, Severity } from '../../incident/alert.ts';
import { SEVERITIES } from '../../incident/alert.ts';
import { STATUSES, type Status, type TimelineEntry } from '../../incident/incident.ts';
import type { Handle } from '../database.ts';
import type { Row } from '../schema.ts';
import { textList } from '../set-wise.ts';
import { currentDiagnoses } from './current-diagnoses.ts';
import { alertOf, incidentOf, timelineOf } from './rows.ts';

const MAX_ALERTS = 20;
const MAX_ENTRIES = 10;
const MAX_LISTED = 10;

/**
 * Everything the cards of these incidents are a function of, as it is now; unknown ids are missing from the map. What
 * depends on the reader is not in it: hints are made from the rest in each language, people are those of a channel.
 */
export async function loadIncidentViews(
  handle: Handle,
  ids: readonly string[],
): Promise<ReadonlyMap<string, IncidentView>> {
  if (ids.length === 0) return new Map();
  const incidents = (await incidentRows(handle, ids)).map(incidentOf);
  const alerts = grouped(await alertRows(handle, ids), ({ incidentId }) => incidentId ?? '');
  const timeline = await timelineRows(handle, ids);
  const diagnoses = await currentDiagnoses(handle, ids);
  return new Map(
    incidents.map((incident) => {
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

/** The digest cards' facts; unknown ids are missing from the map. */
export async function loadStormViews(handle: Handle, ids: readonly string[]): Promise<ReadonlyMap<string, StormView>> {
  const views = new Map<string, StormView>();
  for (const id of ids) {
    const storm = await handle.db.selectFrom('storms').selectAll().where('id', '=', id).executeTakeFirst();
    if (storm !== undefined) views.set(id, await stormView(handle, storm));
  }
  return views;
}

async function stormView(handle: Handle, storm: Row<'storms'>): Promise<StormView> {
  const counts = await handle.db
    .selectFrom('storm_members as m')
    .innerJoin('incidents as i', 'i.id', 'm.incident_id')
    .select(['i.severity', 'i.status', (eb) => eb.fn.countAll<number>().as('n')])
    .where('m.storm_id', '=', storm.id)
    .groupBy(['i.severity', 'i.status'])
    .execute();
  const listed = await handle.db
    .selectFrom('storm_members as m')
    .innerJoin('incidents as i', 'i.id', 'm.incident_id')
    .selectAll('i')
    .where('m.storm_id', '=', storm.id)
    // Who has a card of his own is counted, not listed: two cards with the same buttons only confuse.
    .where('m.released_at', 'is', null)
    .orderBy(sql`case when i.status = 'resolved' then 1 else 0 end`)
    .orderBy(sql`case i.severity when 'critical' then 0 when 'warning' then 1 else 2 end`)
    .orderBy('i.opened_at')
    .orderBy('i.seq')
    .limit(MAX_LISTED)
    .execute();
  const sum = (matches: (row: (typeof counts)[number]) => boolean): number =>
    counts.filter(matches).reduce((total, { n }) => total + n, 0);
  return {
    id: storm.id,
    revision: storm.revision,
    startedAt: storm.started_at,
    ...(storm.ended_at === null ? {} : { endedAt: storm.ended_at }),
    total: sum(() => true),
    bySeverity: tally(SEVERITIES, (severity: Severity) => sum((row) => row.severity === severity)),
    byStatus: tally(STATUSES, (status: Status) => sum((row) => row.status === status)),
    listed: listed.map(incidentOf),
  };
}

const tally = <K extends string>(keys: readonly K[], count: (key: K) => number): Record<K, number> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the keys it was given
  Object.fromEntries(keys.map((key) => [key, count(key)])) as Record<K, number>;

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
