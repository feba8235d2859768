import { sql } from 'kysely';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { insertMany } from '../set-wise.ts';
import { newPlacement } from './first-cards.ts';

/**
 * Parks what became due at dead targets since, and shows unresolved incidents that are left without a living place at
 * the default target. Resolves to how many went there.
 */
export async function rescue(trx: Trx, defaultTargetId: string, now: EpochMs): Promise<number> {
  // The lock makes a revival that crosses come before or after: between, what was just parked would stay so for ever.
  const lock = trx.engine === 'postgres' ? sql`for share` : sql``;
  await sql`
    update placements set parked_reason = 'target_dead'
    where parked_reason is null and shown_revision < wanted_revision
      and target_id in (select id from targets where state = 'dead' ${lock})`.execute(trx.db);
  const { rows } = await sql<{ id: string; revision: number; severity: string }>`
    select distinct i.id, i.revision, i.severity from targets t
    join placements p on p.target_id = t.id and p.parked_reason = 'target_dead'
    join incidents i on i.id = p.subject_id and i.status <> 'resolved'
    where t.state = 'dead' and t.id <> ${defaultTargetId} and not exists (
      select 1 from placements q join targets u on u.id = q.target_id where q.subject_id = i.id and ${living}
    )`.execute(trx.db);
  await placeAt(trx, defaultTargetId, rows, now);
  return rows.length;
}

/** A place `q` at a target `u` where people see the card, or see that a storm holds it. */
const living = sql<boolean>`u.enabled = 1 and u.pending = 0 and u.state <> 'dead'
  and (q.parked_reason is null or q.parked_reason = 'folded')`;

/** Unresolved incidents that have no living place but at this target, which is closed, go to the default target as well. */
export async function rescueFrom(trx: Trx, targetId: string, defaultTargetId: string, now: EpochMs): Promise<void> {
  const { rows } = await sql<{ id: string; revision: number; severity: string }>`
    select i.id, i.revision, i.severity from incidents i
    where i.status <> 'resolved'
      and exists (select 1 from placements p where p.subject_id = i.id and p.target_id = ${targetId})
      and not exists (
        select 1 from placements q join targets u on u.id = q.target_id
        where q.subject_id = i.id and q.target_id <> ${targetId} and ${living}
      )`.execute(trx.db);
  await placeAt(trx, defaultTargetId, rows, now);
}

/** Unresolved incidents that only this placement showed go to the default target as well. */
export async function rescueOne(trx: Trx, incidentId: string, defaultTargetId: string, now: EpochMs): Promise<void> {
  const { rows } = await sql<{ id: string; revision: number; severity: string }>`
    select i.id, i.revision, i.severity from incidents i
    where i.id = ${incidentId} and i.status <> 'resolved' and not exists (
      select 1 from placements q where q.subject_id = i.id and (q.parked_reason is null or q.parked_reason = 'folded')
    )`.execute(trx.db);
  await placeAt(trx, defaultTargetId, rows, now);
}

const SEVERITY_PRIORITY: Readonly<Record<string, number>> = { critical: 0, warning: 1, info: 2 };

/** Gives incidents a place at a target, where they have none yet, and has their cards shown at once. */
export async function placeAt(
  trx: Trx,
  targetId: string,
  incidents: readonly { id: string; revision: number; severity: string }[],
  now: EpochMs,
): Promise<void> {
  const rows = incidents.map(({ id, revision, severity }) => ({
    ...newPlacement(id, targetId, now),
    priority: SEVERITY_PRIORITY[severity] ?? 1,
    wanted_revision: revision,
    urgent_revision: revision,
  }));
  await insertMany(trx, 'placements', rows, { ignoreConflicts: true });
  if (rows.length > 0) trx.hint({ kind: 'target', id: targetId });
}
