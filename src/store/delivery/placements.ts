import { sql } from 'kysely';
import type { Shown } from '../../channels/channel.ts';
import type { Made, Placement, PlacementChange, PlacementKey } from '../../delivery/placement.ts';
import type { Changed, Lease } from '../../delivery/work.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import type { Row } from '../schema.ts';
import { jsonRows, updateMany } from '../set-wise.ts';
import { present } from './rows.ts';

/** Takes those of the named placements that are free and still due; one-use tickets are taken with them. */
export async function claimPlacements(
  trx: Trx,
  keys: readonly PlacementKey[],
  lease: Lease,
  now: EpochMs,
): Promise<readonly Placement[]> {
  if (keys.length === 0) return [];
  const wanted = keys.map(({ subjectId, targetId }) => ({ s: subjectId, t: targetId }));
  const lock = trx.engine === 'postgres' ? sql`for update of p skip locked` : sql``;
  const { rows } = await sql<Row<'placements'>>`
    select p.* from ${jsonRows(trx, wanted, { s: 'text', t: 'text' })} as k
    join placements p on p.subject_id = k.s and p.target_id = k.t
    where p.parked_reason is null and p.shown_revision < p.wanted_revision and p.lease_until <= ${now}
    order by p.subject_id, p.target_id ${lock}`.execute(trx.db);
  await updateMany(
    trx,
    'placements',
    ['subject_id', 'target_id'],
    ['lease_token', 'lease_until', 'ticket'],
    rows.map(({ subject_id, target_id }) => ({
      subject_id,
      target_id,
      lease_token: lease.token,
      lease_until: lease.until,
      ticket: null,
    })),
  );
  return rows.map(placementOf);
}

/** Writes where the token still matches, and nothing where it does not. */
export async function changePlacement(
  trx: Trx,
  { subjectId, targetId }: PlacementKey,
  token: string,
  change: PlacementChange,
  now: EpochMs,
): Promise<Changed> {
  const row = await trx.db
    .updateTable('placements')
    .set({
      ...columnsOf(change),
      ...(change.shownRevision === undefined ? {} : { dirty_since: dirtyAfter(change.shownRevision, now) }),
    })
    .where('subject_id', '=', subjectId)
    .where('target_id', '=', targetId)
    .where('lease_token', '=', token)
    .returning(['shown_revision', 'wanted_revision', 'not_before', 'parked_reason'])
    .executeTakeFirst();
  if (row === undefined) return 'lost';
  const due = row.parked_reason === null && row.shown_revision < row.wanted_revision && row.not_before <= now;
  return due ? 'due' : 'settled';
}

const dirtyAfter = (shownRevision: number, now: EpochMs) =>
  sql<number | null>`case when wanted_revision <= ${shownRevision} then null else cast(${now} as bigint) end`;

function columnsOf(change: PlacementChange) {
  const { shown, release } = change;
  return {
    ...defined({
      shown_revision: change.shownRevision,
      not_before: change.notBefore,
      attempts: change.attempts,
      parked_reason: change.parkedReason,
      message_key: change.messageKey,
      pending_payload: change.pendingPayload,
      pending_revision: change.pendingRevision,
      shown_facts: change.shownFacts === undefined ? undefined : JSON.stringify(change.shownFacts),
      shown_hash: change.shownHash,
      shown_at: change.shownAt,
      first_shown_at: change.firstShownAt,
      posted_at: change.postedAt,
      rung: change.rung,
      rung_at: change.rungAt,
      generation: change.generation,
      last_error: change.lastError,
    }),
    ...(shown === undefined ? {} : shownColumns(shown)),
    ...(release ? { lease_token: null, lease_until: 0 } : {}),
  };
}

const shownColumns = (shown: Shown | null) => ({
  ref: shown?.ref ?? null,
  editable_until: shown?.editableUntil ?? null,
  edits_left: shown?.editsLeft ?? null,
});

/** Without the fields that are undefined: those columns stay as they are. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly what the filter left
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/**
 * After a call whose lease was lost: a message it made is kept (it exists, whoever holds the lease), and what it may
 * have painted over is shown once more.
 */
export async function adoptPlacement(trx: Trx, { subjectId, targetId }: PlacementKey, made: Made): Promise<void> {
  const { shown, messageKey } = made;
  const found = trx.db.updateTable('placements').where('subject_id', '=', subjectId).where('target_id', '=', targetId);
  if (shown !== undefined && messageKey !== undefined) {
    await found
      .set({
        ...shownColumns(shown),
        pending_payload: null,
        pending_revision: null,
        shown_at: made.at,
        posted_at: made.at,
        first_shown_at: sql<number>`coalesce(first_shown_at, cast(${made.at} as bigint))`,
      })
      .where('message_key', '=', messageKey)
      .where('ref', 'is', null)
      .execute();
  }
  await found
    .set({
      shown_hash: null,
      shown_revision: sql<number>`case when shown_revision < wanted_revision then shown_revision else wanted_revision - 1 end`,
      urgent_revision: sql<number>`wanted_revision`,
      dirty_since: sql<number>`coalesce(dirty_since, cast(${made.at} as bigint))`,
    })
    .execute();
}

/** Gives the shown card up: the placement is due as a first post of the next generation. */
export async function reissuePlacement(
  trx: Trx,
  { subjectId, targetId }: PlacementKey,
  generation: number,
): Promise<void> {
  await trx.db
    .updateTable('placements')
    .set({
      ref: null,
      editable_until: null,
      edits_left: null,
      message_key: null,
      pending_payload: null,
      pending_revision: null,
      shown_hash: null,
      generation: generation + 1,
      not_before: 0,
      urgent_revision: sql<number>`wanted_revision`,
      shown_revision: sql<number>`case when shown_revision < wanted_revision then shown_revision else wanted_revision - 1 end`,
    })
    .where('subject_id', '=', subjectId)
    .where('target_id', '=', targetId)
    .where('generation', '=', generation)
    .execute();
}

function placementOf(row: Row<'placements'>): Placement {
  const built = {
    subjectId: row.subject_id,
    targetId: row.target_id,
    kind: row.kind,
    priority: row.priority,
    createdAt: row.created_at,
    wantedRevision: row.wanted_revision,
    shownRevision: row.shown_revision,
    urgentRevision: row.urgent_revision,
    attempts: row.attempts,
    rung: row.rung,
    generation: row.generation,
    abandoned: row.lease_token !== null && !row.lease_token.startsWith('press'),
    ...(row.ref === null
      ? {}
      : { previous: { ref: row.ref, ...present({ editableUntil: row.editable_until, editsLeft: row.edits_left }) } }),
    ...(row.shown_facts === null ? {} : { shownFacts: JSON.parse(row.shown_facts) }),
    ...present({
      messageKey: row.message_key,
      pendingPayload: row.pending_payload,
      pendingRevision: row.pending_revision,
      ticket: row.ticket,
      shownHash: row.shown_hash,
      shownAt: row.shown_at,
      firstShownAt: row.first_shown_at,
      postedAt: row.posted_at,
      rungAt: row.rung_at,
      lastError: row.last_error,
    }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: `kind` was written from the same union
  return built as Placement;
}
