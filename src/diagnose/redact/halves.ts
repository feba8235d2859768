import { isHarmless } from './look.ts';
import type { Rule } from './rule.ts';
import type { Span } from './spans.ts';

/** What is left of a secret that a cut went through, as far as `…` tells of the cut. */
export const HALVES_RULES: readonly Rule[] = [
  {
    kind: 'secret',
    pattern: /:\\{0,3}\/\\{0,3}\/[^\s:@/"'<>]{0,64}:([^\s:@/"'<>…]{1,128})(?=…)/g,
    // The beginning of a port.
    accept: (value) => !/^\d{1,5}$/.test(value) && !isHarmless(value),
  },
  {
    kind: 'secret',
    pattern:
      /(?<![\w-])((?:AKIA|ASIA|LTAI|AKID|AKLT|gh[opusr]_|github_pat_|gl(?:pat|dt|rt|ptt|cbt|soat|sa|c)[-_]|npm_|pypi-|dckr_[po]at_|xox[abeoprs]-|xapp-|[srp]k_(?:live|test)_|sk-|hf_|gsk_|AIza|GOCSPX-|hv[sb]\.|SG\.|ATATT3|eyJ)[\w.-]{4,255})(?=…)/g,
    accept: (value) => /\d/.test(value),
  },
];

/** Fewer characters of a secret of ours may be anything. */
const LEAST = 6;
/** Cuts that are looked at: real evidence has some dozens. */
const MOST_CUTS = 500;
/** No half is longer. */
const LONGEST = 512;

/** The beginnings of our own secrets that a cut left standing. */
export function findHalves(text: string, literals: readonly string[]): readonly Span[] {
  const spans: Span[] = [];
  let at = text.indexOf('…');
  for (let cuts = 0; at !== -1 && cuts < MOST_CUTS; cuts += 1, at = text.indexOf('…', at + 1)) {
    const before = text.slice(Math.max(0, at - LONGEST), at);
    for (const literal of literals) {
      const length = lengthOfHalf(before, literal);
      if (length > 0) spans.push({ from: at - length, to: at, kind: 'secret' });
    }
  }
  return spans;
}

/** How much of the secret the text ends in. */
function lengthOfHalf(text: string, literal: string): number {
  const head = literal.slice(0, LEAST);
  for (let from = text.indexOf(head); from !== -1; from = text.indexOf(head, from + 1))
    if (literal.startsWith(text.slice(from))) return text.length - from;
  return 0;
}
