import type { Block, Card, Rich } from './card.ts';

/** The card as lines of text, for channels that show nothing else and for logs. Buttons and forms have no text form. */
export function plainText(card: Card): string {
  const subtitle = card.subtitle === undefined ? [] : [card.subtitle];
  const footer = card.footer === undefined ? [] : [card.footer];
  const tags = card.tags.map(({ text }) => text).join(' · ');
  const head = tags === '' || card.subtitle?.includes(tags) ? [] : [tags];
  return [card.title, ...subtitle, ...head, ...card.blocks.flatMap(blockLines), ...footer].join('\n');
}

/** Formatted text without its formatting; a mention reads `@name`. */
export const plainRich = (rich: Rich): string =>
  rich.map((part) => ('mention' in part ? `@${part.mention.name}` : part.text)).join('');

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
    case 'note':
      return [plainRich(block.text)];
    case 'fields':
      return block.fields.map(({ label, value }) => `${label}: ${plainRich(value)}`);
    case 'section':
      return [block.title, ...block.blocks.flatMap(blockLines).map((text) => `  ${text}`)];
    case 'list':
      return block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${plainRich(item)}`);
    case 'chart':
      return [
        block.title,
        ...block.series.map(({ name, points }) => `  ${name}: ${points.map(([, y]) => y).join(' ')}`),
      ];
    case 'image':
      return [block.alt];
    case 'links':
      return block.links.map(({ text, url }) => `${text}: ${url}`);
    case 'divider':
      return ['---'];
    case 'buttons':
    case 'form':
      return [];
  }
  return block satisfies never;
}
