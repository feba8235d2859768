import { describe, expect, it } from 'vitest';
import { loadScenarios } from './scenario.ts';
import { learntByHeart, rulePatterns, textsOf, wordCorpus } from './words/rule-words.ts';

describe('the rules', () => {
  const corpus = wordCorpus();

  it('have patterns to look at', async () => {
    expect((await rulePatterns()).length).toBeGreaterThan(50);
  });

  it.skipIf(corpus === undefined)('match no wording that is found only in scenarios', async () => {
    const texts = loadScenarios().flatMap(textsOf);
    expect(learntByHeart(await rulePatterns(), texts, corpus ?? [])).toEqual([]);
  });
});
