import type { Target, TargetChanges, Targets } from '../operations/targets-port.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Database, Trx, Write } from './database.ts';
import { targetWorks } from './delivery/deaths.ts';
import { rescueFrom } from './delivery/rescue.ts';
import { present } from './delivery/rows.ts';
import { repaint } from './delivery/show-now.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';
import type { Sealer } from './secrets.ts';

export interface TargetsDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Where open incidents go whose last place is closed; they stay nowhere without it. */
  readonly fallbackTargetId?: () => string;
}

/** What a target's secret is sealed for; delivery opens it with the same. */
export const secretContext = (targetId: string): string => `targets:${targetId}`;
/** The same for its fallback, JSON of an address and perhaps a secret. */
export const fallbackContext = (targetId: string): string => `targets:${targetId}:fallback`;

/** Places we post to. Their lane columns (`next_at`, leases) belong to delivery and are never written here. */
export function createTargets(deps: TargetsDeps): Targets {
  const { reader } = deps.database;
  const all = () => reader.selectFrom('targets').selectAll().orderBy('name').orderBy('id');
  return {
    list: async () => (await all().execute()).map(targetOf),
    get: async (id) => maybe(await all().where('id', '=', id).executeTakeFirst()),
    byAddress: async (channel, address) =>
      maybe(await all().where('channel', '=', channel).where('address', '=', address).executeTakeFirst()),
    find: async (words) => {
      const targets = (await all().execute()).map(targetOf);
      return (
        targets.find(({ id }) => id === words) ??
        targets.find(({ channel, address }) => `${channel}:${address}` === words || address === words) ??
        targets.find(({ name }) => name.toLowerCase() === words.toLowerCase())
      );
    },
    ensure: async (channel, address, made) => {
      const known = await all().where('channel', '=', channel).where('address', '=', address).executeTakeFirst();
      return known === undefined
        ? deps.write('press', (trx) => insert(trx, channel, address, made, deps))
        : targetOf(known);
    },
    update: (id, changes) => deps.write('press', (trx) => update(trx, id, changes, deps)),
    remove: (id) => deps.write('press', (trx) => remove(trx, id, deps)),
    rememberTest: async (id, result) => {
      const last_test = JSON.stringify(result);
      await deps.write('press', async (trx) => {
        await trx.db.updateTable('targets').set({ last_test }).where('id', '=', id).execute();
        // A message came through: a dead target lives again, and what waited for it is due.
        if (result.ok && (await targetWorks(trx, id, result.at))) trx.hint({ kind: 'target', id });
      });
    },
  };
}

const maybe = (row: Row<'targets'> | undefined): Target | undefined => (row === undefined ? undefined : targetOf(row));

function targetOf(row: Row<'targets'>): Target {
  const json = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));
  const built = {
    id: row.id,
    name: row.name,
    channel: row.channel,
    address: row.address,
    hasSecret: row.secret !== null,
    hasFallback: row.fallback !== null,
    enabled: row.enabled === 1,
    pending: row.pending === 1,
    state: row.state,
    stateSince: row.state_since,
    createdAt: row.created_at,
    ...present({
      locale: row.locale,
      timezone: row.timezone,
      proxy: json(row.proxy),
      pacing: json(row.pacing),
      lastError: row.last_error,
      lastTest: json(row.last_test),
    }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: its JSON and words were written from the same types
  return built as Target;
}

/** Two at once make one row: the address is unique, and the later finds the earlier. */
async function insert(
  trx: Trx,
  channel: string,
  address: string,
  { pending, ...changes }: Parameters<Targets['ensure']>[2],
  { clock, sealer }: TargetsDeps,
): Promise<Target> {
  const now = clock.now();
  const id = rowId(now);
  const row: Row<'targets'> = {
    ...bareRow(id, channel, address, now),
    ...columnsOf(changes, id, sealer),
    pending: pending ? 1 : 0,
  };
  await trx.db
    .insertInto('targets')
    .values(row)
    .onConflict((same) => same.columns(['channel', 'address']).doNothing())
    .execute();
  const found = await trx.db
    .selectFrom('targets')
    .selectAll()
    .where('channel', '=', channel)
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  return targetOf(found);
}

const bareRow = (id: string, channel: string, address: string, now: EpochMs): Row<'targets'> => ({
  id,
  name: nameFor(channel, address),
  channel,
  address,
  locale: null,
  timezone: null,
  secret: null,
  fallback: null,
  proxy: null,
  pacing: null,
  enabled: 1,
  pending: 0,
  state: 'ok',
  state_since: now,
  next_at: 0,
  lease_token: null,
  lease_until: 0,
  failures: 0,
  last_error: null,
  last_ok_at: null,
  last_test: null,
  created_at: now,
});

/** An address's path and query may hold a robot's key; a name is shown to everybody. */
const nameFor = (channel: string, address: string): string =>
  `${channel}:${URL.parse(address)?.hostname || address}`.slice(0, 200);

async function update(trx: Trx, id: string, changes: TargetChanges, deps: TargetsDeps): Promise<Target | undefined> {
  const columns = columnsOf(changes, id, deps.sealer);
  if (Object.keys(columns).length > 0) await trx.db.updateTable('targets').set(columns).where('id', '=', id).execute();
  if (changes.enabled === false || changes.pending === true) await rehouse(trx, id, deps);
  if (changes.locale !== undefined) await repaint(trx, id);
  trx.hint({ kind: 'target', id });
  return maybe(await trx.db.selectFrom('targets').selectAll().where('id', '=', id).executeTakeFirst());
}

function columnsOf(changes: TargetChanges, id: string, sealer: Sealer): Partial<Row<'targets'>> {
  const { name, locale, timezone, proxy, pacing, secret, fallback, enabled, pending } = changes;
  const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
  return {
    ...(name === undefined ? {} : { name }),
    ...(locale === undefined ? {} : { locale }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(proxy === undefined ? {} : { proxy: json(proxy) }),
    ...(pacing === undefined ? {} : { pacing: json(pacing) }),
    ...(secret === undefined ? {} : { secret: secret === null ? null : sealer.seal(secret, secretContext(id)) }),
    ...(fallback === undefined
      ? {}
      : { fallback: fallback === null ? null : sealer.seal(JSON.stringify(fallback), fallbackContext(id)) }),
    ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
    ...(pending === undefined ? {} : { pending: pending ? 1 : 0 }),
  };
}

/** What only this target shows must not vanish with it. */
async function rehouse(trx: Trx, id: string, { fallbackTargetId, clock }: TargetsDeps): Promise<void> {
  const fallback = fallbackTargetId?.() ?? id;
  if (fallback !== id) await rescueFrom(trx, id, fallback, clock.now());
}

async function remove(trx: Trx, id: string, deps: TargetsDeps): Promise<boolean> {
  const { db } = trx;
  await rehouse(trx, id, deps);
  await db.deleteFrom('bindings').where('target_id', '=', id).execute();
  await db.deleteFrom('placements').where('target_id', '=', id).execute();
  await db.deleteFrom('outbox').where('target_id', '=', id).where('state', '=', 'due').execute();
  const { numDeletedRows } = await db.deleteFrom('targets').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}
