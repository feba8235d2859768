import type { Block, Card, Tag, Tone } from './card.ts';
import { clean } from './clean.ts';
import type { CardContext } from './view.ts';

export interface AnswerContent {
  readonly title: string;
  readonly tone?: Tone;
  readonly subtitle?: string;
  readonly tags?: readonly Tag[];
  readonly blocks: readonly Block[];
  readonly footer?: string;
}

/** A card that answers somebody: neutral unless `tone` says otherwise. Its blocks are the caller's, already clean. */
export function answerCard(content: AnswerContent, _context: CardContext): Card {
  const { subtitle, footer } = content;
  return {
    tone: content.tone ?? 'neutral',
    title: clean(content.title, 120),
    ...(subtitle === undefined ? {} : { subtitle: clean(subtitle, 120) }),
    tags: content.tags ?? [],
    blocks: content.blocks,
    ...(footer === undefined ? {} : { footer: clean(footer, 200) }),
  };
}
