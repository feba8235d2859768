import type { Block, Button, Card } from './card.ts';

/** What a person on call misses most comes first; anything else is worth less, and of equals the earlier is worth more. */
const WORTH = [
  'ack',
  'reopen',
  'resolve',
  'assign',
  'confirm_diagnosis',
  'silence',
  'reject_diagnosis',
  'rediagnose',
  'show',
];

/** The same card with at most `max` buttons, those of least worth gone; a form goes with its button. */
export function fewerButtons(card: Card, max: number): Card {
  const all = card.blocks.flatMap(buttonsOf);
  if (all.length <= max) return card;
  const kept = new Set(all.toSorted((a, b) => rank(a) - rank(b)).slice(0, max));
  return { ...card, blocks: card.blocks.flatMap((block) => without(block, kept)) };
}

function rank({ value }: Button): number {
  const at = WORTH.indexOf(value.action);
  return at < 0 ? WORTH.length : at;
}

function buttonsOf(block: Block): readonly Button[] {
  if (block.kind === 'section') return block.blocks.flatMap(buttonsOf);
  if (block.kind === 'form') return [block.submit];
  return block.kind === 'buttons' ? block.buttons : [];
}

function without(block: Block, kept: ReadonlySet<Button>): readonly Block[] {
  if (block.kind === 'section') return [{ ...block, blocks: block.blocks.flatMap((inner) => without(inner, kept)) }];
  if (block.kind === 'form') return kept.has(block.submit) ? [block] : [];
  if (block.kind !== 'buttons') return [block];
  const buttons = block.buttons.filter((button) => kept.has(button));
  return buttons.length > 0 ? [{ ...block, buttons }] : [];
}
