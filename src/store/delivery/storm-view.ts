import { sql } from 'kysely';
import type { StormView } from '../../cards/view.ts';
import { SEVERITIES, type Severity } from '../../incident/alert.ts';
import { STATUSES, type Status } from '../../incident/incident.ts';
import type { Handle, Trx } from '../database.ts';
import type { Row } from '../schema.ts';
import { incidentOf } from './rows.ts';

const MAX_LISTED = 10;

/** The digest cards' facts, as last counted; unknown ids are missing from the map. */
export async function loadStormViews(trx: Trx, ids: readonly string[]): Promise<ReadonlyMap<string, StormView>> {
  const views = new Map<string, StormView>();
  for (const id of ids) {
    const storm = await trx.db.selectFrom('storms').selectAll().where('id', '=', id).executeTakeFirst();
    if (storm === undefined) continue;
    views.set(id, await stormView(trx, storm));
    if (storm.ended_at !== null) await lookAgain(trx, storm);
  }
  return views;
}

async function stormView(handle: Handle, storm: Row<'storms'>): Promise<StormView> {
  const [counts, members, diagnosis] = await Promise.all([
    countsOf(handle, storm.id),
    listed(handle, storm.id),
    diagnosed(handle, storm.id),
  ]);
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
    listed: members.map(incidentOf),
    ...diagnosis,
  };
}

async function countsOf({ db }: Handle, stormId: string) {
  const { rows } = await sql<{ status: Status; severity: Severity; n: number }>`
    select status, severity, n from storm_counts where storm_id = ${stormId}`.execute(db);
  return rows;
}

async function diagnosed({ db }: Handle, stormId: string): Promise<Pick<StormView, 'diagnosis'>> {
  const row = await db
    .selectFrom('storm_diagnoses')
    .select('diagnosis')
    .where('storm_id', '=', stormId)
    .executeTakeFirst();
  return row === undefined ? {} : { diagnosis: JSON.parse(row.diagnosis) };
}

/** Who has a card of his own is counted, not listed: two cards with the same buttons only confuse. */
async function listed(handle: Handle, stormId: string): Promise<readonly Row<'incidents'>[]> {
  const { rows } = await sql<Row<'incidents'>>`
    select i.* from (
      select incident_id, rank, opened_at, seq from storm_members where storm_id = ${stormId} and released_at is null
      order by rank, opened_at, seq limit ${sql.lit(MAX_LISTED)}
    ) m join incidents i on i.id = m.incident_id
    order by m.rank, m.opened_at, m.seq`.execute(handle.db);
  return rows;
}

/** Nobody looks at a storm that is settled; when it is shown once more and was not counted since, somebody has to. */
async function lookAgain({ db }: Trx, storm: Row<'storms'>): Promise<void> {
  await sql`
    insert into due (kind, subject_id, due_at, lease_until, attempts)
    select 'storm', s.id, 0, 0, 0 from storms s
    where s.id = ${storm.id} and exists (
      select 1 from placements where target_id = ${storm.target_id} and counted_revision < wanted_revision)
    on conflict do nothing`.execute(db);
}

const tally = <K extends string>(keys: readonly K[], counted: (key: K) => number): Record<K, number> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the keys it was given
  Object.fromEntries(keys.map((key) => [key, counted(key)])) as Record<K, number>;
