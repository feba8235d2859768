import { createHash, randomBytes } from 'node:crypto';
import type {
  Integration,
  IntegrationCredentials,
  Integrations,
  NewIntegration,
} from '../operations/integrations-port.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Database, Trx, Write } from './database.ts';
import { present } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';
import type { Sealer } from './secrets.ts';

export interface IntegrationsDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

/** Named senders of alerts. Keys are 256 random bits, so a plain digest of one gives nothing away. */
export function createIntegrations(deps: IntegrationsDeps): Integrations {
  const { database, write, clock, sealer } = deps;
  const all = () => database.reader.selectFrom('integrations').selectAll().orderBy('name');
  return {
    list: async () => (await all().execute()).map(integrationOf),
    find: async (idOrName) => {
      const row = await all()
        .where((is) => is.or([is('id', '=', idOrName), is('name', '=', idOrName)]))
        .executeTakeFirst();
      return row && integrationOf(row);
    },
    credentials: async (name) => {
      const row = await all().where('name', '=', name).executeTakeFirst();
      return row && credentialsOf(row, clock.now(), sealer);
    },
    add: (integration) => write('press', (trx) => add(trx, integration, deps)),
    disable: (id, disabled) => write('press', (trx) => change(trx, id, { disabled_at: disabled ? clock.now() : null })),
    rotate: (id, graceMs) => write('press', (trx) => rotate(trx, id, clock.now() + graceMs)),
    used: createUsed(deps),
  };
}

const USED_EVERY_MS = 5 * 60_000;

/** Names come from rows only, so there are as many as integrations. */
function createUsed({ write, clock }: IntegrationsDeps): Integrations['used'] {
  const noted = new Map<string, EpochMs>();
  return async (name) => {
    const now = clock.now();
    // A clock that was set back counts too.
    if (Math.abs(now - (noted.get(name) ?? -Infinity)) < USED_EVERY_MS) return;
    noted.set(name, now);
    try {
      await write('job', (trx) =>
        trx.db.updateTable('integrations').set({ last_used_at: now }).where('name', '=', name).execute(),
      );
    } catch (err) {
      noted.delete(name);
      throw err;
    }
  };
}

const integrationOf = (row: Row<'integrations'>): Integration => ({
  id: row.id,
  name: row.name,
  hasHmacSecret: row.hmac_secret !== null,
  createdAt: row.created_at,
  ...present({
    source: row.source,
    expiresAt: row.expires_at,
    disabledAt: row.disabled_at,
    previousUntil: row.previous_until,
    lastUsedAt: row.last_used_at,
  }),
});

function credentialsOf(row: Row<'integrations'>, now: EpochMs, sealer: Sealer): IntegrationCredentials | undefined {
  if (row.disabled_at !== null || (row.expires_at !== null && row.expires_at <= now)) return undefined;
  const previous = row.previous_key_hash !== null && (row.previous_until ?? 0) > now ? [row.previous_key_hash] : [];
  return {
    name: row.name,
    keyHashes: [row.key_hash, ...previous],
    hmacSecrets: row.hmac_secret === null ? [] : [sealer.open(row.hmac_secret, integrationContext(row.id))],
    ...present({ source: row.source }),
  };
}

/** What an integration's secret is sealed for. */
export const integrationContext = (id: string): string => `integrations:${id}`;

const newKey = (): string => `zb_${randomBytes(32).toString('base64url')}`;

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

async function add(
  trx: Trx,
  { name, source, expiresAt, hmacSecret }: NewIntegration,
  { clock, sealer }: IntegrationsDeps,
) {
  const now = clock.now();
  const [id, key] = [rowId(now), newKey()];
  const row: Row<'integrations'> = {
    id,
    name,
    key_hash: digest(key),
    previous_key_hash: null,
    previous_until: null,
    hmac_secret: hmacSecret === undefined ? null : sealer.seal(hmacSecret, integrationContext(id)),
    source: source ?? null,
    expires_at: expiresAt ?? null,
    disabled_at: null,
    created_at: now,
    last_used_at: null,
  };
  const added = await trx.db
    .insertInto('integrations')
    .values(row)
    .onConflict((same) => same.column('name').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added === undefined ? undefined : { integration: integrationOf(row), key };
}

async function change(trx: Trx, id: string, columns: Partial<Row<'integrations'>>): Promise<Integration | undefined> {
  const row = await trx.db
    .updateTable('integrations')
    .set(columns)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row && integrationOf(row);
}

async function rotate(trx: Trx, id: string, previousUntil: EpochMs) {
  const old = await trx.db.selectFrom('integrations').select('key_hash').where('id', '=', id).executeTakeFirst();
  if (old === undefined) return undefined;
  const key = newKey();
  const integration = await change(trx, id, {
    key_hash: digest(key),
    previous_key_hash: old.key_hash,
    previous_until: previousUntil,
  });
  return integration && { integration, key };
}
