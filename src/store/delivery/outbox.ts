import { sql } from 'kysely';
import type { NewMessage, OutboxChange, OutboxRow } from '../../delivery/outbox.ts';
import type { PlacementKey } from '../../delivery/placement.ts';
import type { Lease } from '../../delivery/work.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { rowId } from '../ids.ts';
import type { Row } from '../schema.ts';
import { insertMany, textList } from '../set-wise.ts';
import { present } from './rows.ts';

const ANSWER_LIFE_MS = 10 * 60_000;

/** By kind, on the scale of `delivery/ordering.ts`. */
const PRIORITIES: Readonly<Record<NewMessage['kind'], number>> = {
  answer: 0,
  test: 0,
  page: 15,
  attention: 20,
  event: 35,
  pointer: 40,
  report: 50,
};

/**
 * Stores a message to be sent once, in the caller's transaction. Undefined when one with its `dedupeKey` is there.
 * An answer ends after ten minutes unless told otherwise; everything else is sent however late.
 */
export async function enqueueMessage(trx: Trx, message: NewMessage, now: EpochMs): Promise<string | undefined> {
  const id = rowId(now);
  const expiresAt = message.expiresAt ?? (message.kind === 'answer' ? now + ANSWER_LIFE_MS : undefined);
  const inserted = await insertMany(
    trx,
    'outbox',
    [
      {
        id,
        target_id: message.targetId,
        kind: message.kind,
        event: message.event ?? null,
        incident_id: message.incidentId ?? null,
        priority: message.priority ?? PRIORITIES[message.kind],
        payload: JSON.stringify(message.payload),
        mentions: JSON.stringify(message.mentions ?? []),
        reply_to: message.replyTo ?? null,
        reply_context: message.replyContext ?? null,
        reply_context_until: message.replyContextUntil ?? null,
        after_subject: message.afterSubject ?? null,
        dedupe_key: message.dedupeKey ?? null,
        created_at: now,
        expires_at: expiresAt ?? null,
        not_before: message.notBefore ?? 0,
        lease_token: null,
        lease_until: 0,
        attempts: 0,
        state: 'due',
        settled_at: null,
        ref: null,
        last_error: null,
        response: null,
        latency_ms: null,
      },
    ],
    { ignoreConflicts: true },
  );
  if (inserted === 0) return undefined;
  trx.hint({ kind: 'target', id: message.targetId });
  return id;
}

/** Unsent announcements about a subject at a target give way to a newer one. */
export const dropAttention = (trx: Trx, key: PlacementKey, now: EpochMs): Promise<void> =>
  supersede(trx, 'attention', key, now);

/** What waits of this kind, follows the subject's card at the target and is not being sent gives way to what is newer. */
export async function supersede(
  { db }: Trx,
  kind: NewMessage['kind'],
  { subjectId, targetId }: PlacementKey,
  now: EpochMs,
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ state: 'expired', settled_at: now, last_error: 'superseded' })
    .where('target_id', '=', targetId)
    .where('state', '=', 'due')
    .where('kind', '=', kind)
    .where('after_subject', '=', subjectId)
    .where('lease_until', '<=', now)
    .execute();
}

interface Joined extends Row<'outbox'> {
  p_ref: string | null;
  p_posted_at: number | null;
  p_editable_until: number | null;
  p_edits_left: number | null;
  p_generation: number | null;
  p_parked: string | null;
}

/** Takes those of the named messages that are free and unsent, with the card each follows. */
export async function claimMessages(
  trx: Trx,
  ids: readonly string[],
  lease: Lease,
  now: EpochMs,
): Promise<readonly OutboxRow[]> {
  if (ids.length === 0) return [];
  const lock = trx.engine === 'postgres' ? sql`for update of o skip locked` : sql``;
  const { rows } = await sql<Joined>`
    select o.*, p.ref as p_ref, p.posted_at as p_posted_at,
      p.editable_until as p_editable_until, p.edits_left as p_edits_left, p.generation as p_generation,
      p.parked_reason as p_parked
    from outbox o left join placements p on p.subject_id = o.after_subject and p.target_id = o.target_id
    where o.id in ${textList(trx, ids)} and o.state = 'due' and o.lease_until <= ${now}
    order by o.id ${lock}`.execute(trx.db);
  if (rows.length === 0) return [];
  await trx.db
    .updateTable('outbox')
    .set({ lease_token: lease.token, lease_until: lease.until })
    .where(
      'id',
      'in',
      sql<string>`${textList(
        trx,
        rows.map(({ id }) => id),
      )}`,
    )
    .execute();
  return rows.map(outboxOf);
}

/** Writes where the token still matches; resolves to whether it did. */
export async function changeMessage(trx: Trx, id: string, token: string, change: OutboxChange): Promise<boolean> {
  const columns = {
    state: change.state,
    lease_token: null,
    lease_until: 0,
    ...(change.notBefore === undefined ? {} : { not_before: change.notBefore }),
    ...(change.attempts === undefined ? {} : { attempts: change.attempts }),
    ...(change.settledAt === undefined ? {} : { settled_at: change.settledAt }),
    ...(change.ref === undefined ? {} : { ref: change.ref }),
    ...(change.lastError === undefined ? {} : { last_error: change.lastError }),
    ...(change.response === undefined ? {} : { response: change.response }),
    ...(change.latencyMs === undefined ? {} : { latency_ms: change.latencyMs }),
  };
  const { numUpdatedRows } = await trx.db
    .updateTable('outbox')
    .set(columns)
    .where('id', '=', id)
    .where('lease_token', '=', token)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function outboxOf(row: Joined): OutboxRow {
  const after = {
    parked: row.p_parked !== null,
    generation: row.p_generation ?? 0,
    ...present({
      ref: row.p_ref,
      postedAt: row.p_posted_at,
      editableUntil: row.p_editable_until,
      editsLeft: row.p_edits_left,
    }),
  };
  const built = {
    id: row.id,
    targetId: row.target_id,
    kind: row.kind,
    priority: row.priority,
    payload: JSON.parse(row.payload),
    mentions: JSON.parse(row.mentions),
    createdAt: row.created_at,
    attempts: row.attempts,
    abandoned: row.lease_token !== null,
    ...(row.after_subject === null || row.p_generation === null ? {} : { after }),
    ...present({
      event: row.event,
      incidentId: row.incident_id,
      replyTo: row.reply_to,
      replyContext: row.reply_context,
      replyContextUntil: row.reply_context_until,
      afterSubject: row.after_subject,
      expiresAt: row.expires_at,
      lastError: row.last_error,
      ref: row.ref,
    }),
  };
  return built;
}
