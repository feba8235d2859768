import type { Quota } from '../cards/usage.ts';
import type { Quotas } from '../diagnose/accounting/ports.ts';
import type { Clock } from '../types.ts';
import type { Database, Write } from './database.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';

export interface QuotasDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

/** What people and providers may use. */
export function createQuotas({ database, write, clock }: QuotasDeps): Quotas {
  const all = () => database.reader.selectFrom('quotas').selectAll();
  return {
    list: async () => {
      const rows = await all()
        .orderBy('subject_kind')
        .orderBy('subject')
        .orderBy('period')
        .orderBy('measure')
        .execute();
      return rows.map(quotaOf);
    },
    get: async (id) => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row && quotaOf(row);
    },
    add: (quota) =>
      write('press', async ({ db }) => {
        const now = clock.now();
        const row = await db
          .insertInto('quotas')
          .values(rowOf({ ...quota, id: rowId(now), createdAt: now }))
          .onConflict((same) => same.doNothing())
          .returningAll()
          .executeTakeFirst();
        return row && quotaOf(row);
      }),
    update: (id, { amount, threshold, enabled }) =>
      write('press', async ({ db }) => {
        const row = await db
          .updateTable('quotas')
          .set({
            id,
            ...(amount === undefined ? {} : { amount }),
            ...(threshold === undefined ? {} : { threshold }),
            ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        return row && quotaOf(row);
      }),
    remove: (id) =>
      write('press', async ({ db }) => {
        const gone = await db.deleteFrom('quotas').where('id', '=', id).executeTakeFirst();
        return gone.numDeletedRows > 0n;
      }),
  };
}

function quotaOf(row: Row<'quotas'>): Quota {
  const { id, subject, amount, threshold } = row;
  const built = { subjectKind: row.subject_kind, period: row.period, measure: row.measure };
  const rest = { id, subject, amount, threshold, enabled: row.enabled === 1, createdAt: row.created_at };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: its words were written from the same unions
  return { ...rest, ...built } as Quota;
}

const rowOf = (quota: Quota): Row<'quotas'> => ({
  id: quota.id,
  subject_kind: quota.subjectKind,
  subject: quota.subject,
  period: quota.period,
  measure: quota.measure,
  amount: quota.amount,
  threshold: quota.threshold,
  enabled: quota.enabled ? 1 : 0,
  created_at: quota.createdAt,
});
