import type { Card } from '../../cards/card.ts';
import type { NewMessage } from '../../delivery/outbox.ts';
import type { Conversation, Turn } from '../../diagnose/assistant/ports.ts';
import type { DueWork } from '../../jobs/ports.ts';
import type { EpochMs, Locale } from '../../types.ts';

/** A question that was taken in, as its due-row keeps it until it is answered. */
export interface Question {
  /** The channel and its message's id: what is asked twice is one question. */
  readonly id: string;
  readonly text: string;
  readonly targetId: string;
  readonly channel: string;
  /** What was said before belongs to this. */
  readonly conversation: string;
  /** Of a thread that never ends, only what was said after this counts. */
  readonly since?: EpochMs;
  readonly asker: { readonly id: string; readonly name: string };
  readonly locale: Locale;
  readonly timezone: string;
  readonly askedAt: EpochMs;
  readonly traceId: string;
  /** The thread's first message, or the chat alone. */
  readonly thread: string;
  readonly messageRef: string;
  readonly replyContext?: string;
  /** The incident of the card or message that was answered. */
  readonly incidentId?: string;
  /** Who wants no answer any more. */
  readonly stoppedBy?: string;
}

/** Answers on their way: one due-row each, and where the channel can edit, the message that shows them growing. */
export interface Answers {
  /** Shows how far it is; false when that could not be now, because the last state is just being shown. */
  grow(question: Question, card: Card, now: EpochMs): Promise<boolean>;
  /**
   * In one transaction: the answer's last state, what the conversation remembers of it, and the end of its work.
   * `busy`: the last state is just being shown, try again; `lost`: somebody else has the work.
   */
  finish(work: DueWork, ending: Ending, now: EpochMs): Promise<'done' | 'busy' | 'lost'>;
  /** Who said that it should stop. */
  stopped(questionId: string): Promise<string | undefined>;
}

export interface Ending {
  readonly question: Question;
  readonly card: Card;
  /** What it turned out to be about: replies to the answer mean it too. */
  readonly incidentId?: string;
  /** Nothing is remembered of a question that was not answered. */
  readonly remember?: { readonly turns: readonly Turn[]; readonly remote?: Conversation['remote'] };
}

/** The message under what was said; the same question has one. */
export const answerKey = ({ id }: Pick<Question, 'id'>): string => `answer:${id}`;

/** An answer's message, as it is sent when there is none to edit. */
export const finalMessage = ({ question, card, incidentId }: Ending, fresh: boolean): NewMessage => ({
  targetId: question.targetId,
  kind: 'answer',
  payload: { kind: 'message', content: { kind: 'card', card }, locale: question.locale },
  replyTo: question.messageRef,
  ...(fresh ? { dedupeKey: answerKey(question) } : {}),
  ...(incidentId === undefined ? {} : { incidentId }),
  ...(question.replyContext === undefined ? {} : { replyContext: question.replyContext }),
});
