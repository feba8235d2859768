import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/diagnose/rules/families.ts';
import { loadScenarios } from './scenario.ts';
import { learntByHeart, rulePatterns, textsOf, wordCorpus } from './words/rule-words.ts';

describe('the rules', () => {
  const corpus = wordCorpus();

  it('have patterns to look at', () => {
    const texts = new Set(rulePatterns().map(({ source }) => source));
    const known = FAMILIES.flatMap(({ names, words, causes }) => [names, words, ...causes.map(({ signs }) => signs)]);
    expect(known.filter((pattern) => pattern !== undefined && !texts.has(pattern.source))).toEqual([]);
    expect(texts.size).toBeGreaterThan(50);
  });

  it.skipIf(corpus === undefined)('match no wording that is found only in scenarios', () => {
    const texts = loadScenarios().flatMap(textsOf);
    expect(learntByHeart(rulePatterns(), texts, corpus ?? [])).toEqual([]);
  });
});
