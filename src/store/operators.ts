import { createHash, randomInt } from 'node:crypto';
import type { Operator, Operators, Role } from '../operations/operators-port.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Database, Trx, Write } from './database.ts';
import { present } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';

export interface OperatorsDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

const CODE_LIFE_MS = 15 * 60_000;
/** Without 0, O, 1, I and L, which people mistake for each other. */
const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;

/** People by name, with their ids on every channel. */
export function createOperators({ database, write, clock }: OperatorsDeps): Operators {
  const { reader } = database;
  return {
    list: () => load(reader),
    find: async (idOrName) => {
      const wanted = idOrName.trim().toLowerCase();
      const all = await load(reader);
      return all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name.toLowerCase() === wanted);
    },
    byExternalId: async (externalId) => {
      const { channel, rest } = split(externalId);
      const found = await reader
        .selectFrom('operator_ids')
        .select('operator_id')
        .where('channel', '=', channel)
        .where('external_id', '=', rest)
        .executeTakeFirst();
      return found === undefined ? undefined : (await load(reader, found.operator_id))[0];
    },
    anyNamed: (role, channel) => anyNamed(reader, role, channel),
    add: (operator) => write('press', (trx) => add(trx, operator, clock.now())),
    remove: (id) => write('press', (trx) => remove(trx, id)),
    makeLinkCode: (operatorId) => write('press', (trx) => makeCode(trx, operatorId, clock.now())),
    redeemLinkCode: (code, externalId) => write('press', (trx) => redeem(trx, code, externalId, clock.now())),
  };
}

type Reader = Database['reader'] | Trx['db'];

async function load(db: Reader, id?: string): Promise<readonly Operator[]> {
  const query = db.selectFrom('operators').selectAll().orderBy('name');
  const rows = await (id === undefined ? query : query.where('id', '=', id)).execute();
  const links = db.selectFrom('operator_ids').selectAll().orderBy('channel').orderBy('external_id');
  const ids = await (id === undefined ? links : links.where('operator_id', '=', id)).execute();
  const byOperator = Map.groupBy(ids, ({ operator_id: owner }) => owner);
  return rows.map((row) => operatorOf(row, byOperator.get(row.id) ?? []));
}

function operatorOf(row: Row<'operators'>, ids: readonly Row<'operator_ids'>[]): Operator {
  const built = {
    id: row.id,
    name: row.name,
    role: row.role,
    ids: ids.map(({ channel, external_id: externalId }) => `${channel}:${externalId}`),
    createdAt: row.created_at,
    ...present({ locale: row.locale }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: role and locale were written from the same unions
  return built as Operator;
}

/** Worst first would not do here: a role includes those before it. */
const AT_LEAST: Readonly<Record<Role, readonly Role[]>> = {
  reader: ['reader', 'responder', 'admin'],
  responder: ['responder', 'admin'],
  admin: ['admin'],
};

async function anyNamed(db: Reader, role: Role, channel: string | undefined): Promise<boolean> {
  const query = db.selectFrom('operators as o').select('o.id').where('o.role', 'in', AT_LEAST[role]).limit(1);
  if (channel === undefined) return (await query.executeTakeFirst()) !== undefined;
  const onChannel = query.innerJoin('operator_ids as i', 'i.operator_id', 'o.id').where('i.channel', '=', channel);
  return (await onChannel.executeTakeFirst()) !== undefined;
}

async function add(trx: Trx, operator: Parameters<Operators['add']>[0], now: EpochMs): Promise<Operator> {
  const { name, role, ids, locale } = operator;
  const row = { id: rowId(now), name, role, locale: locale ?? null, created_at: now };
  const { id } = await trx.db
    .insertInto('operators')
    .values(row)
    .onConflict((same) => same.column('name').doUpdateSet({ role, ...(locale === undefined ? {} : { locale }) }))
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const externalId of ids) await linkId(trx, id, externalId);
  const [added] = await load(trx.db, id);
  if (added === undefined) throw new Error(`operator ${name} vanished while it was added`);
  return added;
}

/** An id belongs to one person: the last who proved it. */
async function linkId(trx: Trx, operatorId: string, externalId: string): Promise<void> {
  const { channel, rest } = split(externalId);
  await trx.db
    .insertInto('operator_ids')
    .values({ channel, external_id: rest, operator_id: operatorId })
    .onConflict((same) => same.columns(['channel', 'external_id']).doUpdateSet({ operator_id: operatorId }))
    .execute();
}

async function remove(trx: Trx, id: string): Promise<boolean> {
  await trx.db.deleteFrom('operator_ids').where('operator_id', '=', id).execute();
  await trx.db.deleteFrom('link_codes').where('operator_id', '=', id).execute();
  const { numDeletedRows } = await trx.db.deleteFrom('operators').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

async function makeCode(trx: Trx, operatorId: string, now: EpochMs) {
  const letters = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)] ?? 'A');
  const code = `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
  const expiresAt = now + CODE_LIFE_MS;
  await trx.db.deleteFrom('link_codes').where('expires_at', '<', now).execute();
  await trx.db
    .insertInto('link_codes')
    .values({ code_hash: digest(code), operator_id: operatorId, expires_at: expiresAt, used_at: null })
    .execute();
  return { code, expiresAt };
}

async function redeem(trx: Trx, code: string, externalId: string, now: EpochMs): Promise<Operator | undefined> {
  const used = await trx.db
    .updateTable('link_codes')
    .set({ used_at: now })
    .where('code_hash', '=', digest(code))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('operator_id')
    .executeTakeFirst();
  if (used === undefined) return undefined;
  await linkId(trx, used.operator_id, externalId);
  return (await load(trx.db, used.operator_id))[0];
}

/** 31^8 codes, one use, 15 minutes: a plain digest is enough to keep a stolen file from being of use. */
const digest = (code: string): string =>
  createHash('sha256').update(code.trim().toUpperCase().replaceAll('-', '')).digest('hex');

function split(externalId: string): { readonly channel: string; readonly rest: string } {
  const at = externalId.indexOf(':');
  return { channel: externalId.slice(0, Math.max(at, 0)), rest: externalId.slice(at + 1) };
}
