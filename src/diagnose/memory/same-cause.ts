import { createHash } from 'node:crypto';
import { GENERAL } from '../rules/general.ts';
import { likeness, tokensIn } from '../tokens.ts';
import { COMMON_WORDS } from './common.ts';

/** What tells one cause from another: its key, and the words it was told in. */
export interface ToldCause {
  readonly key: string;
  readonly words: string;
  readonly tokens: readonly string[];
}

/** From here on two sentences tell the same cause; found by trying paraphrases, and causes of the same thing. */
const SAME = 0.45;
const MOST_TOKENS = 80;

/** Compares causes as they were told about one kind of incident; `subject`: words that name what it is about. */
export const createToldCauses = (subject: ReadonlySet<string>) => ({
  told: (key: string, statement: string): ToldCause => {
    const words = bareCause(statement);
    const tokens = tokensIn(words, MOST_TOKENS).filter((token) => !COMMON_WORDS.has(token) && !subject.has(token));
    return { key, words: plain(words), tokens };
  },
});

/** Two of the rules' causes are the same by their keys alone; what somebody said in own words, by the words. */
export const sameCause = (a: ToldCause, b: ToldCause): boolean =>
  a.key === b.key ||
  ((isSaid(a.key) || isSaid(b.key)) && (a.words === b.words || likeness(a.tokens, b.tokens) >= SAME));

/** Names a cause by its own words, whatever their case and punctuation, and whatever kind of incident it is told of. */
export const saidKey = (cause: string): string =>
  `other/said-${createHash('sha256')
    .update(plain(bareCause(cause)))
    .digest('hex')
    .slice(0, 12)}`;

const isSaid = (key: string): boolean => key.includes('/said-');

/** Without the words that we put around what was written down when an incident was resolved. */
export function bareCause(statement: string): string {
  for (const pattern of LAST_TIME) {
    const cause = pattern.exec(statement)?.[1];
    if (cause !== undefined) return cause;
  }
  return statement;
}

/** `Last time (INC-1) it was: …` in every language. */
const LAST_TIME = Object.values(GENERAL.lastTime).map((text) => {
  const [before = '', between = ''] = text
    .split(/\{id\}|\{cause\}/)
    .map((part) => part.replaceAll(/[()[\].*+?^$|\\]/g, '\\$&'));
  return new RegExp(`^${before}.{1,80}?${between}([\\s\\S]+)$`);
});

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s\p{P}]+/gu, ' ')
    .trim();
