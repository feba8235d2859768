import { readMatchers } from '../incident/matchers.ts';
import type { Binding, Bindings, NewBinding } from '../operations/bindings-port.ts';
import type { Clock } from '../types.ts';
import type { Database, Write } from './database.ts';
import { present } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';

export interface BindingsDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

/** Which events go to which target. */
export function createBindings({ database, write, clock }: BindingsDeps): Bindings {
  const all = () => database.reader.selectFrom('bindings').selectAll().orderBy('created_at').orderBy('id');
  return {
    list: async ({ targetId } = {}) => {
      const query = targetId === undefined ? all() : all().where('target_id', '=', targetId);
      return (await query.execute()).map(bindingOf);
    },
    get: async (id) => maybe(await all().where('id', '=', id).executeTakeFirst()),
    add: (binding) =>
      write('press', async ({ db }) => {
        const now = clock.now();
        const columns = columnsOf(binding);
        const same = await db
          .selectFrom('bindings')
          .select('id')
          .where('event', '=', binding.event)
          .where('target_id', '=', binding.targetId)
          .where('matchers', '=', columns.matchers ?? '[]')
          .executeTakeFirst();
        const id = same?.id ?? rowId(now);
        if (same === undefined)
          await db
            .insertInto('bindings')
            .values({ ...EMPTY, ...columns, id, created_at: now })
            .execute();
        else await db.updateTable('bindings').set(columns).where('id', '=', id).execute();
        return bindingOf(await db.selectFrom('bindings').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
      }),
    update: (id, changes) =>
      write('press', async ({ db }) => {
        const columns = columnsOf(changes);
        if (Object.keys(columns).length > 0)
          await db.updateTable('bindings').set(columns).where('id', '=', id).execute();
        return maybe(await db.selectFrom('bindings').selectAll().where('id', '=', id).executeTakeFirst());
      }),
    remove: (id) =>
      write('press', async ({ db }) => {
        const { numDeletedRows } = await db.deleteFrom('bindings').where('id', '=', id).executeTakeFirst();
        return numDeletedRows > 0n;
      }),
  };
}

const EMPTY = {
  event: 'incident',
  matchers: '[]',
  target_id: '',
  enabled: 1,
  cron: null,
  timezone: null,
  template: null,
  quiet_hours: null,
  dedupe_window: null,
  created_by: '',
};

const maybe = (row: Row<'bindings'> | undefined): Binding | undefined =>
  row === undefined ? undefined : bindingOf(row);

const bindingOf = (row: Row<'bindings'>): Binding => ({
  id: row.id,
  event: row.event,
  matchers: readMatchers(JSON.parse(row.matchers)),
  targetId: row.target_id,
  enabled: row.enabled === 1,
  createdAt: row.created_at,
  createdBy: row.created_by,
  ...present({
    cron: row.cron,
    timezone: row.timezone,
    template: row.template,
    quietHours: row.quiet_hours,
    dedupeWindowMs: row.dedupe_window,
  }),
});

function columnsOf(binding: Partial<NewBinding>): Partial<Row<'bindings'>> {
  const { event, matchers, targetId, enabled, cron, timezone, template, quietHours, dedupeWindowMs, createdBy } =
    binding;
  return {
    ...(event === undefined ? {} : { event }),
    ...(matchers === undefined ? {} : { matchers: JSON.stringify(matchers) }),
    ...(targetId === undefined ? {} : { target_id: targetId }),
    ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
    ...(cron === undefined ? {} : { cron }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(template === undefined ? {} : { template }),
    ...(quietHours === undefined ? {} : { quiet_hours: quietHours }),
    ...(dedupeWindowMs === undefined ? {} : { dedupe_window: dedupeWindowMs }),
    ...(createdBy === undefined ? {} : { created_by: createdBy }),
  };
}
