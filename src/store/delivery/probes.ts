import { sql } from 'kysely';
import type { Probe, Target } from '../../delivery/target-ports.ts';
import type { Lease } from '../../delivery/work.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { targetOf } from './lanes.ts';
import { claimDue } from './storms.ts';

/** Dead targets that are to be looked at, leased. */
export async function dueProbes(trx: Trx, lease: Lease, now: EpochMs): Promise<readonly Probe[]> {
  return (await claimDue(trx, 'target_probe', lease, now)).map(({ id, attempts }) => ({ targetId: id, attempts }));
}

/**
 * Lets the most important parked placement of a dead target through: its lane has the state `backing_off` until that
 * call tells. Undefined when the target is gone or lives. With nothing parked it stays dead until there is something.
 */
export async function probeTarget(
  trx: Trx,
  { targetId, attempts }: Probe,
  nextAt: EpochMs,
): Promise<(Target & { readonly lastError: string }) | undefined> {
  const target = await trx.db.selectFrom('targets').selectAll().where('id', '=', targetId).executeTakeFirst();
  if (target === undefined || target.state === 'ok') {
    await trx.db.deleteFrom('due').where('kind', '=', 'target_probe').where('subject_id', '=', targetId).execute();
    return undefined;
  }
  await trx.db
    .updateTable('due')
    .set({ due_at: nextAt, attempts: attempts + 1, lease_token: null, lease_until: 0 })
    .where('kind', '=', 'target_probe')
    .where('subject_id', '=', targetId)
    .execute();
  if (attempts > 0 && target.state === 'dead') await letOneThrough(trx, targetId);
  return { ...targetOf(target), lastError: target.last_error ?? '' };
}

async function letOneThrough(trx: Trx, targetId: string): Promise<void> {
  const best = await trx.db
    .selectFrom('placements as p')
    .innerJoin('incidents as i', 'i.id', 'p.subject_id')
    .select('p.subject_id')
    .where('p.target_id', '=', targetId)
    .where('p.parked_reason', '=', 'target_dead')
    .where('i.status', '<>', 'resolved')
    .orderBy('p.priority')
    .orderBy('p.created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (best === undefined) return;
  await trx.db
    .updateTable('targets')
    .set({ state: 'backing_off', next_at: 0, failures: 1 })
    .where('id', '=', targetId)
    .execute();
  await trx.db
    .updateTable('placements')
    .set({
      parked_reason: null,
      not_before: 0,
      shown_hash: null,
      urgent_revision: sql<number>`wanted_revision`,
      shown_revision: sql<number>`case when shown_revision < wanted_revision then shown_revision else wanted_revision - 1 end`,
    })
    .where('target_id', '=', targetId)
    .where('subject_id', '=', best.subject_id)
    .execute();
  trx.hint({ kind: 'target', id: targetId });
}
