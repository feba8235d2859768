import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Delivery, DeliveryFilter } from '../../operations/deliveries-port.ts';
import type { EpochMs, Page } from '../../types.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { Handle, Trx } from '../database.ts';
import { textList } from '../set-wise.ts';
import { present } from './rows.ts';
import { unfold } from './storm-release.ts';

const MAX_LIMIT = 200;

interface Found {
  id: string;
  targetId: string;
  event: string;
  incidentId: string | null;
  state: Delivery['state'];
  attempts: number;
  lastError: string | null;
  request: string | null;
  response: string | null;
  latencyMs: number | null;
  createdAt: EpochMs;
  settledAt: EpochMs | null;
}

/** Cards' places and one-shot messages, latest first. Throws `InvalidCursor` for a cursor it did not make. */
export async function listDeliveries(handle: Handle, filter: DeliveryFilter, now: EpochMs): Promise<Page<Delivery>> {
  const limit = Math.min(Math.max(1, filter.limit), MAX_LIMIT);
  const wanted = all(conditions(handle, filter));
  const { rows: counted } = await sql<{ total: number }>`
    select count(*) as total from (${both(now)}) d where ${wanted}`.execute(handle.db);
  const { rows } = await sql<Found>`
    select * from (${both(now)}) d where ${all([wanted, ...after(filter.cursor)])}
    order by d."createdAt" desc, d.id desc limit ${limit + 1}`.execute(handle.db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(deliveryOf),
    next: last === undefined ? null : writeCursor([last.createdAt, last.id]),
    total: counted[0]?.total ?? 0,
  };
}

/** One of them: `subject@target` names a card's place, anything else a message. */
export async function getDelivery(handle: Handle, id: string, now: EpochMs): Promise<Delivery | undefined> {
  const place = splitId(id);
  const one = place === undefined ? message(now, sql`o.id = ${id}`) : placed(now, samePlace(place));
  const { rows } = await sql<Found>`${one}`.execute(handle.db);
  return rows[0] === undefined ? undefined : deliveryOf(rows[0]);
}

/** Makes a dead or parked one due again, or one that waits for its next try; false when there is none of this id. */
export async function retryDelivery(trx: Trx, id: string, now: EpochMs): Promise<boolean> {
  const place = splitId(id);
  const targetId = place === undefined ? await retryMessage(trx, id, now) : await retryPlace(trx, place, now);
  if (targetId !== undefined) trx.hint({ kind: 'target', id: targetId });
  return targetId !== undefined;
}

async function retryMessage(trx: Trx, id: string, now: EpochMs): Promise<string | undefined> {
  const row = await trx.db
    .updateTable('outbox')
    .set({
      state: 'due',
      not_before: 0,
      settled_at: null,
      last_error: null,
      created_at: now,
      expires_at: sql<number | null>`case when expires_at <= ${now} then null else expires_at end`,
    })
    .where('id', '=', id)
    .where('state', '<>', 'sent')
    .where('lease_until', '<=', now)
    .returning('target_id')
    .executeTakeFirst();
  return row?.target_id ?? (await targetOf(trx, id));
}

/** A message already sent, or under way, is there and needs nothing. */
const targetOf = async ({ db }: Trx, id: string): Promise<string | undefined> =>
  (await db.selectFrom('outbox').select('target_id').where('id', '=', id).executeTakeFirst())?.target_id;

interface Place {
  readonly subjectId: string;
  readonly targetId: string;
}

async function retryPlace(trx: Trx, { subjectId, targetId }: Place, now: EpochMs): Promise<string | undefined> {
  const found = await trx.db
    .selectFrom('placements')
    .select(['target_id', 'parked_reason'])
    .where('subject_id', '=', subjectId)
    .where('target_id', '=', targetId)
    .executeTakeFirst();
  if (found?.parked_reason === 'folded') {
    await unfold(trx, targetId, [subjectId], randomUUID, now);
    return targetId;
  }
  await trx.db
    .updateTable('placements')
    .set({ parked_reason: null, not_before: 0, attempts: 0, last_error: null })
    .where('subject_id', '=', subjectId)
    .where('target_id', '=', targetId)
    .execute();
  return found?.target_id;
}

function splitId(id: string): Place | undefined {
  const at = id.indexOf('@');
  return at < 0 ? undefined : { subjectId: id.slice(0, at), targetId: id.slice(at + 1) };
}

const samePlace = ({ subjectId, targetId }: Place) => sql`p.subject_id = ${subjectId} and p.target_id = ${targetId}`;

const both = (now: EpochMs) => sql`${placed(now)} union all ${message(now)}`;

const placed = (now: EpochMs, where: RawBuilder<unknown> = sql`1 = 1`) => sql`
  select p.subject_id || '@' || p.target_id as id, p.target_id as "targetId", p.kind as event,
    case when p.kind = 'incident' then p.subject_id end as "incidentId",
    case
      when p.parked_reason = 'folded' then 'shown' when p.parked_reason is not null then 'dead'
      when p.shown_revision >= p.wanted_revision then 'shown' when p.lease_until > ${now} then 'leased' else 'due'
    end as state,
    p.attempts as attempts, coalesce(p.last_error, p.parked_reason) as "lastError", p.pending_payload as request,
    coalesce(p.folded_into, p.ref) as response, cast(null as bigint) as "latencyMs", p.created_at as "createdAt",
    p.shown_at as "settledAt"
  from placements p where ${where}`;

const message = (now: EpochMs, where: RawBuilder<unknown> = sql`1 = 1`) => sql`
  select o.id as id, o.target_id as "targetId", coalesce(o.event, o.kind) as event, o.incident_id as "incidentId",
    case o.state when 'sent' then 'shown' when 'due' then case when o.lease_until > ${now} then 'leased' else 'due' end
      else 'dead' end as state,
    o.attempts as attempts, case when o.state = 'expired' then coalesce(o.last_error, 'expired') else o.last_error end
      as "lastError", o.payload as request, coalesce(o.response, o.ref) as response, o.latency_ms as "latencyMs",
    o.created_at as "createdAt", o.settled_at as "settledAt"
  from outbox o where ${where}`;

function conditions(handle: Handle, { state, targetId, incidentId }: DeliveryFilter): readonly RawBuilder<unknown>[] {
  return [
    ...(state === undefined || state.length === 0 ? [] : [sql`d.state in ${textList(handle, state)}`]),
    ...(targetId === undefined ? [] : [sql`d."targetId" = ${targetId}`]),
    ...(incidentId === undefined ? [] : [sql`d."incidentId" = ${incidentId}`]),
  ];
}

function after(cursor: string | undefined): readonly RawBuilder<unknown>[] {
  if (cursor === undefined) return [];
  const [at = 0, id = ''] = readCursor(cursor, ['number', 'string']);
  return [sql`(d."createdAt" < ${at} or (d."createdAt" = ${at} and d.id < ${id}))`];
}

const all = (list: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  list.length === 0 ? sql`1 = 1` : sql.join(list, sql` and `);

const deliveryOf = (row: Found): Delivery => ({
  id: row.id,
  targetId: row.targetId,
  event: row.event,
  state: row.state,
  attempts: row.attempts,
  createdAt: row.createdAt,
  ...(row.request === null ? {} : { request: JSON.parse(row.request) as unknown }), // our own JSON, shown as it is
  ...present({
    incidentId: row.incidentId,
    lastError: row.lastError,
    response: row.response,
    latencyMs: row.latencyMs,
    settledAt: row.settledAt,
  }),
});
