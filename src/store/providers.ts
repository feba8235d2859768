import { InvalidConfig } from '../errors.ts';
import type { NewProvider, ProviderChanges, ProviderRow, ProviderSettings } from '../operations/provider.ts';
import type { Clock } from '../types.ts';
import type { Database, Trx, Write } from './database.ts';
import { present } from './delivery/rows.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';
import type { Sealer } from './secrets.ts';

export interface ProviderRowsDeps {
  readonly database: Pick<Database, 'reader'>;
  readonly write: Write;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

export type ProviderRows = ReturnType<typeof createProviderRows>;

/** Model endpoints that rows name. Keys are sealed, each for its own row. */
export function createProviderRows(deps: ProviderRowsDeps) {
  const { database, write, sealer } = deps;
  return {
    /** Oldest first: the order in which they are asked unless `LLM_PROVIDERS` says another. */
    list: async (): Promise<readonly ProviderRow[]> => {
      const rows = await database.reader
        .selectFrom('providers')
        .selectAll()
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(providerOf);
    },
    /** Undefined when the name is taken. */
    add: (provider: NewProvider): Promise<ProviderRow | undefined> => write('press', (trx) => add(trx, provider, deps)),
    change: (id: string, changes: ProviderChanges): Promise<ProviderRow | undefined> =>
      write('press', (trx) => change(trx, id, changes, sealer)),
    remove: (id: string): Promise<boolean> =>
      write('press', async ({ db }) => {
        const { numDeletedRows } = await db.deleteFrom('providers').where('id', '=', id).executeTakeFirst();
        return numDeletedRows > 0n;
      }),
    /** Every key that can be opened, of rows that are switched off too. */
    keys: async (): Promise<readonly string[]> => {
      const rows = await database.reader.selectFrom('providers').select(['id', 'secret']).execute();
      return rows.flatMap(({ id, secret }) => (secret === null ? [] : opened(secret, secretContext(id), sealer)));
    },
    /** The key itself. Throws `InvalidConfig` for one that was sealed with another SECRET_KEY. */
    openKey: ({ id, sealedKey }: ProviderRow): string | undefined =>
      sealedKey === undefined ? undefined : sealer.open(sealedKey, secretContext(id)),
  };
}

const secretContext = (id: string): string => `providers:${id}`;

/** Whoever has not the SECRET_KEY that it was sealed with has no key to give away either. */
function opened(secret: string, context: string, sealer: Sealer): readonly string[] {
  try {
    return [sealer.open(secret, context)];
  } catch (err) {
    if (err instanceof InvalidConfig) return [];
    throw err;
  }
}

const providerOf = (row: Row<'providers'>): ProviderRow => ({
  ...(JSON.parse(row.settings) as ProviderSettings), // oxlint-disable-line typescript/no-unsafe-type-assertion -- written below alone
  id: row.id,
  name: row.name,
  kind: row.kind as ProviderRow['kind'], // oxlint-disable-line typescript/no-unsafe-type-assertion -- written below alone
  baseUrl: row.base_url,
  enabled: row.enabled === 1,
  createdAt: row.created_at,
  ...present({ model: row.model, sealedKey: row.secret }),
});

async function add(
  { db }: Trx,
  { name, kind, baseUrl, model, apiKey, ...settings }: NewProvider,
  { clock, sealer }: ProviderRowsDeps,
): Promise<ProviderRow | undefined> {
  const now = clock.now();
  const id = rowId(now);
  const row = await db
    .insertInto('providers')
    .values({
      id,
      name,
      kind,
      base_url: baseUrl,
      model: model ?? null,
      secret: apiKey === undefined ? null : sealer.seal(apiKey, secretContext(id)),
      settings: JSON.stringify(settings),
      enabled: 1,
      created_at: now,
    })
    .onConflict((same) => same.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row && providerOf(row);
}

async function change(
  { db }: Trx,
  id: string,
  { baseUrl, model, apiKey, enabled, ...changed }: ProviderChanges,
  sealer: Sealer,
): Promise<ProviderRow | undefined> {
  const old = await db.selectFrom('providers').selectAll().where('id', '=', id).executeTakeFirst();
  if (old === undefined) return undefined;
  const kept = Object.entries({ ...JSON.parse(old.settings), ...defined(changed) }).filter(
    ([, value]) => value !== null,
  );
  const row = {
    ...old,
    settings: JSON.stringify(Object.fromEntries(kept)),
    ...defined({ base_url: baseUrl, model, enabled: enabled === undefined ? undefined : Number(enabled) }),
    ...(apiKey === undefined ? {} : { secret: apiKey === null ? null : sealer.seal(apiKey, secretContext(id)) }),
  };
  await db.updateTable('providers').set(row).where('id', '=', id).execute();
  return providerOf(row);
}

const defined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly what the filter left
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
