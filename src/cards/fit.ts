import type { Block, Card, Input, Rich } from './card.ts';
import { cut } from './clean.ts';
import { fewerButtons } from './fewer-buttons.ts';
import { linkButton } from './links.ts';
import { type CardLimits, bytesOf, fits } from './measure.ts';

/** Where the whole of it can be read, as the last button of a shortened card. */
export interface More {
  readonly text: string;
  readonly url: string;
}

/**
 * The card made to fit, by the gentlest means that do: fewer buttons, then shorter texts and lists (with `… +n`), then
 * without folded sections, then block by block from the least needed to the most. Whatever was cut leaves a `…`, and
 * `more` when it is given and there is room. Never exceeds `limits`, down to a bare title of 100 bytes.
 */
export function fit(card: Card, limits: CardLimits, more?: More): Card {
  if (fits(card, limits)) return card;
  const pressed = fewerButtons(card, limits.buttons);
  if (fits(pressed, limits)) return pressed;
  for (const shorten of GENTLE) {
    const shorter = withMore(shorten(pressed), more);
    if (fits(shorter, limits)) return shorter;
  }
  return blockByBlock(pressed, limits, more);
}

/** From hardly noticed to harsh; each is applied to the whole card, not to the result of the one before. */
const GENTLE: readonly ((card: Card) => Card)[] = [
  (card) => shortened(card, { text: 200, items: 12 }),
  (card) => shortened(card, { text: 160, items: 6 }),
  (card) => withoutPictures(shortened(card, { text: 120, items: 4 })),
  (card) => folded(withoutPictures(shortened(card, { text: 100, items: 3 }))),
];

interface Measure {
  /** Code points of one piece of text. */
  readonly text: number;
  readonly items: number;
}

const shortened = (card: Card, measure: Measure): Card => ({
  ...card,
  blocks: card.blocks.map((block) => shorterBlock(block, measure)),
});

function shorterBlock(block: Block, measure: Measure): Block {
  switch (block.kind) {
    case 'text':
    case 'note':
      return { ...block, text: shorterRich(block.text, measure) };
    case 'fields':
      return {
        ...block,
        fields: block.fields.map((field) => ({ ...field, value: shorterRich(field.value, measure) })),
      };
    case 'section':
      return { ...block, blocks: block.blocks.map((inner) => shorterBlock(inner, measure)) };
    case 'list':
      return { ...block, items: shorterList(block.items, measure) };
    case 'links':
      return { ...block, links: block.links.slice(0, measure.items) };
    case 'form':
      return { ...block, inputs: block.inputs.map((input) => shorterInput(input, measure)) };
    case 'chart':
    case 'image':
    case 'buttons':
    case 'divider':
      return block;
  }
  return block satisfies never;
}

/** What is offered is in order of worth; the rest can still be typed. */
const shorterInput = (input: Input, { items }: Measure): Input =>
  input.kind === 'select' ? { ...input, options: input.options.slice(0, items) } : input;

function shorterList(items: readonly Rich[], measure: Measure): readonly Rich[] {
  const kept = items.slice(0, measure.items).map((item) => shorterRich(item, measure));
  const left = items.length - kept.length;
  return left > 0 ? [...kept, [{ text: `… +${left}`, style: 'muted' }]] : kept;
}

const shorterRich = (rich: Rich, { text }: Measure): Rich =>
  rich.map((part) => ('mention' in part ? part : { ...part, text: cut(part.text, text) }));

const withoutPictures = (card: Card): Card => ({
  ...card,
  blocks: card.blocks.filter(({ kind }) => kind !== 'chart' && kind !== 'image' && kind !== 'divider'),
});

/** Folded sections become their titles: what was in them is one tap away anyway. */
const folded = (card: Card): Card => ({
  ...card,
  blocks: card.blocks.map((block) =>
    block.kind === 'section' && block.collapsed
      ? { kind: 'note', text: [{ text: `${block.title} …`, style: 'muted' }] }
      : block,
  ),
});

/** Least needed first; of one kind the last goes first. */
const DISPENSABLE: readonly Block['kind'][] = [
  'divider',
  'image',
  'chart',
  'section',
  'note',
  'links',
  'list',
  'text',
  'fields',
  'form',
  'buttons',
];

function blockByBlock(card: Card, limits: CardLimits, more: More | undefined): Card {
  let rest = folded(shortened(card, { text: 80, items: 3 }));
  for (const kind of DISPENSABLE) {
    for (let at = lastOf(rest, kind); at >= 0; at = lastOf(rest, kind)) {
      rest = { ...rest, blocks: rest.blocks.toSpliced(at, 1) };
      const shorter = withMore(rest, more);
      if (fits(shorter, limits)) return shorter;
    }
  }
  const bare = { ...rest, tags: [] };
  return [withMore(bare, more), bare].find((candidate) => fits(candidate, limits)) ?? onlyTitle(card, limits);
}

const lastOf = (card: Card, kind: Block['kind']): number => card.blocks.findLastIndex((block) => block.kind === kind);

function onlyTitle({ tone, title }: Card, { bytes }: CardLimits): Card {
  const empty: Card = { tone, title: '', tags: [], blocks: [] };
  // A code point is at most 6 bytes as JSON (a control character as \u001f), so this many are sure to fit.
  return { ...empty, title: cut(title, Math.floor((bytes - bytesOf(empty)) / 6)) };
}

/** A `…` where nothing else tells that something is missing, or the way to the whole. */
function withMore(card: Card, more: More | undefined): Card {
  const button = more === undefined ? undefined : linkButton(more.text, more.url);
  if (button === undefined) return { ...card, blocks: [...card.blocks, { kind: 'note', text: [{ text: '…' }] }] };
  const others = card.blocks.flatMap((block): readonly Block[] => {
    if (block.kind !== 'links') return [block];
    const links = block.links.filter(({ url }) => url !== button.url);
    return links.length > 0 ? [{ ...block, links }] : [];
  });
  return { ...card, blocks: [...others, { kind: 'links', links: [button] }] };
}
