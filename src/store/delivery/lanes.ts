import { sql } from 'kysely';
import type { Cutoffs } from '../../delivery/ports.ts';
import type { Target } from '../../delivery/target-ports.ts';
import type { Lease, Waiting } from '../../delivery/work.ts';
import type { EpochMs } from '../../types.ts';
import type { Handle, Trx } from '../database.ts';
import type { Row } from '../schema.ts';
import { textList } from '../set-wise.ts';
import { messageIsDue, placementIsDue, targetTakesCards } from './due.ts';
import { present } from './rows.ts';

/** A lane's lease is renewed when less than this share of it is left: a busy lane writes one row a while, not a round. */
const RENEW_BELOW = 0.5;

/** Targets of these channels with something due that `holder` may lease. */
export async function targetsWithWork(
  handle: Handle,
  channels: readonly string[],
  holder: string,
  now: EpochMs,
  cutoffs: Cutoffs,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from targets t
    where t.channel in ${textList(handle, channels)} and t.next_at <= ${now}
      and (t.lease_token = ${holder} or t.lease_until <= ${now})
      and (
        (${targetTakesCards} and exists (
          select 1 from placements p where p.target_id = t.id and ${placementIsDue(now, cutoffs)}))
        or exists (select 1 from outbox o where o.target_id = t.id and ${messageIsDue(now)})
      )`.execute(handle.db);
  return rows.map(({ id }) => id);
}

/**
 * Leases what is free or already ours of the given targets, and is not paused; others keep theirs. Those of the channels
 * `unleased` are found and, for this transaction, locked, but not leased.
 */
export async function leaseTargets(
  trx: Trx,
  ids: readonly string[],
  lease: Lease,
  now: EpochMs,
  unleased: ReadonlySet<string> = new Set(),
): Promise<readonly Target[]> {
  const lock = trx.engine === 'postgres' ? sql`for update skip locked` : sql``;
  const { rows } = await sql<Row<'targets'>>`
    select * from targets
    where id in ${textList(trx, ids)} and next_at <= ${now} and (lease_token = ${lease.token} or lease_until <= ${now})
    order by id ${lock}`.execute(trx.db);
  const renewBelow = now + (lease.until - now) * RENEW_BELOW;
  const old = rows.filter(
    (row) => !unleased.has(row.channel) && (row.lease_token !== lease.token || row.lease_until < renewBelow),
  );
  if (old.length > 0) {
    await trx.db
      .updateTable('targets')
      .set({ lease_token: lease.token, lease_until: lease.until })
      .where(
        'id',
        'in',
        sql<string>`${textList(
          trx,
          old.map(({ id }) => id),
        )}`,
      )
      .execute();
  }
  return rows.map(targetOf);
}

export async function releaseTargets(trx: Trx, holder: string): Promise<void> {
  await trx.db
    .updateTable('targets')
    .set({ lease_token: null, lease_until: 0 })
    .where('lease_token', '=', holder)
    .execute();
}

/** The best `perTarget` placements and messages of each target, ranked as `delivery/ordering.ts` ranks. */
export async function waitingWork(
  trx: Trx,
  targetIds: readonly string[],
  perTarget: number,
  now: EpochMs,
  cutoffs: Cutoffs,
): Promise<readonly Waiting[]> {
  const targets = textList(trx, targetIds);
  const placements = await sql<Waiting>`
    select * from (
      select w.*, row_number() over (partition by "targetId" order by rank, severity, since) as place from (
        select p.target_id as "targetId", 'placement' as kind, p.subject_id as id, p.priority as severity,
          case when p.first_shown_at is null then p.created_at else coalesce(p.dirty_since, p.created_at) end as since,
          case when p.first_shown_at is null then 10 when p.urgent_revision > p.shown_revision then 30 else 40 end as rank
        from targets t join placements p on p.target_id = t.id
        where t.id in ${targets} and ${targetTakesCards} and ${placementIsDue(now, cutoffs)}
      ) w
    ) ranked where place <= ${perTarget}`.execute(trx.db);
  const messages = await sql<Waiting>`
    select * from (
      select o.target_id as "targetId", 'message' as kind, o.id as id, 0 as severity, o.created_at as since,
        o.priority as rank,
        row_number() over (partition by o.target_id order by o.priority, o.created_at, o.id) as place
      from targets t join outbox o on o.target_id = t.id
      where t.id in ${targets} and ${messageIsDue(now)}
    ) ranked where place <= ${perTarget}`.execute(trx.db);
  return [...placements.rows, ...messages.rows];
}

export const targetOf = (row: Row<'targets'>): Target => {
  const built = {
    id: row.id,
    name: row.name,
    channel: row.channel,
    address: row.address,
    state: row.state,
    failures: row.failures,
    ...present({ locale: row.locale, timezone: row.timezone }),
    ...(row.pacing === null ? {} : { pacing: JSON.parse(row.pacing) }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: `state` and `locale` were written from the same unions
  return built as Target;
};
