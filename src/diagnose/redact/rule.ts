import type { Kind } from './spans.ts';

/**
 * One kind of thing to look for. Every quantifier in a pattern is bounded and no two neighbours can match the same
 * characters, so that no text takes longer than its length deserves.
 */
export interface Rule {
  readonly kind: Kind;
  /** Global. What is to be replaced is its last group that took part, or all of it; a group ends where the match ends. */
  readonly pattern: RegExp;
  /** Whether it is one; everything that fits the pattern is when absent. */
  readonly accept?: (value: string, found: RegExpExecArray, text: string) => boolean;
}
