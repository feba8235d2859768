/** What the index knows of all its documents. */
export interface Corpus {
  readonly documents: number;
  readonly averageLength: number;
  /** In how many documents a token stands; absent means in none. */
  readonly frequencies: ReadonlyMap<string, number>;
}

export interface Ranked<D> {
  readonly document: D;
  /** 1 is as like the query as the query itself, 0 shares nothing with it. */
  readonly score: number;
}

/** Ranks documents by BM25 against all tokens of the query, best first; equally good ones keep their order. */
export function rank<D extends { readonly tokens: readonly string[] }>(
  query: readonly string[],
  documents: readonly D[],
  corpus: Corpus,
): readonly Ranked<D>[] {
  const weights = new Map([...new Set(query)].map((token) => [token, rarity(token, corpus)] as const));
  const best = scoreOf(weights, query, corpus);
  if (best === 0) return [];
  return documents
    .map((document) => ({ document, score: Math.min(1, scoreOf(weights, document.tokens, corpus) / best) }))
    .toSorted((a, b) => b.score - a.score);
}

/** The tokens worth asking the engine for: those that stand in some document, rarest first, at most `limit`. */
export const rarest = (query: readonly string[], { frequencies }: Corpus, limit: number): readonly string[] =>
  [...new Set(query)]
    .filter((token) => (frequencies.get(token) ?? 0) > 0)
    .toSorted((a, b) => (frequencies.get(a) ?? 0) - (frequencies.get(b) ?? 0))
    .slice(0, limit);

const K1 = 1.2;
const B = 0.75;
/** Imagined documents that hold nothing: with a handful of incidents known, a word in all of them is not yet common. */
const IMAGINED = 50;

function rarity(token: string, { documents, frequencies }: Corpus): number {
  const known = frequencies.get(token) ?? 0;
  return Math.log(1 + (Math.max(documents, known) + IMAGINED - known + 0.5) / (known + 0.5));
}

function scoreOf(weights: ReadonlyMap<string, number>, tokens: readonly string[], { averageLength }: Corpus): number {
  const counts = new Map<string, number>();
  for (const token of tokens) if (weights.has(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const norm = K1 * (1 - B + (B * tokens.length) / Math.max(1, averageLength));
  let score = 0;
  for (const [token, count] of counts) score += ((weights.get(token) ?? 0) * count * (K1 + 1)) / (count + norm);
  return score;
}
