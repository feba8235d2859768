import { sql } from 'kysely';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { insertMany } from '../set-wise.ts';

/** The target takes nothing any more: its cards are parked, its storm is over, and it is looked at again now and then. */
export async function killTarget(trx: Trx, targetId: string, reason: string, now: EpochMs): Promise<void> {
  await trx.db
    .updateTable('targets')
    .set({
      state: 'dead',
      state_since: sql<number>`case when state = 'dead' then state_since else ${now} end`,
      last_error: reason,
      next_at: 0,
    })
    .where('id', '=', targetId)
    .execute();
  await trx.db
    .updateTable('storms')
    .set({ ended_at: now })
    .where('target_id', '=', targetId)
    .where('ended_at', 'is', null)
    .execute();
  await sql`
    update placements set parked_reason = 'target_dead', folded_into = null,
      shown_revision = case when parked_reason = 'folded' then 0 else shown_revision end
    where target_id = ${targetId} and (parked_reason is null or parked_reason = 'folded') and (
      shown_revision < wanted_revision
      or subject_id in (select id from incidents where status <> 'resolved')
    )`.execute(trx.db);
  await insertMany(
    trx,
    'due',
    [
      {
        kind: 'target_probe',
        subject_id: targetId,
        due_at: now,
        payload: null,
        lease_token: null,
        lease_until: 0,
        attempts: 0,
        last_error: null,
      },
    ],
    { ignoreConflicts: true },
  );
}

/**
 * A call succeeded. When the target had been dead, its placements of unresolved incidents, and of those resolved since
 * last shown, are due again. Resolves to whether it had been dead.
 */
export async function targetWorks(trx: Trx, targetId: string, now: EpochMs): Promise<boolean> {
  // The target's row comes first here and in `killTarget`: of a death and a success that cross, the later sees the other.
  await trx.db
    .updateTable('targets')
    .set({
      state: 'ok',
      state_since: sql<number>`case when state = 'ok' then state_since else ${now} end`,
      failures: 0,
      last_error: null,
      last_ok_at: now,
    })
    .where('id', '=', targetId)
    .execute();
  const probe = await trx.db
    .deleteFrom('due')
    .where('kind', '=', 'target_probe')
    .where('subject_id', '=', targetId)
    .executeTakeFirst();
  if (probe.numDeletedRows === 0n) return false;
  await unpark(trx, targetId);
  trx.hint({ kind: 'target', id: targetId });
  return true;
}

/**
 * What opened and was over while the target was dead is not due: nobody there knows of it. It is let go of all the same,
 * or it could never appear there once it reopens.
 */
async function unpark(trx: Trx, targetId: string): Promise<void> {
  const due = sql<boolean>`kind = 'storm' or first_shown_at is not null
    or subject_id in (select id from incidents where status <> 'resolved')`;
  await trx.db
    .updateTable('placements')
    .set({
      parked_reason: null,
      not_before: 0,
      attempts: 0,
      shown_revision: sql<number>`case when ${due} then shown_revision else wanted_revision end`,
      dirty_since: sql<number | null>`case when ${due} then dirty_since end`,
    })
    .where('target_id', '=', targetId)
    .where('parked_reason', '=', 'target_dead')
    .execute();
}

/** Pauses a lane; a failure counts, a throttle does not. */
export async function pauseTarget(
  trx: Trx,
  targetId: string,
  until: EpochMs,
  failed: boolean,
  error: string,
): Promise<void> {
  await trx.db
    .updateTable('targets')
    .set({
      next_at: sql<number>`case when next_at < ${until} then cast(${until} as bigint) else next_at end`,
      ...(failed
        ? {
            failures: sql<number>`failures + 1`,
            last_error: error,
            state: sql<string>`case when state = 'ok' then 'backing_off' else state end`,
          }
        : {}),
    })
    .where('id', '=', targetId)
    .execute();
}
