import { type State, run } from './regex-automaton.ts';
import { readPattern } from './regex-pattern.ts';

/**
 * Regular expressions of strangers, matched in time linear in the input: a subset (literals, `.`, classes, groups,
 * `|`, `* + ?`, `{m,n}` up to 20) run as a nondeterministic automaton, because the engine's own backtracks.
 * Always anchored at both ends, as Prometheus does.
 */
export interface SafeRegex {
  test(text: string): boolean;
}

const MAX_PATTERN = 256;
/** Longer label values are matched by their beginning. */
const MAX_INPUT = 1024;

/** Throws `Error` in words for the person who wrote the pattern. */
export function compileRegex(pattern: string): SafeRegex {
  if (pattern.length > MAX_PATTERN) throw new Error(`pattern longer than ${MAX_PATTERN} characters`);
  const states: State[] = [{ next: -1 }];
  const start = readPattern(pattern)(states, 0);
  return { test: (text) => run(states, start, text.slice(0, MAX_INPUT)) };
}
