import type { Labels } from '../types.ts';

/** What makes one incident look like another. */
export interface Likeness {
  readonly title: string;
  readonly summary: string;
  readonly labels: Labels;
}

const MOST = 160;
const LONGEST = 40;

/**
 * The tokens by which an incident is found again, in order and with repetitions: lower-cased words (camel case also in
 * parts), pairs of neighbouring Chinese characters. Numbers and ids are dropped, for they never come twice.
 */
export function tokensOf({ title, summary, labels }: Likeness): readonly string[] {
  const lasting = Object.entries(labels).filter(([name]) => !PASSING.test(name));
  const text = [title, ...lasting.map(([, value]) => value), summary].map((part) => part.slice(0, 1000)).join('\n');
  const runs = Array.from(text.slice(0, 6000).matchAll(RUN), ([run]) => run);
  return runs.flatMap(tokensOfRun).slice(0, MOST);
}

/** The tokens of any text, the first `most` of them. */
export function tokensIn(text: string, most: number): readonly string[] {
  const tokens: string[] = [];
  for (const [run] of text.matchAll(RUN)) {
    tokens.push(...tokensOfRun(run.slice(0, MOST)));
    if (tokens.length >= most) break;
  }
  return tokens.slice(0, most);
}

/** How much two lists of tokens have in common, 0 … 1: shared tokens against all there are (Dice). */
export function likeness(a: readonly string[], b: readonly string[]): number {
  const left = new Set(a);
  const right = new Set(b);
  return left.size + right.size === 0
    ? 0
    : (2 * [...left].filter((token) => right.has(token)).length) / (left.size + right.size);
}

/** Labels that name one instance, not the problem. */
const PASSING = /^(pod|pod_name|instance|container_id|id|uid|ip|pid|endpoint|uuid|trace_?id|value|severity|实例|IP)$/i;

/** A run of Chinese, Japanese or Korean characters, or a word. */
const RUN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|[\p{Script=Latin}\p{Script=Cyrillic}\p{Nd}]+/gu;
const CJK = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function tokensOfRun(run: string): readonly string[] {
  if (CJK.test(run)) return pairs(Array.from(run));
  const parts = run.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  const words = parts.length > 1 ? [run, ...parts] : parts;
  return words.map((word) => word.toLowerCase().slice(0, LONGEST)).filter(lasts);
}

const pairs = (characters: readonly string[]): readonly string[] =>
  characters.length < 2
    ? characters
    : characters.slice(1).map((character, index) => `${characters[index]}${character}`);

/** Digits make an id, except short forms such as `5xx` and `p99`; five consonants in a row are a generated suffix. */
function lasts(word: string): boolean {
  if (word.length < 2) return false;
  if (/\p{Nd}/u.test(word)) return /^(?:[a-z]{1,4}\d{1,2}|\dxx)$/.test(word);
  return word.length < 5 || !/^[b-df-hj-np-tv-xz]+$/.test(word);
}
