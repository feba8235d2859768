import type { InboundMessage, InboundPress, MessageContent } from '../channels/channel.ts';
import { line } from '../cards/rich.ts';
import type { NewMessage } from '../delivery/outbox.ts';
import type { Context, Outcome } from '../operations/operation.ts';

/** Long enough for any answer of ours; cards have their own bounds. */
const LONGEST = 2000;

/** The outcome as a durable message under what was said; the same message twice is answered once. */
export function answerTo(
  inbound: InboundMessage | InboundPress,
  { answer, incidentId }: Outcome,
  { locale }: Context,
  targetId: string,
): NewMessage {
  const content: MessageContent =
    answer.card === undefined
      ? { kind: 'text', text: answer.text ?? line(answer.brief, undefined, LONGEST) }
      : { kind: 'card', card: answer.card };
  return {
    targetId,
    kind: 'answer',
    payload: { kind: 'message', content, locale },
    replyTo: inbound.messageRef,
    dedupeKey: `answer:${inbound.channel}:${inbound.id}`,
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(inbound.replyContext === undefined ? {} : { replyContext: inbound.replyContext }),
  };
}
