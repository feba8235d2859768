import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { DueWork } from '../jobs/ports.ts';
import type { EpochMs } from '../types.ts';
import type { Handle, Trx, Write } from './database.ts';
import type { DueWish } from './schedule.ts';

/**
 * Due-rows: at most one for each kind and subject, leased by token, so that whoever lost the lease can change nothing.
 * Scheduling again while the work is leased leaves the row for another run.
 */
export function createDue(write: Write, reader: Handle['db']) {
  return {
    /** When the next row of the kind that nobody works on is due; read aside, so that looking costs no transaction. */
    next: async (kind: string, now: EpochMs): Promise<EpochMs | undefined> => {
      const row = await reader
        .selectFrom('due')
        .select('due_at')
        .where('kind', '=', kind)
        .where('lease_until', '<=', now)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      return row?.due_at;
    },
    schedule: scheduleDue,
    /** Up to `limit` rows of the kind that are due and leased by nobody, leased for `leaseMs`. */
    claim: (kind: string, limit: number, now: EpochMs, leaseMs: number): Promise<readonly DueWork[]> =>
      write('job', (trx) => claimDue(trx, kind, limit, now, leaseMs)),
    /** The work is done. False: the lease was lost, and somebody else has it or had it. */
    complete: (work: DueWork): Promise<boolean> => write('job', (trx) => completeDue(trx, work)),
    /** To be tried again at `at`. False as in `complete`. */
    retry: (work: DueWork, at: EpochMs, error: string): Promise<boolean> =>
      write('job', (trx) => retryDue(trx, work, at, error)),
  };
}

/** Sets when work is due, the earlier of two times (`scheduleMany` replaces them); what failed before starts anew. */
export async function scheduleDue(trx: Trx, { kind, subject, dueAt, payload }: DueWish): Promise<void> {
  const row = { kind, subject_id: subject, due_at: dueAt, payload: payload ?? null };
  const sooner = sql<number>`case when due.due_at < excluded.due_at then due.due_at else excluded.due_at end`;
  await trx.db
    .insertInto('due')
    .values({ ...row, lease_token: null, lease_until: 0, attempts: 0, last_error: null })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject_id']).doUpdateSet({
        due_at: sooner,
        attempts: 0,
        ...(payload === undefined ? {} : { payload }),
      }),
    )
    .execute();
  trx.hint({ kind: 'due', id: kind, at: dueAt });
}

export async function claimDue(
  { db, engine }: Trx,
  kind: string,
  limit: number,
  now: EpochMs,
  leaseMs: number,
): Promise<readonly DueWork[]> {
  const token = randomUUID();
  const skip = engine === 'postgres' ? sql`for update skip locked` : sql``;
  const { rows } = await sql<ClaimedRow>`
    update due set lease_token = ${token}, lease_until = ${now + leaseMs}, attempts = attempts + 1
    where kind = ${kind} and subject_id in (
      select subject_id from due
      where kind = ${kind} and due_at <= ${now} and lease_until <= ${now}
      order by due_at limit ${limit} ${skip}
    )
    returning subject_id, due_at, payload, attempts`.execute(db);
  return rows
    .toSorted((a, b) => a.due_at - b.due_at)
    .map(({ subject_id, due_at, payload, attempts }) => ({
      kind,
      subject: subject_id,
      dueAt: due_at,
      attempts,
      token,
      ...(payload === null ? {} : { payload }),
    }));
}

/** In the transaction of the work's own result, so that both are stored or neither. */
async function completeDue(trx: Trx, work: DueWork): Promise<boolean> {
  if (await takeDue(trx, work)) return true;
  const { kind, subject, token } = work;
  const released = await trx.db
    .updateTable('due')
    .set({ lease_token: null, lease_until: 0 })
    .where('kind', '=', kind)
    .where('subject_id', '=', subject)
    .where('lease_token', '=', token)
    .executeTakeFirst();
  return released.numUpdatedRows > 0n;
}

/** Deletes the row if it still is as it was claimed; one that was scheduled anew since stays. */
export async function takeDue({ db }: Trx, { kind, subject, dueAt, token }: DueWork): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('due')
    .where('kind', '=', kind)
    .where('subject_id', '=', subject)
    .where('lease_token', '=', token)
    .where('due_at', '=', dueAt)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

async function retryDue({ db }: Trx, work: DueWork, at: EpochMs, error: string): Promise<boolean> {
  const changed = await db
    .updateTable('due')
    .set({ due_at: at, lease_token: null, lease_until: 0, last_error: error.slice(0, 1000) })
    .where('kind', '=', work.kind)
    .where('subject_id', '=', work.subject)
    .where('lease_token', '=', work.token)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

interface ClaimedRow {
  readonly subject_id: string;
  readonly due_at: EpochMs;
  readonly payload: string | null;
  readonly attempts: number;
}
