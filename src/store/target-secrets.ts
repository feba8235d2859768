import { z } from 'zod';
import type { Database } from './database.ts';
import type { Sealer } from './secrets.ts';
import { fallbackContext, secretContext } from './targets.ts';

/** What channels need of the targets' sealed columns; nobody else reads them back. */
export interface TargetSecrets {
  /** A target's signing secret by its address; none when it has none, or is no target. */
  secretOf(channel: string, address: string): Promise<string | undefined>;
  /** The custom bot bound to a target, with its signing secret if it has one. */
  fallbackOf(channel: string, address: string): Promise<{ readonly url: string; readonly secret?: string } | undefined>;
}

/** Both throw `InvalidConfig` for what was sealed with another SECRET_KEY. */
export function createTargetSecrets({ reader }: Pick<Database, 'reader'>, sealer: Sealer): TargetSecrets {
  const find = (channel: string, address: string) =>
    reader
      .selectFrom('targets')
      .select(['id', 'secret', 'fallback'])
      .where('channel', '=', channel)
      .where('address', '=', address)
      .executeTakeFirst();
  return {
    secretOf: async (channel, address) => {
      const row = await find(channel, address);
      return row === undefined || row.secret === null ? undefined : sealer.open(row.secret, secretContext(row.id));
    },
    fallbackOf: async (channel, address) => {
      const row = await find(channel, address);
      if (row === undefined || row.fallback === null) return undefined;
      const { url, secret } = readFallback(sealer.open(row.fallback, fallbackContext(row.id)));
      return { url, ...(secret !== undefined && { secret }) };
    },
  };
}

/** What a target's `fallback` says once it is opened. */
export const readFallback = (opened: string): z.infer<typeof Fallback> => Fallback.parse(JSON.parse(opened));

const Fallback = z.object({ url: z.string(), secret: z.string().optional() });
