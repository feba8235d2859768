import type { Block, Card } from './card.ts';

/** What a channel's card may cost; `bytes` of the neutral card's JSON, so a channel states them less its own overhead. */
export interface CardLimits {
  readonly bytes: number;
  readonly elements: number;
  readonly buttons: number;
}

export const fits = (card: Card, limits: CardLimits): boolean =>
  pressable(card) <= limits.buttons && elementsOf(card) <= limits.elements && bytesOf(card) <= limits.bytes;

/** UTF-8 bytes of the card as JSON. */
export const bytesOf = (card: Card): number => Buffer.byteLength(JSON.stringify(card));

/** Header, tags, blocks and what stands in them, as platforms that count components do. */
export const elementsOf = (card: Card): number => 1 + card.tags.length + total(card.blocks, blockElements);

/** Buttons that send something; a form has one. Link buttons only open an address and are not counted. */
export const pressable = (card: Card): number => total(card.blocks, blockButtons);

const total = (blocks: readonly Block[], of: (block: Block) => number): number =>
  blocks.reduce((sum, block) => sum + of(block), 0);

function blockElements(block: Block): number {
  switch (block.kind) {
    case 'fields':
      return 1 + block.fields.length;
    case 'section':
      return 1 + total(block.blocks, blockElements);
    case 'list':
      return 1 + block.items.length;
    case 'buttons':
      return 1 + block.buttons.length;
    case 'links':
      return 1 + block.links.length;
    case 'form':
      return 2 + block.inputs.length;
    case 'text':
    case 'chart':
    case 'image':
    case 'divider':
    case 'note':
      return 1;
  }
  return block satisfies never;
}

function blockButtons(block: Block): number {
  if (block.kind === 'section') return total(block.blocks, blockButtons);
  if (block.kind === 'buttons') return block.buttons.length;
  return block.kind === 'form' ? 1 : 0;
}
