import type { Block, Card, Rich } from '../../cards/card.ts';
import { cut } from '../../cards/clean.ts';
import { withoutMentions } from './post.ts';

/**
 * The card and what is shown instead when the platform refuses it, each plainer than the one before: never silence. One
 * wrong id of a person fails a whole card (100290), a picture or a chart may (200570, 200550), and phone numbers or mail
 * addresses are stopped by a tenant's rules (230022, 230028).
 */
export const ladder = (card: Card): readonly Card[] => [card, plain(card), bare(card)];

/** Without people, pictures, charts and forms; nothing folded. */
const plain = (card: Card): Card => ({ ...card, blocks: card.blocks.flatMap(plainBlock) });

function plainBlock(block: Block): readonly Block[] {
  switch (block.kind) {
    case 'text':
    case 'note':
      return [{ ...block, text: withoutMentions(block.text) }];
    case 'fields':
      return [{ ...block, fields: block.fields.map((field) => ({ ...field, value: withoutMentions(field.value) })) }];
    case 'list':
      return [{ ...block, items: block.items.map(withoutMentions) }];
    case 'section':
      return [{ kind: 'note', text: [{ text: block.title }] }, ...block.blocks.flatMap(plainBlock)];
    case 'chart':
    case 'image':
    case 'form':
      return [];
    case 'buttons':
    case 'links':
    case 'divider':
      return [block];
  }
  return block satisfies never;
}

const LONGEST_TITLE = 120;

/** What happened and what can be done about it, with numbers and addresses of people blanked. */
function bare(card: Card): Card {
  const { tone, subtitle, footer, incidentId, rev } = card;
  return {
    tone,
    title: cut(withoutPersonal(card.title), LONGEST_TITLE),
    ...(subtitle !== undefined && { subtitle: withoutPersonal(subtitle) }),
    tags: card.tags,
    blocks: card.blocks.flatMap(({ ...block }): readonly Block[] => (block.kind === 'buttons' ? [block] : [])),
    ...(footer !== undefined && { footer: withoutPersonal(footer) }),
    ...(incidentId !== undefined && { incidentId }),
    ...(rev !== undefined && { rev }),
  };
}

/** The card with people called at its top. */
export function withMentions(card: Card, mentions: readonly { readonly id: string; readonly name: string }[]): Card {
  if (mentions.length === 0) return card;
  const text: Rich = mentions.flatMap((mention, at): Rich => [...(at === 0 ? [] : [{ text: ' ' }]), { mention }]);
  return { ...card, blocks: [{ kind: 'text', text }, ...card.blocks] };
}

/** Mail addresses, and runs of digits as long as a telephone number; incident ids have a letter before theirs. */
const withoutPersonal = (text: string): string =>
  text.replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, '…').replace(/(?<![\w-])\+?\d(?:[ ()-]?\d){6,}(?![\w-])/gu, '…');
