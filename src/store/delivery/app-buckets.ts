import { sql } from 'kysely';
import type { AppBucket } from '../../delivery/target-ports.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import type { NewRow, Row } from '../schema.ts';
import { insertMany, textList, updateMany } from '../set-wise.ts';

/**
 * The buckets of these apps, locked until the transaction ends; one that is not there is made as given. One that another
 * replica takes from at this instant is left out: waiting for it would hold up everything else in the transaction.
 */
export async function lockAppBuckets(trx: Trx, fresh: readonly AppBucket[]): Promise<readonly AppBucket[]> {
  const lock = trx.engine === 'postgres' ? sql`for update skip locked` : sql``;
  const keys = fresh.map(({ key }) => key);
  const { rows } = await sql<Row<'app_buckets'>>`
    select * from app_buckets where key in ${textList(trx, keys)} order by key ${lock}`.execute(trx.db);
  const found = new Set(rows.map(({ key }) => key));
  const made: AppBucket[] = [];
  for (const bucket of fresh.filter(({ key }) => !found.has(key))) {
    const inserted = await insertMany(trx, 'app_buckets', [rowOf(bucket)], { ignoreConflicts: true });
    if (inserted > 0) made.push(bucket);
  }
  return [...rows.map(bucketOf), ...made];
}

export async function saveAppBuckets(trx: Trx, buckets: readonly AppBucket[]): Promise<void> {
  await updateMany(trx, 'app_buckets', ['key'], ['tokens', 'at'], buckets.map(rowOf));
}

/** Empties the bucket until then; a longer pause stays. */
export async function pauseApp(trx: Trx, key: string, until: EpochMs): Promise<void> {
  await trx.db
    .updateTable('app_buckets')
    .set({
      tokens: 0,
      paused_until: sql<number>`case when paused_until < ${until} then cast(${until} as bigint) else paused_until end`,
    })
    .where('key', '=', key)
    .execute();
}

const rowOf = ({ key, tokens, at, pausedUntil }: AppBucket): NewRow<'app_buckets'> => ({
  key,
  tokens,
  at,
  paused_until: pausedUntil,
});

const bucketOf = ({ key, tokens, at, paused_until }: Row<'app_buckets'>): AppBucket => ({
  key,
  tokens,
  at,
  pausedUntil: paused_until,
});
