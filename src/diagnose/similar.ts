import { type Corpus, type Ranked, rank, rarest } from './bm25.ts';
import { COMMON_WORDS } from './memory/common.ts';
import type { PastIncident, Search } from './ports.ts';

/** A past incident and how like the present one it is, 0 … 1. */
export interface Similar {
  readonly incident: PastIncident;
  readonly score: number;
}

/** Tokens that are asked for: the rarest find the likeliest, and a bounded number keeps the search cheap. */
const ASKED = 8;
const CANDIDATES = 200;
const SHOWN = 3;
/** Below this, incidents of one team still look alike without being alike. */
const ENOUGH = 0.35;

/**
 * The past incidents most like one with these tokens, best first, at most three; none when nothing is alike enough.
 * Those of its family are looked for first, but the same trouble in other words may have been taken for another one.
 */
export async function findSimilar(
  search: Search,
  tokens: readonly string[],
  family: string,
  exceptId: string,
): Promise<readonly Similar[]> {
  if (tokens.length === 0) return [];
  const corpus = await search.corpus([...new Set(tokens)]);
  const known = tokens.filter((token) => (corpus.frequencies.get(token) ?? 0) > 0);
  const terms = rarest(known, withCommon(corpus, known), ASKED);
  if (terms.length === 0) return [];
  const asked = [...new Set([family, ''])].map((of) => search.candidates({ terms, family: of, limit: CANDIDATES }));
  const candidates = new Map((await Promise.all(asked)).flat().map((incident) => [incident.id, incident]));
  return likenessOf(tokens, [...candidates.values()], corpus)
    .filter(({ document, score }) => score >= ENOUGH && document.id !== exceptId)
    .slice(0, SHOWN)
    .map(({ document, score }) => ({ incident: document, score }));
}

/**
 * How like each document is to one with these tokens, likest first. Two people tell the same trouble with a fifth of their
 * words in common: the root spreads what lies between that and nothing.
 */
export const likenessOf = <D extends { readonly tokens: readonly string[] }>(
  tokens: readonly string[],
  documents: readonly D[],
  corpus: Corpus,
): readonly Ranked<D>[] =>
  rank(tokens, documents, withCommon(corpus, tokens)).map(({ document, score }) => ({
    document,
    score: Math.sqrt(score),
  }));

/** In how many more documents than we know of a common word would stand. */
const EVERYWHERE = 25;

/** With a handful of incidents known, none of them tells yet which words all of them share. */
function withCommon(corpus: Corpus, tokens: readonly string[]): Corpus {
  const frequencies = new Map(corpus.frequencies);
  for (const token of new Set(tokens))
    if (COMMON_WORDS.has(token)) frequencies.set(token, (frequencies.get(token) ?? 0) + EVERYWHERE);
  return { ...corpus, frequencies };
}
