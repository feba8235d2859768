import type { InboundMessage, InboundPress, MessageContent } from '../channels/channel.ts';
import { line } from '../cards/rich.ts';
import type { NewMessage } from '../delivery/outbox.ts';
import type { Answer, Context, Outcome } from '../operations/operation.ts';

/** Long enough for any answer of ours; cards have their own bounds. */
const LONGEST = 2000;

/** The outcome as a durable message under what was said; the same message twice is answered once. */
export function answerTo(
  inbound: InboundMessage | InboundPress,
  { answer, incidentId }: Outcome,
  { locale }: Context,
  targetId: string,
): NewMessage {
  return {
    targetId,
    kind: 'answer',
    payload: { kind: 'message', content: contentOf(answer), locale },
    replyTo: inbound.messageRef,
    dedupeKey: `answer:${inbound.channel}:${inbound.id}`,
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(inbound.replyContext === undefined ? {} : { replyContext: inbound.replyContext }),
  };
}

/** What of an answer a chat is shown. */
export const contentOf = ({ card, text, brief }: Answer): MessageContent =>
  card === undefined ? { kind: 'text', text: text ?? line(brief, undefined, LONGEST) } : { kind: 'card', card };
