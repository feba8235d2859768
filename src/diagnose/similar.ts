import { rank, rarest } from './bm25.ts';
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
/** Below this, incidents of one family and one team still look alike without being alike. */
const ENOUGH = 0.4;

/** The past incidents most like one with these tokens, best first, at most three; none when nothing is alike enough. */
export async function findSimilar(
  search: Search,
  tokens: readonly string[],
  family: string,
  exceptId: string,
): Promise<readonly Similar[]> {
  if (tokens.length === 0) return [];
  const corpus = await search.corpus([...new Set(tokens)]);
  const terms = rarest(tokens, corpus, ASKED);
  if (terms.length === 0) return [];
  const candidates = await search.candidates({ terms, family, limit: CANDIDATES });
  return rank(tokens, candidates, corpus)
    .filter(({ document, score }) => score >= ENOUGH && document.id !== exceptId)
    .slice(0, SHOWN)
    .map(({ document, score }) => ({ incident: document, score }));
}
