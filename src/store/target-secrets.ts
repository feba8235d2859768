import type { Database } from './database.ts';
import type { Sealer } from './secrets.ts';
import { secretContext } from './targets.ts';

/** What channels need of the targets' sealed columns; nobody else reads them back. */
export interface TargetSecrets {
  /** A target's signing secret by its address; none when it has none, or is no target. */
  secretOf(channel: string, address: string): Promise<string | undefined>;
}

export function createTargetSecrets({ reader }: Pick<Database, 'reader'>, sealer: Sealer): TargetSecrets {
  return {
    secretOf: async (channel, address) => {
      const row = await reader
        .selectFrom('targets')
        .select(['id', 'secret'])
        .where('channel', '=', channel)
        .where('address', '=', address)
        .executeTakeFirst();
      return row === undefined || row.secret === null ? undefined : sealer.open(row.secret, secretContext(row.id));
    },
  };
}
