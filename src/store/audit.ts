import type { Audit, RecordedEntry } from '../operations/audit-port.ts';
import type { Page } from '../types.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Database, Write } from './database.ts';
import { present } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';

/** Who did what, refusals included. Actions on incidents are recorded in their own transactions. */
export function createAudit({ database, write }: { database: Database; write: Write }): Audit {
  return {
    record: async ({ at, actor, operation, subject, outcome, detail, traceId }) => {
      const row = {
        id: rowId(at),
        at,
        actor_id: actor.id,
        actor_name: actor.name,
        via: actor.via,
        operation,
        subject: subject ?? null,
        outcome,
        detail,
        trace_id: traceId === '' ? null : traceId,
      };
      await write('press', (trx) => trx.db.insertInto('audit').values(row).execute());
    },
    get: async (id) => {
      const row = await database.reader.selectFrom('audit').selectAll().where('id', '=', id).executeTakeFirst();
      return row && entryOf(row);
    },
    list: (filter) => list(database.reader, filter),
  };
}

type Filter = Parameters<Audit['list']>[0];

async function list(db: Database['reader'], { limit, cursor, operation, actor }: Filter): Promise<Page<RecordedEntry>> {
  let query = db.selectFrom('audit');
  if (operation !== undefined) query = query.where('operation', '=', operation);
  if (actor !== undefined) query = query.where('actor_id', '=', actor);
  const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  let page = query.selectAll().orderBy('at', 'desc').orderBy('id', 'desc');
  if (cursor !== undefined) {
    const [at = 0, id = ''] = readCursor(cursor, ['number', 'string']);
    page = page.where((is) =>
      is.or([is('at', '<', Number(at)), is.and([is('at', '=', Number(at)), is('id', '<', String(id))])]),
    );
  }
  const rows = await page.limit(limit + 1).execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(entryOf),
    next: last === undefined ? null : writeCursor([last.at, last.id]),
    total,
  };
}

const entryOf = (row: Row<'audit'>): RecordedEntry => ({
  id: row.id,
  at: row.at,
  actor: { id: row.actor_id, name: row.actor_name, via: row.via },
  operation: row.operation,
  outcome: row.outcome,
  detail: row.detail,
  traceId: row.trace_id ?? '',
  ...present({ subject: row.subject }),
});
