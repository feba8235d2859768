import { type RawBuilder, sql } from 'kysely';
import type { Release, Released, StormRow, StormSettled } from '../../delivery/storm-ports.ts';
import type { Severity } from '../../incident/alert.ts';
import type { Status } from '../../incident/incident.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { textList, updateMany } from '../set-wise.ts';
import { OVER_RANK, rankOf } from './storm-counts.ts';

/** Members in one transaction: alerts wait behind it. */
const RELEASED_AT_ONCE = 100;
const LET_GO_AT_ONCE = 200;

interface Candidate {
  readonly id: string;
  readonly folded: string | null;
  readonly status: Status | null;
  readonly severity: Severity | null;
}

/** Up to `count` unresolved members get their own card, worst and oldest first. */
export async function releaseMembers(
  trx: Trx,
  storm: StormRow,
  { count, only, newKey }: Release,
  now: EpochMs,
): Promise<Released> {
  const below = only === 'critical' ? 1 : OVER_RANK;
  const { rows } = await sql<Candidate>`
    select m.incident_id as id, p.folded_into as folded, i.status, i.severity
    from storm_members m
    left join incidents i on i.id = m.incident_id
    left join placements p on p.subject_id = m.incident_id and p.target_id = ${storm.targetId}
    where m.storm_id = ${storm.id} and m.released_at is null and m.rank < ${below}
    order by m.rank, m.opened_at, m.seq limit ${RELEASED_AT_ONCE}`.execute(trx.db);
  // The target was dead or removed in the meantime; by now they may be members of its next storm.
  const gone = rows.filter(({ folded }) => folded !== storm.id);
  await markReleased(trx, sql`storm_id = ${storm.id}`, idsOf(gone), now);
  // What has not been counted yet may be over.
  const open = rows.filter((row) => row.folded === storm.id && isBelow(row, below));
  const free = open.slice(0, count);
  await unfold(trx, storm.targetId, idsOf(free), newKey, now);
  const more = rows.length === RELEASED_AT_ONCE && (gone.length > 0 || free.length < count);
  return { released: free.length, more };
}

const idsOf = (rows: readonly Candidate[]): readonly string[] => rows.map(({ id }) => id);

const isBelow = ({ status, severity }: Candidate, rank: number): boolean =>
  status !== null && severity !== null && rankOf({ status, severity }) < rank;

/**
 * Lets go of members that are over, up to a bound: reopened, they get a card like anything new. What changed since it
 * was counted is due, so that nobody who has just reopened is lost.
 */
export async function settleStorm(trx: Trx, storm: Pick<StormRow, 'id' | 'targetId'>): Promise<StormSettled> {
  const open = await sql`
    select 1 from storm_members
    where storm_id = ${storm.id} and released_at is null and rank < ${OVER_RANK} limit 1`.execute(trx.db);
  if (open.rows.length > 0) return 'held';
  const lock = trx.engine === 'postgres' ? sql`for update` : sql``;
  const { rows } = await sql<{ id: string }>`
    select subject_id as id from placements where folded_into = ${storm.id}
    limit ${LET_GO_AT_ONCE} ${lock}`.execute(trx.db);
  const ids = textList(
    trx,
    rows.map(({ id }) => id),
  );
  await sql`
    update placements set parked_reason = null, folded_into = null, shown_revision = counted_revision,
      dirty_since = case when counted_revision < wanted_revision then dirty_since end
    where target_id = ${storm.targetId} and subject_id in ${ids}`.execute(trx.db);
  return rows.length < LET_GO_AT_ONCE ? 'settled' : 'unfinished';
}

/** Their own card, at once: no storm takes them again, since they are admitted. */
export async function unfold(
  trx: Trx,
  targetId: string,
  subjectIds: readonly string[],
  newKey: () => string,
  now: EpochMs,
): Promise<void> {
  if (subjectIds.length === 0) return;
  const rows = subjectIds.map((subject_id) => ({
    subject_id,
    target_id: targetId,
    parked_reason: null,
    folded_into: null,
    shown_revision: 0,
    message_key: newKey(),
    dirty_since: now,
  }));
  const columns = ['parked_reason', 'folded_into', 'shown_revision', 'message_key', 'dirty_since'] as const;
  await updateMany(trx, 'placements', ['subject_id', 'target_id'], columns, rows);
  const here = sql`exists (select 1 from storms s where s.id = storm_members.storm_id and s.target_id = ${targetId})`;
  await markReleased(trx, here, subjectIds, now);
  trx.hint({ kind: 'target', id: targetId });
}

async function markReleased(trx: Trx, from: RawBuilder<unknown>, ids: readonly string[], now: EpochMs): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update storm_members set released_at = ${now}
    where incident_id in ${textList(trx, ids)} and released_at is null and ${from}`.execute(trx.db);
}
