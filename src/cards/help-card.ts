import { answerCard } from './answer-card.ts';
import type { Block, Card, Inline, Rich } from './card.ts';
import { gap, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import type { CardContext, HelpEntry } from './view.ts';

/** Every command, in groups by who may use it, in the order of the table. */
export function helpCard(entries: readonly HelpEntry[], context: CardContext): Card {
  const t = texts(context.locale);
  const groups = Map.groupBy(entries, ({ right }) => groupTitle(right, context));
  const blocks: readonly Block[] = [
    { kind: 'text', text: line(t.help.intro) },
    ...[...groups].map(([title, group]): Block => {
      const items = group.map((entry) => entryLine(entry, context));
      const collapsed = title === t.right.admin;
      return { kind: 'section', title, collapsed, blocks: [{ kind: 'list', ordered: false, items }] };
    }),
    { kind: 'note', text: line(t.help.ask) },
  ];
  return answerCard({ title: t.help.title, tone: 'info', blocks }, context);
}

function groupTitle(right: string, context: CardContext): string {
  const t = texts(context.locale);
  if (right === 'guest' || right === 'reader') return t.help.everybody;
  return right === 'responder' || right === 'admin' ? t.right[right] : t.help.others;
}

function entryLine({ usage, chinese, help }: HelpEntry, context: CardContext): Rich {
  const alias: readonly Inline[] = context.locale === 'zh-CN' ? [gap(' '), piece(chinese, 'bold', 20)] : [];
  return [piece(usage, 'code', 120), ...alias, gap(' '), piece(help, undefined, 160)];
}
