import { describe, expect, it } from 'vitest';
import { alternativesOf } from './words/alternatives.ts';
import { learntByHeart } from './words/rule-words.ts';

describe('the alternatives of a pattern', () => {
  it('are those of the whole and of each group', () => {
    expect(alternativesOf('a(b|c)|d')).toEqual(['d', 'a(?:b)', 'a(?:c)']);
  });

  it('keep what stands around a group, and its quantifier', () => {
    expect(alternativesOf('restart(s|ing)? too (?:often|much)')).toEqual([
      'restart(?:s)? too (?:often)',
      'restart(?:s)? too (?:much)',
      'restart(?:ing)? too (?:often)',
      'restart(?:ing)? too (?:much)',
    ]);
  });

  it('are not cut in classes, escapes and lookarounds', () => {
    expect(alternativesOf(String.raw`a[|(]b\|c(?=d|e)`)).toEqual([String.raw`a[|(]b\|c(?=d|e)`]);
  });
});

describe('wording found only in scenarios', () => {
  const corpus = ['dial tcp 10.0.0.1:5432: connect: connection refused'];

  it('is told by its alternative', () => {
    const pattern = /connection refused|the needle of this very haystack/i;
    expect(learntByHeart([pattern], ['The needle of this very haystack', 'connection refused'], corpus)).toEqual([
      'the needle of this very haystack',
    ]);
  });

  it('may stand in a pattern that no scenario matches', () => {
    expect(learntByHeart([/never seen anywhere/], ['connection refused'], corpus)).toEqual([]);
  });

  it('hides in no group', () => {
    expect(learntByHeart([/connection (refused|bewitched)/], ['connection bewitched'], corpus)).toEqual([
      'connection (?:bewitched)',
    ]);
  });
});
