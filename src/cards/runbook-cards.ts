import { answerCard } from './answer-card.ts';
import type { Block, Card, Rich } from './card.ts';
import { clean } from './clean.ts';
import { dotted, line, piece } from './rich.ts';
import { operationTexts } from './texts/operations.ts';
import type { CardContext } from './view.ts';

/** A runbook as a list names it. */
export interface RunbookView {
  readonly id: string;
  readonly title: string;
  /** Below the folder of runbooks. */
  readonly path: string;
}

/** A runbook and the part of it that fits what was looked for. */
export interface FoundRunbookView extends RunbookView {
  /** Empty for a part without one. */
  readonly heading: string;
  /** Plain text. */
  readonly excerpt: string;
}

const MOST_LINES = 10;
const MOST_LISTED = 30;

/** What was found, best first; only the best is unfolded. */
export function foundRunbooksCard(found: readonly FoundRunbookView[], title: string, context: CardContext): Card {
  return answerCard({ title, blocks: found.map((one, at) => foundBlock(one, at > 0)) }, context);
}

function foundBlock({ id, title, path, heading, excerpt }: FoundRunbookView, collapsed: boolean): Block {
  const items = excerpt
    .split('\n')
    .map((text) => text.replace(/^\s{0,40}(?:[-*+•]|\d{1,3}[.)、])\s{1,8}/, '').trim())
    .filter((text) => text !== '')
    .slice(0, MOST_LINES)
    .map((text) => line(text, undefined, 240));
  const name = heading === '' || heading === title ? title : `${title} › ${heading}`;
  const blocks: readonly Block[] = [
    ...(items.length === 0 ? [] : [{ kind: 'list', ordered: false, items } as const]),
    { kind: 'note', text: dotted([piece(id, undefined, 64)], [piece(path, undefined, 120)]) },
  ];
  return { kind: 'section', title: clean(name, 120), collapsed, blocks };
}

/** All there are, by name. */
export function runbookListCard(runbooks: readonly RunbookView[], context: CardContext): Card {
  const t = operationTexts(context.locale).runbooks;
  const more = runbooks.length - MOST_LISTED;
  const items: readonly Rich[] = [
    ...runbooks
      .slice(0, MOST_LISTED)
      .map(({ id, title }) => dotted([piece(title, undefined, 120)], [piece(id, 'muted', 64)])),
    ...(more > 0 ? [line(t.more(more), 'muted')] : []),
  ];
  const blocks: readonly Block[] = [
    { kind: 'list', ordered: false, items },
    { kind: 'note', text: line(t.how) },
  ];
  return answerCard({ title: t.all(runbooks.length), blocks }, context);
}
