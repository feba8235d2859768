import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { placeAt } from './rescue.ts';
import { unfold } from './storm-release.ts';

/**
 * Has an incident's own card shown at a target at once: taken out of a storm, or placed where it was not. What has a
 * card there already keeps it.
 */
export async function showNow(trx: Trx, incidentId: string, targetId: string, now: EpochMs): Promise<void> {
  const found = await trx.db
    .selectFrom('placements')
    .select('parked_reason')
    .where('subject_id', '=', incidentId)
    .where('target_id', '=', targetId)
    .executeTakeFirst();
  if (found?.parked_reason === 'folded') {
    await unfold(trx, targetId, [incidentId], randomUUID, now);
  } else if (found === undefined) {
    const incident = await trx.db
      .selectFrom('incidents')
      .select(['id', 'revision', 'severity'])
      .where('id', '=', incidentId)
      .executeTakeFirst();
    if (incident === undefined) return;
    await placeAt(trx, targetId, [incident], now);
    await admitOne(trx, incidentId, targetId);
  }
}

/** A message key tells that it keeps its own card, whatever storm rages. */
const admitOne = (trx: Trx, incidentId: string, targetId: string): Promise<unknown> =>
  trx.db
    .updateTable('placements')
    .set({ message_key: randomUUID() })
    .where('subject_id', '=', incidentId)
    .where('target_id', '=', targetId)
    .where('message_key', 'is', null)
    .execute();

/** Paints every card of unresolved incidents at a target anew, e.g. in another language. */
export async function repaint(trx: Trx, targetId: string): Promise<void> {
  await sql`
    update placements set shown_revision = wanted_revision - 1, urgent_revision = wanted_revision
    where target_id = ${targetId} and parked_reason is null and ref is not null and shown_revision >= wanted_revision
      and subject_id in (select id from incidents where status <> 'resolved')`.execute(trx.db);
  trx.hint({ kind: 'target', id: targetId });
}

/** Paints what an edit did not reach, resolved incidents too: cards of this channel that nothing is known to equal. */
export async function repaintUnreached(trx: Trx, channel: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update placements set shown_revision = wanted_revision - 1, urgent_revision = wanted_revision
    where target_id in (select id from targets where channel = ${channel}) and parked_reason is null
      and ref is not null and shown_hash is null and shown_revision >= wanted_revision
    returning target_id as id`.execute(trx.db);
  for (const id of new Set(rows.map((row) => row.id))) trx.hint({ kind: 'target', id });
}
