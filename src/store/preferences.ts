import type { Preferences } from '../operations/ports.ts';
import type { Database, Write } from './database.ts';

/** What people and chats chose for themselves with `/lang`. */
export function createPreferences({ database, write }: { database: Database; write: Write }): Preferences {
  return {
    locale: async (subject) => {
      const row = await database.reader
        .selectFrom('preferences')
        .select('locale')
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row?.locale === 'zh-CN' || row?.locale === 'en-US' ? row.locale : undefined;
    },
    setLocale: async (subject, locale) => {
      await write('press', (trx) =>
        trx.db
          .insertInto('preferences')
          .values({ subject, locale })
          .onConflict((same) => same.column('subject').doUpdateSet({ locale }))
          .execute(),
      );
    },
  };
}
