import { wellFormedEnd } from '../redact/clean.ts';
import { estimateTokens } from '../providers/estimate.ts';

export interface Wish {
  /** How much it could use. */
  readonly need: number;
  /** Its part of what there is, against the others'; above 0. */
  readonly weight: number;
}

/**
 * Shares something out by weight: nobody gets more than needed, and what one does not need flows on to the others. So
 * small things are whole before large ones are cut. Whole numbers; their sum is at most `budget`.
 */
export function shareOut(wishes: readonly Wish[], budget: number): readonly number[] {
  const grants = wishes.map(() => 0);
  const order = [...wishes.entries()].toSorted(([, a], [, b]) => a.need / a.weight - b.need / b.weight);
  let left = Math.max(0, budget);
  let weights = wishes.reduce((sum, { weight }) => sum + weight, 0);
  for (const [index, { need, weight }] of order) {
    const grant = Math.min(need, Math.floor((left * weight) / weights));
    grants[index] = grant;
    left -= grant;
    weights -= weight;
  }
  return grants;
}

/** The beginning of a text that has at most so many estimated tokens, up to the end of a line where one is near. */
export function cutToTokens(text: string, tokens: number): string {
  if (tokens <= 0) return '';
  let kept = text.slice(0, tokens * 2);
  for (let have = estimateTokens(kept); have > tokens; have = estimateTokens(kept))
    kept = kept.slice(0, Math.min(kept.length - 1, Math.floor((kept.length * tokens) / have)));
  if (kept.length === text.length) return text;
  const line = kept.lastIndexOf('\n');
  return wellFormedEnd(line > kept.length * NEAR ? kept.slice(0, line) : kept);
}

const NEAR = 0.8;
