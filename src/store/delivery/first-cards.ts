import { sql } from 'kysely';
import type { FirstCards } from '../../delivery/storm-ports.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { rowId } from '../ids.ts';
import { scheduleMany } from '../schedule.ts';
import { insertMany, textList, updateMany } from '../set-wise.ts';
import { addMembers } from './storm-members.ts';
import { raiseStorm } from './storms.ts';

const MINUTE_MS = 60_000;
/** Until a storm is diagnosed: most of its incidents have come, and the rules have looked at each. */
const SETTLE_MS = 20_000;

interface Counted {
  targetId: string;
  storm: string | null;
  waiting: number;
  critical: number;
  other: number;
}

/** First cards that wait at targets, and what each had in the last minute: shown, or admitted and under way. */
export async function firstCards(trx: Trx, targetIds: readonly string[], now: EpochMs): Promise<readonly FirstCards[]> {
  const since = now - MINUTE_MS;
  const { rows } = await sql<Counted>`
    select w."targetId", s.id as storm, w.waiting,
      w.critical + (select count(*) from placements r where r.target_id = w."targetId" and r.first_shown_at > ${since}
        and r.kind = 'incident' and r.priority = 0) as critical,
      w.other + (select count(*) from placements r where r.target_id = w."targetId" and r.first_shown_at > ${since}
        and r.kind = 'incident' and r.priority > 0) as other
    from (
      select p.target_id as "targetId",
        count(case when p.message_key is null then 1 end) as waiting,
        count(case when p.message_key is not null and p.priority = 0 then 1 end) as critical,
        count(case when p.message_key is not null and p.priority > 0 then 1 end) as other
      from placements p
      where p.target_id in ${textList(trx, targetIds)} and p.parked_reason is null
        and p.shown_revision < p.wanted_revision and p.first_shown_at is null and p.kind = 'incident'
      group by p.target_id
    ) w left join storms s on s.target_id = w."targetId" and s.ended_at is null
    where w.waiting > 0`.execute(trx.db);
  return rows.map(({ targetId, storm, waiting, critical, other }) => ({
    targetId,
    ...(storm === null ? {} : { storm }),
    waiting,
    recent: { critical, other },
  }));
}

/** First cards that nothing was decided about yet, in the order in which they would be shown. */
export async function waitingFirstCards(trx: Trx, targetId: string) {
  const rows = await trx.db
    .selectFrom('placements')
    .select(['subject_id', 'priority'])
    .where('target_id', '=', targetId)
    .where('parked_reason', 'is', null)
    .where(sql<boolean>`shown_revision < wanted_revision`)
    .where('first_shown_at', 'is', null)
    .where('message_key', 'is', null)
    .where('kind', '=', 'incident')
    .orderBy('priority')
    .orderBy('created_at')
    .orderBy('subject_id')
    .execute();
  return rows.map(({ subject_id, priority }) => ({ subjectId: subject_id, critical: priority === 0 }));
}

/** They keep cards of their own, whatever storm comes: a message key is what tells. */
export async function admit(
  trx: Trx,
  targetId: string,
  subjectIds: readonly string[],
  newKey: () => string,
): Promise<void> {
  const rows = subjectIds.map((subject_id) => ({ subject_id, target_id: targetId, message_key: newKey() }));
  await updateMany(trx, 'placements', ['subject_id', 'target_id'], ['message_key'], rows);
}

/** Folds them into the target's storm, which is started when there is none; its card is raised. */
export async function fold(trx: Trx, targetId: string, subjectIds: readonly string[], now: EpochMs): Promise<void> {
  const stormId = (await activeStorm(trx, targetId)) ?? (await startStorm(trx, targetId, now));
  await trx.db
    .updateTable('placements')
    .set({
      parked_reason: 'folded',
      folded_into: stormId,
      // What an earlier storm here has not counted yet is not forgotten.
      counted_revision: sql<number>`coalesce(counted_revision, wanted_revision)`,
      shown_revision: sql<number>`wanted_revision`,
      dirty_since: null,
    })
    .where('target_id', '=', targetId)
    .where('subject_id', 'in', sql<string>`${textList(trx, subjectIds)}`)
    .execute();
  await addMembers(trx, stormId, subjectIds, now);
  await raiseStorm(trx, stormId, targetId, now);
}

async function activeStorm(trx: Trx, targetId: string): Promise<string | undefined> {
  const row = await trx.db
    .selectFrom('storms')
    .select('id')
    .where('target_id', '=', targetId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row?.id;
}

async function startStorm(trx: Trx, targetId: string, now: EpochMs): Promise<string> {
  const id = `STORM-${rowId(now)}`;
  await insertMany(trx, 'storms', [
    { id, target_id: targetId, revision: 0, changed: 0, started_at: now, calm_since: null, ended_at: null },
  ]);
  await insertMany(trx, 'placements', [stormPlacement(id, targetId, now)]);
  await scheduleMany(trx, [
    { kind: 'storm', subject: id, dueAt: now },
    { kind: 'storm_model', subject: id, dueAt: now + SETTLE_MS },
  ]);
  return id;
}

const stormPlacement = (id: string, targetId: string, now: EpochMs) => ({
  ...newPlacement(id, targetId, now),
  kind: 'storm',
  priority: 0,
  wanted_revision: 0,
  urgent_revision: 0,
  dirty_since: null,
});

/** A placement that shows nothing yet and wants to at once. */
export const newPlacement = (subjectId: string, targetId: string, now: EpochMs) => ({
  subject_id: subjectId,
  target_id: targetId,
  kind: 'incident',
  priority: 0,
  created_at: now,
  wanted_revision: 1,
  shown_revision: 0,
  urgent_revision: 1,
  dirty_since: now,
  not_before: 0,
  lease_token: null,
  lease_until: 0,
  attempts: 0,
  parked_reason: null,
  folded_into: null,
  counted_revision: null,
  message_key: null,
  pending_payload: null,
  pending_revision: null,
  ref: null,
  editable_until: null,
  edits_left: null,
  ticket: null,
  shown_facts: null,
  shown_hash: null,
  shown_at: null,
  first_shown_at: null,
  posted_at: null,
  rung: 0,
  rung_at: null,
  generation: 0,
  last_error: null,
});
