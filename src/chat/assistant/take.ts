import { createHash } from 'node:crypto';
import type { InboundMessage } from '../../channels/channel.ts';
import { writtenCard } from '../../cards/written-card.ts';
import type { NewMessage } from '../../delivery/outbox.ts';
import type { Context } from '../../operations/operation.ts';
import type { EpochMs } from '../../types.ts';
import type { Work } from '../ports.ts';
import { type Question, answerKey } from './ports.ts';

export interface TakeDeps {
  /** Whether messages of this channel can be edited after they were sent. */
  readonly edits: (channel: string) => boolean;
  /** Which incident a card or message in a chat is about. */
  readonly incidentOf: (targetId: string, ref: string) => Promise<string | undefined>;
  /** Which incident is meant by a number of today's. */
  readonly incidentNamed: (number: string, now: EpochMs, timezone: string) => string | undefined;
}

/** In a direct chat without threads, what was said within this belongs together, ms. */
const TALK_MS = 60 * 60_000;
const LONGEST = 4000;
/** `#3` is one of today's incidents; a bare 3 may be anything in a sentence. */
const NUMBER = /[#＃](\d{1,6})(?!\d)/u;

/** Makes work of a question, and the message under it that will grow where the channel can edit. */
export const createTake =
  ({ edits, incidentOf, incidentNamed }: TakeDeps) =>
  async (text: string, inbound: InboundMessage, context: Context, targetId: string): Promise<Work> => {
    const ref = inbound.inReplyTo ?? inbound.thread;
    const number = NUMBER.exec(text)?.[1];
    const named = number === undefined ? undefined : incidentNamed(number, context.now, context.timezone);
    const incidentId = named ?? (ref === undefined ? undefined : await incidentOf(targetId, ref));
    const question = questionOf(text.slice(0, LONGEST).toWellFormed(), inbound, context, targetId, incidentId);
    const due = { kind: 'answer', subject: question.id, dueAt: context.now, payload: JSON.stringify(question) };
    return { due, messages: edits(inbound.channel) ? [placeholder(question)] : [] };
  };

function questionOf(
  text: string,
  inbound: InboundMessage,
  { actor, locale, timezone, now, traceId }: Context,
  targetId: string,
  incidentId: string | undefined,
): Question {
  const { channel, direct, messageRef, replyContext } = inbound;
  const alone = direct && inbound.thread === undefined;
  const thread = inbound.thread ?? (alone ? 'direct' : messageRef);
  return {
    id: `${channel}:${inbound.id}`,
    text,
    targetId,
    channel,
    conversation: createHash('sha256').update(`${targetId}\n${thread}`).digest('base64url'),
    ...(alone ? { since: now - TALK_MS } : {}),
    asker: { id: actor.id, name: actor.name },
    locale,
    timezone,
    askedAt: now,
    traceId,
    thread,
    messageRef,
    ...(replyContext === undefined ? {} : { replyContext }),
    ...(incidentId === undefined ? {} : { incidentId }),
  };
}

function placeholder(question: Question): NewMessage {
  const { text, locale, targetId, messageRef, replyContext, incidentId } = question;
  const card = writtenCard({ question: text, locale, text: '', state: { kind: 'growing', looking: [] } });
  return {
    targetId,
    kind: 'answer',
    payload: { kind: 'growing', first: card, card, locale },
    replyTo: messageRef,
    dedupeKey: answerKey(question),
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(replyContext === undefined ? {} : { replyContext }),
  };
}
