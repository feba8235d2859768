import { sql } from 'kysely';
import type { Lease, StormChange, StormRow } from '../../delivery/work.ts';
import type { Release } from '../../delivery/ports.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { textList, updateMany } from '../set-wise.ts';
import { present } from './rows.ts';

const MINUTE_MS = 60_000;

/** Storms whose look at the weather is due, leased. */
export async function dueStorms(trx: Trx, lease: Lease, now: EpochMs): Promise<readonly StormRow[]> {
  const ids = await claimDue(trx, 'storm', lease, now);
  if (ids.length === 0) return [];
  const rows = await trx.db
    .selectFrom('storms')
    .selectAll()
    .where(
      'id',
      'in',
      sql<string>`${textList(
        trx,
        ids.map(({ id }) => id),
      )}`,
    )
    .execute();
  return rows.map((row) => ({
    id: row.id,
    targetId: row.target_id,
    revision: row.revision,
    startedAt: row.started_at,
    ...present({ calmSince: row.calm_since, endedAt: row.ended_at }),
  }));
}

/** Leases due-rows of one kind. */
export async function claimDue(
  trx: Trx,
  kind: string,
  lease: Lease,
  now: EpochMs,
): Promise<readonly { readonly id: string; readonly attempts: number }[]> {
  const lock = trx.engine === 'postgres' ? sql`for update skip locked` : sql``;
  const { rows } = await sql<{ subject_id: string; attempts: number }>`
    select subject_id, attempts from due
    where kind = ${kind} and due_at <= ${now} and lease_until <= ${now}
    order by due_at limit 64 ${lock}`.execute(trx.db);
  if (rows.length === 0) return [];
  await trx.db
    .updateTable('due')
    .set({ lease_token: lease.token, lease_until: lease.until })
    .where('kind', '=', kind)
    .where(
      'subject_id',
      'in',
      sql<string>`${textList(
        trx,
        rows.map((row) => row.subject_id),
      )}`,
    )
    .execute();
  return rows.map(({ subject_id, attempts }) => ({ id: subject_id, attempts }));
}

/** Members that changed since last counted are counted as of now; true when there were any. */
export async function absorbChanges(trx: Trx, stormId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('placements')
    .set({ shown_revision: sql<number>`wanted_revision`, dirty_since: null })
    .where('folded_into', '=', stormId)
    .where(sql<boolean>`shown_revision < wanted_revision`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Incidents that came to the storm's target in the last minute: those that joined, and those that got their own card. */
export async function stormRate(trx: Trx, storm: StormRow, now: EpochMs): Promise<number> {
  const since = now - MINUTE_MS;
  const joined = await trx.db
    .selectFrom('storm_members')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('storm_id', '=', storm.id)
    .where('joined_at', '>', since)
    .executeTakeFirstOrThrow();
  const own = await trx.db
    .selectFrom('placements')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('target_id', '=', storm.targetId)
    .where('first_shown_at', '>', since)
    .where('kind', '=', 'incident')
    .executeTakeFirstOrThrow();
  return joined.n + own.n;
}

/** Writes what the weather decided, and when to look again. */
export async function changeStorm(trx: Trx, storm: StormRow, change: StormChange, now: EpochMs): Promise<void> {
  await trx.db
    .updateTable('storms')
    .set({
      calm_since: change.calmSince ?? null,
      ended_at: change.endedAt ?? storm.endedAt ?? null,
      revision: sql<number>`revision + ${change.raise ? 1 : 0}`,
    })
    .where('id', '=', storm.id)
    .execute();
  if (change.raise) await wantStorm(trx, storm, change.endedAt !== undefined, now);
  const due = trx.db.updateTable('due').where('kind', '=', 'storm').where('subject_id', '=', storm.id);
  if (change.nextAt !== undefined) {
    await due.set({ due_at: change.nextAt, lease_token: null, lease_until: 0 }).execute();
  } else {
    await trx.db.deleteFrom('due').where('kind', '=', 'storm').where('subject_id', '=', storm.id).execute();
  }
}

/** One revision more, wanted at its target; used when members join as well. */
export async function raiseStorm(trx: Trx, stormId: string, targetId: string, now: EpochMs): Promise<void> {
  const { revision } = await trx.db
    .updateTable('storms')
    .set({ revision: sql<number>`revision + 1` })
    .where('id', '=', stormId)
    .returning('revision')
    .executeTakeFirstOrThrow();
  await wantStorm(trx, { id: stormId, targetId, revision: revision - 1 }, revision === 1, now);
}

async function wantStorm(
  trx: Trx,
  storm: Pick<StormRow, 'id' | 'targetId' | 'revision'>,
  urgent: boolean,
  now: EpochMs,
): Promise<void> {
  const wanted = storm.revision + 1;
  await trx.db
    .updateTable('placements')
    .set({
      wanted_revision: wanted,
      dirty_since: sql<number>`coalesce(dirty_since, cast(${now} as bigint))`,
      ...(urgent ? { urgent_revision: wanted } : {}),
    })
    .where('subject_id', '=', storm.id)
    .where('target_id', '=', storm.targetId)
    .execute();
  trx.hint({ kind: 'target', id: storm.targetId });
}

export async function criticalsLastMinute(trx: Trx, targetId: string, now: EpochMs): Promise<number> {
  const row = await trx.db
    .selectFrom('placements')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('target_id', '=', targetId)
    .where('first_shown_at', '>', now - MINUTE_MS)
    .where('kind', '=', 'incident')
    .where('priority', '=', 0)
    .executeTakeFirstOrThrow();
  return row.n;
}

export async function releasedLastMinute(trx: Trx, stormId: string, now: EpochMs): Promise<number> {
  const row = await trx.db
    .selectFrom('storm_members')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('storm_id', '=', stormId)
    .where('released_at', '>', now - MINUTE_MS)
    .executeTakeFirstOrThrow();
  return row.n;
}

/** Up to `count` unresolved members get their own card, worst and oldest first. */
export async function releaseMembers(
  trx: Trx,
  storm: StormRow,
  { count, only, newKey }: Release,
  now: EpochMs,
): Promise<{ readonly released: number; readonly left: number }> {
  const folded = await sql<{ subject_id: string; status: string; severity: string }>`
    select p.subject_id, i.status, i.severity
    from placements p join incidents i on i.id = p.subject_id
    where p.folded_into = ${storm.id}
    order by case i.severity when 'critical' then 0 when 'warning' then 1 else 2 end, i.opened_at, i.seq`.execute(
    trx.db,
  );
  const open = folded.rows.filter(({ status }) => status !== 'resolved');
  const free = open.filter(({ severity }) => only === 'open' || severity === 'critical').slice(0, count);
  await unfold(
    trx,
    storm.targetId,
    free.map((row) => row.subject_id),
    newKey,
    now,
  );
  return { released: free.length, left: open.length - free.length };
}

/** Lets go of members that ended: reopened, they get a card like anything new. */
export async function settleStorm(trx: Trx, stormId: string): Promise<void> {
  await trx.db
    .updateTable('placements')
    .set({ parked_reason: null, folded_into: null, shown_revision: sql<number>`wanted_revision`, dirty_since: null })
    .where('folded_into', '=', stormId)
    .execute();
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
  await trx.db
    .updateTable('storm_members')
    .set({ released_at: now })
    .where('incident_id', 'in', sql<string>`${textList(trx, subjectIds)}`)
    .where('released_at', 'is', null)
    .where('storm_id', 'in', trx.db.selectFrom('storms').select('id').where('target_id', '=', targetId))
    .execute();
  trx.hint({ kind: 'target', id: targetId });
}
