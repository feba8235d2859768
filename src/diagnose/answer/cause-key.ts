import { COMMON_WORDS } from '../memory/common.ts';
import { saidKey } from '../memory/same-cause.ts';
import type { EvidencePack } from '../provider.ts';
import type { RuleCause } from '../rules/family.ts';
import { likeness, tokensOf } from '../tokens.ts';

/** From here on two sentences tell the same cause; found by trying paraphrases of the rules' causes. */
const SAME = 0.37;
/** What the signs of a cause in the statement add. */
const SIGNS = 0.15;
/** Two causes that fit almost equally well are not told apart. */
const CLEARLY = 0.05;

/**
 * What identifies the cause that a statement tells: a rule's, where the incident's family has one that says the same, so
 * that verdicts on either teach about both; else the statement's own words.
 */
export function causeKeyOf(statement: string, matched: EvidencePack['matched']): string {
  const family = matched?.family.id ?? '';
  const said = tokensIn(statement);
  const [best, second] = (matched?.family.causes ?? [])
    .map((cause) => ({ id: cause.id, score: scoreOf(cause, statement, said) }))
    .toSorted((a, b) => b.score - a.score);
  const same = best !== undefined && best.score >= SAME && best.score - (second?.score ?? 0) >= CLEARLY;
  return same ? `${family}/${best.id}` : saidKey(statement);
}

function scoreOf(cause: RuleCause, statement: string, said: readonly string[]): number {
  const alike = Object.values(cause.text).map((text) =>
    likeness(said, tokensIn(text.replaceAll(/\{[^{}]*\}|[[\]]/g, ' '))),
  );
  return Math.max(...alike) + (cause.signs?.test(statement) === true ? SIGNS : 0);
}

const tokensIn = (text: string): readonly string[] =>
  tokensOf({ title: text, summary: '', labels: {} }).filter((token) => !COMMON_WORDS.has(token));
