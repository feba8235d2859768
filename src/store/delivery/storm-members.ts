import { sql } from 'kysely';
import type { Severity } from '../../incident/alert.ts';
import type { Status } from '../../incident/incident.ts';
import type { Absorbed, StormRow } from '../../delivery/storm-ports.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { textList, updateMany } from '../set-wise.ts';
import { type Counted, count, rankIn, rankOf } from './storm-counts.ts';

/** Members in one transaction: alerts wait behind it. */
const AT_ONCE = 200;

/** Makes them members, counted as they are now; their placements must be locked already. */
export async function addMembers(
  trx: Trx,
  stormId: string,
  incidentIds: readonly string[],
  now: EpochMs,
): Promise<void> {
  // In the database alone: alerts wait behind it every 50 ms while it storms. Who was released and had to come back
  // waits again; such a one is counted already.
  const { rows } = await sql<Counted & { readonly joined_at: EpochMs }>`
    insert into storm_members (incident_id, storm_id, joined_at, status, severity, rank, opened_at, seq)
    select i.id, cast(${stormId} as text), cast(${now} as bigint), i.status, i.severity, ${rankIn('i')}, i.opened_at, i.seq
    from incidents i where i.id in ${textList(trx, incidentIds)}
    on conflict (incident_id, storm_id) do update set released_at = null
    returning storm_id, status, severity, joined_at`.execute(trx.db);
  await count(
    trx,
    rows.filter(({ joined_at }) => joined_at === now),
    [],
  );
}

/**
 * Counts members of the target's storms that have changed as they are now, up to a bound. All storms' at once, since a
 * placement tells only once that its incident has changed, and that may be a member of an earlier storm, too.
 */
export async function absorbChanges(trx: Trx, storm: Pick<StormRow, 'id' | 'targetId'>): Promise<Absorbed> {
  const lock = trx.engine === 'postgres' ? sql`for update skip locked` : sql``;
  const { rows } = await sql<{ id: string; folded: string | null }>`
    select subject_id as id, folded_into as folded from placements
    where target_id = ${storm.targetId} and counted_revision < wanted_revision
    limit ${AT_ONCE} ${lock}`.execute(trx.db);
  if (rows.length > 0) await countAnew(trx, storm.targetId, rows);
  const found = await sql<{ changed: number }>`select changed from storms where id = ${storm.id}`.execute(trx.db);
  return { changed: found.rows[0]?.changed === 1, more: rows.length === AT_ONCE };
}

interface Moving {
  readonly incident_id: string;
  readonly storm_id: string;
  readonly status: Status;
  readonly severity: Severity;
  readonly was_status: Status;
  readonly was_severity: Severity;
}

async function countAnew(
  trx: Trx,
  targetId: string,
  changed: readonly { readonly id: string; readonly folded: string | null }[],
): Promise<void> {
  const ids = textList(
    trx,
    changed.map(({ id }) => id),
  );
  await sql`
    update placements set counted_revision = wanted_revision,
      shown_revision = case when parked_reason = 'folded' then wanted_revision else shown_revision end,
      dirty_since = case when parked_reason = 'folded' then null else dirty_since end
    where target_id = ${targetId} and subject_id in ${ids}`.execute(trx.db);
  const { rows } = await sql<Moving>`
    select m.incident_id, m.storm_id, i.status, i.severity, m.status as was_status, m.severity as was_severity
    from storm_members m join storms s on s.id = m.storm_id join incidents i on i.id = m.incident_id
    where m.incident_id in ${ids} and s.target_id = ${targetId}
      and (m.status <> i.status or m.severity <> i.severity)`.execute(trx.db);
  const moved = rows.map((row) => ({ ...row, rank: rankOf(row) }));
  const columns = ['status', 'severity', 'rank'] as const;
  await updateMany(trx, 'storm_members', ['incident_id', 'storm_id'], columns, moved);
  const before = rows.map((row) => ({ ...row, status: row.was_status, severity: row.was_severity }));
  await count(trx, rows, before);
  const storms = [...rows.map(({ storm_id }) => storm_id), ...changed.flatMap(({ folded }) => folded ?? [])];
  await sql`update storms set changed = 1 where id in ${textList(trx, [...new Set(storms)])}`.execute(trx.db);
}

/** Deletes the memberships of incidents that are to be deleted, and counts them no more. Resolves to how many. */
export async function forgetMembers(trx: Trx, incidentIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ storm_id: string; status: Status; severity: Severity }>`
    delete from storm_members where incident_id in ${textList(trx, incidentIds)}
    returning storm_id, status, severity`.execute(trx.db);
  await count(trx, [], rows);
  return rows.length;
}
