import type { Evidence } from '../diagnose/diagnosis.ts';
import type { Locale } from '../types.ts';
import type { Block, Card, Rich } from './card.ts';
import { clean } from './clean.ts';
import { linkButton } from './links.ts';
import { dotted, line } from './rich.ts';
import { type NoAnswer, answerTexts } from './texts/answers.ts';

/** A model's answer at some moment; a card is a function of it. */
export interface Written {
  readonly question: string;
  readonly locale: Locale;
  /** Plain lines; `• ` and `1. ` begin those of lists. Empty: nothing yet. */
  readonly text: string;
  readonly state:
    | { readonly kind: 'growing'; readonly looking: readonly string[] }
    | { readonly kind: 'complete'; readonly provider: string; readonly cited: readonly Cited[] }
    | { readonly kind: 'stopped'; readonly by: string }
    | { readonly kind: 'none'; readonly why: NoAnswer | 'gave_up' };
}

type Cited = Pick<Evidence, 'id' | 'source' | 'title' | 'url' | 'failed'>;

/** Their titles begin with what they are, in the reader's language. */
const OWN_SOURCES: readonly string[] = ['alert', 'changes', 'incident', 'rule', 'runbook'];

const MOST_CITED = 12;
const MOST_LINKS = 4;
const LONGEST_LINE = 700;

/** An answer as it grows, when it is complete, stopped, or cannot be had. */
export function writtenCard({ question, locale, text, state }: Written): Card {
  const t = answerTexts(locale);
  const note = (words: string): Block => ({ kind: 'note', text: line(words) });
  const card = (blocks: readonly Block[]): Card => ({ tone: 'neutral', title: clean(question, 90), tags: [], blocks });
  const said = paragraphs(text);
  switch (state.kind) {
    case 'growing': {
      const looking = state.looking.map((name) => t.tools[name] ?? t.otherTool);
      const doing =
        looking.length > 0 ? t.asking([...new Set(looking)].join(', ')) : text === '' ? t.looking : t.writing;
      return card([...said, note(doing)]);
    }
    case 'complete':
      return card([...said, ...citedBlocks(state.cited, locale), note(t.by(state.provider))]);
    case 'stopped':
      return card([...(said.length === 0 ? [note(t.nothingYet)] : said), note(t.stopped(state.by))]);
    case 'none':
      return card([...said, { kind: 'text', text: line(state.why === 'gave_up' ? t.gaveUp : t.none[state.why]) }]);
  }
  return state satisfies never;
}

const ITEM = /^(?:• |(\d{1,2})\. )/;

/** Lines of one list stand together. */
function paragraphs(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let items: Rich[] = [];
  const flush = (): void => {
    if (items.length > 0) blocks.push({ kind: 'list', ordered: false, items });
    items = [];
  };
  for (const row of text.split('\n').filter((one) => one !== '')) {
    const mark = ITEM.exec(row);
    // A number is part of what was said: others refer to it.
    if (mark !== null)
      items.push(line(mark[1] === undefined ? row.slice(mark[0].length) : row, undefined, LONGEST_LINE));
    else {
      flush();
      blocks.push({ kind: 'text', text: line(row, undefined, LONGEST_LINE) });
    }
  }
  flush();
  return blocks;
}

function citedBlocks(cited: readonly Cited[], locale: Locale): readonly Block[] {
  if (cited.length === 0) return [];
  const shown = cited.slice(0, MOST_CITED);
  const items = shown.map(({ id, source, title }) =>
    dotted(
      line(id, 'bold', 8),
      OWN_SOURCES.includes(source) ? [] : line(source, 'muted', 40),
      line(title, undefined, 160),
    ),
  );
  const links = shown.flatMap(({ id, url }) => (url === undefined ? [] : [linkButton(id, url)]));
  const there = links.filter((link) => link !== undefined).slice(0, MOST_LINKS);
  return [
    {
      kind: 'section',
      title: answerTexts(locale).basedOn(cited.length),
      collapsed: false,
      blocks: [
        { kind: 'list', ordered: false, items },
        ...(there.length === 0 ? [] : [{ kind: 'links', links: there } as const]),
      ],
    },
  ];
}
