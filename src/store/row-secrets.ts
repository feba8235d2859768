import { InvalidConfig } from '../errors.ts';
import type { Database } from './database.ts';
import { integrationContext } from './integrations.ts';
import type { Sealer } from './secrets.ts';
import { readFallback } from './target-secrets.ts';
import { fallbackContext, secretContext } from './targets.ts';

/**
 * Every secret that is stored with integrations and targets, in the order of their rows. What was sealed with another
 * SECRET_KEY is left out: nobody here can know it.
 */
export async function readRowSecrets({ reader }: Pick<Database, 'reader'>, sealer: Sealer): Promise<readonly string[]> {
  const open = (sealed: string | null, context: string): readonly string[] => {
    try {
      return sealed === null ? [] : [sealer.open(sealed, context)];
    } catch (err) {
      if (err instanceof InvalidConfig) return [];
      throw err;
    }
  };
  const [integrations, targets] = await Promise.all([
    reader
      .selectFrom('integrations')
      .select(['id', 'hmac_secret'])
      .where('hmac_secret', 'is not', null)
      .orderBy('id')
      .execute(),
    reader
      .selectFrom('targets')
      .select(['id', 'secret', 'fallback'])
      .where((is) => is.or([is('secret', 'is not', null), is('fallback', 'is not', null)]))
      .orderBy('id')
      .execute(),
  ]);
  return [
    ...integrations.flatMap(({ id, hmac_secret: sealed }) => open(sealed, integrationContext(id))),
    ...targets.flatMap(({ id, secret, fallback }) => [
      ...open(secret, secretContext(id)),
      // The address of a group's bot is a key too: whoever has it may write there.
      ...open(fallback, fallbackContext(id)).flatMap((text) => {
        const { url, secret: signing } = readFallback(text);
        return signing === undefined ? [url] : [url, signing];
      }),
    ]),
  ];
}
