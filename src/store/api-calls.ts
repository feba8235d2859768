import { sql } from 'kysely';
import type { CallRows } from '../channels/lark/meter.ts';
import type { Database, Write } from './database.ts';

export interface ApiCalls extends CallRows {
  /** The months in which it was called, latest first. */
  months(app: string, most: number): Promise<readonly { readonly month: string; readonly calls: number }[]>;
}

/** How often an app's platform was called, a row per month. */
export function createApiCalls({ reader }: Pick<Database, 'reader'>, write: Write): ApiCalls {
  return {
    add: (app, month, calls) =>
      write('delivery', async ({ db }) => {
        const row = await db
          .insertInto('api_calls')
          .values({ app, month, calls })
          .onConflict((same) =>
            same.columns(['app', 'month']).doUpdateSet({ calls: sql`api_calls.calls + excluded.calls` }),
          )
          .returning('calls')
          .executeTakeFirstOrThrow();
        return row.calls;
      }),
    read: async (app, month) => {
      const row = await reader
        .selectFrom('api_calls')
        .select('calls')
        .where('app', '=', app)
        .where('month', '=', month)
        .executeTakeFirst();
      return row?.calls ?? 0;
    },
    months: (app, most) =>
      reader
        .selectFrom('api_calls')
        .select(['month', 'calls'])
        .where('app', '=', app)
        .orderBy('month', 'desc')
        .limit(most)
        .execute(),
  };
}
