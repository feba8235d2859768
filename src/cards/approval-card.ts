import { answerCard } from './answer-card.ts';
import type { Card } from './card.ts';
import { line } from './rich.ts';
import { operationTexts } from './texts/operations.ts';
import type { CardContext } from './view.ts';

export interface WaitingChat {
  readonly targetId: string;
  readonly name: string;
  /** Full target address. */
  readonly address: string;
}

/** Asks whether a chat that the bot was added to may get incidents; only an admin's press counts. */
export function approvalCard({ targetId, name, address }: WaitingChat, context: CardContext): Card {
  const t = operationTexts(context.locale).approval;
  return answerCard(
    {
      title: t.title,
      tone: 'info',
      blocks: [
        { kind: 'text', text: line(t.text) },
        {
          kind: 'fields',
          fields: [
            { label: t.chat, value: line(name), short: true },
            { label: t.address, value: line(address), short: true },
          ],
        },
        {
          kind: 'buttons',
          buttons: [
            { text: t.approve, style: 'primary', value: { action: 'approve_target', args: { target: targetId } } },
          ],
        },
        { kind: 'note', text: line(t.note) },
      ],
    },
    context,
  );
}
