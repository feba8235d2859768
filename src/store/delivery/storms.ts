import { sql } from 'kysely';
import type { StormChange, StormRow } from '../../delivery/storm-ports.ts';
import type { Lease } from '../../delivery/work.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { textList } from '../set-wise.ts';
import { present } from './rows.ts';

/** Each is some statements, and alerts wait behind all of them together. */
const LOOKED_AT_ONCE = 8;
const CLAIMED_AT_ONCE = 64;

/** Some of the storms whose look at the weather is due, leased. */
export async function dueStorms(trx: Trx, lease: Lease, now: EpochMs): Promise<readonly StormRow[]> {
  const ids = await claimDue(trx, 'storm', lease, now, LOOKED_AT_ONCE);
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
  limit = CLAIMED_AT_ONCE,
): Promise<readonly { readonly id: string; readonly attempts: number }[]> {
  const lock = trx.engine === 'postgres' ? sql`for update skip locked` : sql``;
  const { rows } = await sql<{ subject_id: string; attempts: number }>`
    select subject_id, attempts from due
    where kind = ${kind} and due_at <= ${now} and lease_until <= ${now}
    order by due_at limit ${limit} ${lock}`.execute(trx.db);
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

/** Writes what the weather decided, and when to look again. */
export async function changeStorm(trx: Trx, storm: StormRow, change: StormChange, now: EpochMs): Promise<void> {
  await trx.db
    .updateTable('storms')
    .set({
      calm_since: change.calmSince ?? null,
      ended_at: change.endedAt ?? storm.endedAt ?? null,
      revision: sql<number>`revision + ${change.raise ? 1 : 0}`,
      changed: 0,
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
