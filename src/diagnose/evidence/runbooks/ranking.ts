import { type Corpus, rank } from '../../bm25.ts';
import { tokensIn } from '../../tokens.ts';
import type { Runbook, Section } from './runbook.ts';

/** Tokens of one file that are indexed, and of one section. */
const MOST_TOKENS = 2000;
const MOST_OF_SECTION = 400;
/** Its name, title and headings say more of what a file is about than a sentence in it. */
const WEIGHT = 3;

interface Indexed {
  readonly runbook: Runbook;
  readonly tokens: readonly string[];
}

export interface Ranking {
  /** Best first, 0 … 1, those that share nothing left out. */
  rank(query: readonly string[]): readonly { readonly runbook: Runbook; readonly score: number }[];
  /** The section with the most of these words; the first one with text when none has any. */
  bestSection(runbook: Runbook, query: readonly string[]): Section | undefined;
}

/** An index of all words of all runbooks; made anew when one changes. */
export function createRanking(runbooks: readonly Runbook[]): Ranking {
  const share = createShared();
  const documents: readonly Indexed[] = runbooks.map((runbook) => ({ runbook, tokens: tokensOf(runbook).map(share) }));
  const corpus = corpusOf(documents.map(({ tokens }) => tokens));
  return {
    rank: (query) =>
      rank(query, documents, corpus)
        .filter(({ score }) => score > 0)
        .map(({ document, score }) => ({ runbook: document.runbook, score })),
    bestSection: ({ sections }, query) => {
      const parts = sections
        .filter(({ text }) => text !== '')
        .map((section) => ({ section, tokens: tokensIn(`${section.heading}\n${section.text}`, MOST_OF_SECTION) }));
      const [best] = rank(query, parts, corpusOf(parts.map(({ tokens }) => tokens)));
      return best !== undefined && best.score > 0 ? best.document.section : parts[0]?.section;
    },
  };
}

function tokensOf({ title, path, alerts, sections, text }: Runbook): readonly string[] {
  const names = [title, path, ...alerts, ...sections.map(({ heading }) => heading)].join('\n');
  const weighty = tokensIn(names, MOST_TOKENS / 4);
  return [...Array.from({ length: WEIGHT }, () => weighty).flat(), ...tokensIn(text, MOST_TOKENS)];
}

/** Equal words of a thousand files are kept once. */
function createShared(): (token: string) => string {
  const known = new Map<string, string>();
  return (token) => {
    const same = known.get(token);
    if (same === undefined) known.set(token, token);
    return same ?? token;
  };
}

function corpusOf(documents: readonly (readonly string[])[]): Corpus {
  const frequencies = new Map<string, number>();
  let length = 0;
  for (const tokens of documents) {
    length += tokens.length;
    for (const token of new Set(tokens)) frequencies.set(token, (frequencies.get(token) ?? 0) + 1);
  }
  return { documents: documents.length, averageLength: length / Math.max(1, documents.length), frequencies };
}
