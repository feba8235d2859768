import type { Card } from '../cards/card.ts';
import type { Answers, Ending, Question } from '../chat/assistant/ports.ts';
import type { DueWork } from '../jobs/ports.ts';
import type { GrowingPayload, MessagePayload, NewMessage } from '../delivery/outbox.ts';
import type { AnswersBeingWritten } from '../operations/answers-port.ts';
import type { EpochMs } from '../types.ts';
import { appendTurns } from './conversations.ts';
import type { Database, Trx, Write } from './database.ts';
import { enqueueMessage } from './delivery/outbox.ts';
import { takeDue } from './due.ts';
import type { Row } from './schema.ts';

export interface AnswersDeps {
  readonly database: Database;
  readonly write: Write;
  /** The message of an answer that has none to edit. */
  readonly messageOf: (ending: Ending, fresh: boolean) => NewMessage;
  readonly keyOf: (question: Pick<Question, 'id'>) => string;
}

/** The due-rows of questions. */
const ANSWER = 'answer';

/** A state of an answer that could not be shown for so long is not shown any more. */
const LIFE_MS = 10 * 60_000;
/** On the scale of `delivery/ordering.ts`: what grows waits behind everything that is news. */
const GROWING = 40;
const FINAL = 0;
/** Questions under way in one chat; nobody stops more. */
const MOST = 200;

/** Answers on their way, in the rows that make them survive us. */
export function createAnswers({ database, write, messageOf, keyOf }: AnswersDeps): Answers & AnswersBeingWritten {
  const { reader } = database;
  return {
    grow: (question, card, now) =>
      write('delivery', async (trx) => (await revise(trx, keyOf(question), card, GROWING, now)) === 'revised'),
    finish: (work, ending, now) =>
      write('delivery', async (trx) => {
        if (!(await holds(trx, work))) return 'lost';
        const revised = await revise(trx, keyOf(ending.question), ending.card, FINAL, now, ending.incidentId);
        if (revised === 'busy') return 'busy';
        if (revised !== 'revised') await enqueueMessage(trx, messageOf(ending, revised === 'absent'), now);
        if (ending.remember !== undefined) await appendTurns(trx, ending, ending.remember, now);
        await takeDue(trx, work);
        return 'done';
      }),
    stopped: async (id) => {
      const row = await reader
        .selectFrom('due')
        .select('payload')
        .where('kind', '=', ANSWER)
        .where('subject_id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : questionOf(row)?.stoppedBy;
    },
    writing: async (targetId) => {
      const rows = await reader.selectFrom('due').select('payload').where('kind', '=', ANSWER).limit(MOST).execute();
      return rows
        .map(questionOf)
        .filter((question) => question !== undefined)
        .filter((question) => question.targetId === targetId && question.stoppedBy === undefined)
        .map(({ id, thread, asker }) => ({ id, thread, askerId: asker.id }));
    },
    stop: (ids, by) => write('press', (trx) => markStopped(trx, ids, by)),
  };
}

/** Nobody is told what another will tell. */
async function holds({ db, engine }: Trx, { kind, subject, token }: DueWork): Promise<boolean> {
  let found = db.selectFrom('due').select('lease_token').where('kind', '=', kind).where('subject_id', '=', subject);
  if (engine === 'postgres') found = found.forUpdate();
  return (await found.executeTakeFirst())?.lease_token === token;
}

type Revised = 'revised' | 'busy' | 'absent' | 'over';

/** Makes the message due again, to look like `card`. Whoever is showing it now has the row. */
async function revise(
  trx: Trx,
  key: string,
  card: Card,
  priority: number,
  now: EpochMs,
  incidentId?: string,
): Promise<Revised> {
  let found = trx.db.selectFrom('outbox').selectAll().where('dedupe_key', '=', key);
  if (trx.engine === 'postgres') found = found.forUpdate();
  const row = await found.executeTakeFirst();
  if (row === undefined) return 'absent';
  const payload = payloadOf(row);
  if (payload.kind !== 'growing' || (row.state !== 'due' && row.state !== 'sent')) return 'over';
  if (row.lease_until > now) return 'busy';
  await trx.db
    .updateTable('outbox')
    .set({
      payload: JSON.stringify(grown(row, payload, card)),
      priority,
      state: 'due',
      settled_at: null,
      expires_at: now + LIFE_MS,
      ...(row.ref === null ? {} : { attempts: 0 }),
      ...(incidentId === undefined ? {} : { incident_id: incidentId }),
    })
    .where('id', '=', row.id)
    .execute();
  trx.hint({ kind: 'target', id: row.target_id });
  return 'revised';
}

/** A message that was never tried may as well begin as it is now; after a try, the platform may have the first state. */
function grown(row: Row<'outbox'>, payload: GrowingPayload, card: Card): GrowingPayload {
  const untried = row.ref === null && row.attempts === 0 && row.lease_token === null;
  return { ...payload, card, ...(untried ? { first: card } : {}) };
}

const payloadOf = ({ payload }: Pick<Row<'outbox'>, 'payload'>): MessagePayload => JSON.parse(payload);

const questionOf = ({ payload }: { readonly payload: string | null }): Question | undefined =>
  payload === null ? undefined : JSON.parse(payload);

/** The row stays whose it is: whoever answers it looks here. */
async function markStopped(trx: Trx, ids: readonly string[], by: string): Promise<void> {
  for (const id of ids) {
    let found = trx.db.selectFrom('due').select('payload').where('kind', '=', ANSWER).where('subject_id', '=', id);
    if (trx.engine === 'postgres') found = found.forUpdate();
    const row = await found.executeTakeFirst();
    const question = row === undefined ? undefined : questionOf(row);
    if (question === undefined) continue;
    await trx.db
      .updateTable('due')
      .set({ payload: JSON.stringify({ ...question, stoppedBy: by }) })
      .where('kind', '=', ANSWER)
      .where('subject_id', '=', id)
      .execute();
  }
}
