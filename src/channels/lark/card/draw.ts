import type { Card } from '../../../cards/card.ts';
import { bodyElements, smallPrint } from './blocks.ts';
import { headerOf, summaryOf } from './header.ts';
import { createNames } from './names.ts';
import type { LarkCard } from './wire.ts';

/** How a card is drawn, whatever its size. */
export interface Drawing {
  /** Of the times under a chart; the neutral card's own times are texts already. `UTC` when absent. */
  readonly timezone?: string;
  /** False after the platform refused an id (100290): people are named and not notified. */
  readonly mentions?: boolean;
}

/** The whole neutral card in JSON 2.0, which may be more than the platform takes. */
export function drawCard(card: Card, { timezone = 'UTC', mentions = true }: Drawing): LarkCard {
  const scope = { timezone, mentions, names: createNames() };
  const footer = card.footer === undefined ? undefined : smallPrint([{ text: card.footer }], scope);
  return {
    schema: '2.0',
    config: {
      update_multi: true,
      enable_forward: true,
      enable_forward_interaction: false,
      width_mode: 'fill',
      summary: { content: summaryOf(card) },
    },
    header: headerOf(card),
    body: {
      vertical_spacing: 'medium',
      padding: '12px 12px 12px 12px',
      elements: [...bodyElements(card.blocks, scope), ...(footer === undefined ? [] : [footer])],
    },
  };
}
