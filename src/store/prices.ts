import type { Price } from '../cards/usage.ts';
import type { Prices } from '../diagnose/accounting/ports.ts';
import type { Clock } from '../types.ts';
import type { Database, Write } from './database.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';

export interface PricesDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

/** What providers ask for tokens. */
export function createPrices({ database, write, clock }: PricesDeps): Prices {
  const all = () => database.reader.selectFrom('prices').selectAll();
  return {
    list: async () => (await all().orderBy('provider').orderBy('model').execute()).map(priceOf),
    get: async (id) => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row && priceOf(row);
    },
    set: ({ provider, model, inputPerMillion: input, outputPerMillion: output, currency }) =>
      write('press', async ({ db }) => {
        const now = clock.now();
        const price = { input_per_million: input, output_per_million: output, currency };
        const row = await db
          .insertInto('prices')
          .values({ id: rowId(now), provider, model, ...price, created_at: now })
          .onConflict((same) => same.columns(['provider', 'model']).doUpdateSet(price))
          .returningAll()
          .executeTakeFirstOrThrow();
        return priceOf(row);
      }),
    remove: (id) =>
      write('press', async ({ db }) => {
        const gone = await db.deleteFrom('prices').where('id', '=', id).executeTakeFirst();
        return gone.numDeletedRows > 0n;
      }),
  };
}

const priceOf = ({ id, provider, model, currency, ...row }: Row<'prices'>): Price => ({
  id,
  provider,
  model,
  inputPerMillion: row.input_per_million,
  outputPerMillion: row.output_per_million,
  currency,
  createdAt: row.created_at,
});
