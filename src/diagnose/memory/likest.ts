import type { Corpus } from '../bm25.ts';
import type { Verdict } from '../ports.ts';
import { likenessOf } from '../similar.ts';
import { tokensOf } from '../tokens.ts';

/** A verdict, and how like the incident it was about is to this one: 1 for this very one. */
export interface LikeVerdict extends Verdict {
  readonly likeness: number;
}

/** A verdict teaches about incidents at least this like its own. */
const ALIKE = 0.35;

/** The verdicts that may teach about an incident with these tokens, of the likest incidents first, then the newest. Pure. */
export function likest(
  tokens: readonly string[],
  incidentId: string,
  verdicts: readonly Verdict[],
  corpus: Corpus,
): readonly LikeVerdict[] {
  const incidents = new Map(verdicts.map(({ incidentId: id, about }) => [id, about]));
  const documents = [...incidents].map(([id, about]) => ({ id, tokens: tokensOf(about) }));
  const scores = new Map(
    likenessOf(tokens, documents, corpus).map(({ document, score }) => [document.id, score] as const),
  );
  return verdicts
    .map((verdict) => ({
      ...verdict,
      likeness: verdict.incidentId === incidentId ? 1 : (scores.get(verdict.incidentId) ?? 0),
    }))
    .filter((verdict) => verdict.likeness >= ALIKE)
    .toSorted((a, b) => b.likeness - a.likeness || b.at - a.at);
}
