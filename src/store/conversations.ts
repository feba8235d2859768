import type { Ending } from '../chat/assistant/ports.ts';
import type { Conversation, Turn } from '../diagnose/assistant/ports.ts';
import type { EpochMs } from '../types.ts';
import type { Database, Trx } from './database.ts';
import type { Row } from './schema.ts';

/** Turns that are kept; a prompt has room for fewer. */
const MOST_TURNS = 16;
/** Of one turn, characters. */
const LONGEST = 4000;
const LIFE_MS = 30 * 24 * 3_600_000;

/** What was said in a thread; `since` leaves out what is older, if anything of it is to count. */
export type ReadConversation = (id: string, now: EpochMs, since?: EpochMs) => Promise<Conversation>;

export const createConversations =
  ({ database }: { readonly database: Database }): ReadConversation =>
  async (id, now, since = now - LIFE_MS) => {
    const row = await database.reader.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined || row.updated_at < since ? { turns: [] } : conversationOf(row);
  };

/** Adds what was said last. Two answers in one thread at once both stay. */
export async function appendTurns(
  trx: Trx,
  { question, incidentId }: Pick<Ending, 'question' | 'incidentId'>,
  said: NonNullable<Ending['remember']>,
  now: EpochMs,
): Promise<void> {
  let found = trx.db.selectFrom('conversations').selectAll().where('id', '=', question.conversation);
  if (trx.engine === 'postgres') found = found.forUpdate();
  const row = await found.executeTakeFirst();
  const before = row === undefined ? { turns: [] } : conversationOf(row);
  const turns = [...before.turns, ...said.turns.map(bounded)].slice(-MOST_TURNS);
  const values = {
    target_id: question.targetId,
    messages: JSON.stringify(turns),
    incident_id: incidentId ?? before.incidentId ?? null,
    remote: said.remote === undefined ? null : JSON.stringify(said.remote),
    updated_at: now,
  };
  await trx.db
    .insertInto('conversations')
    .values({ id: question.conversation, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

const bounded = (turn: Turn): Turn => ({ ...turn, text: turn.text.slice(0, LONGEST).toWellFormed() });

const conversationOf = (row: Row<'conversations'>): Conversation => ({
  turns: JSON.parse(row.messages),
  ...(row.incident_id === null ? {} : { incidentId: row.incident_id }),
  ...(row.remote === null ? {} : { remote: JSON.parse(row.remote) }),
});
