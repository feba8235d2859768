import { describe, expect, it } from 'vitest';
import { estimateTokens, fewestTokens } from '../../../src/diagnose/providers/estimate.ts';
import { workedFor } from '../../support/worked.ts';

describe('the estimate of tokens', () => {
  it('counts Chinese by the character and the rest by two', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('磁盘满了')).toBe(4);
    expect(estimateTokens('abcde')).toBe(3);
    expect(estimateTokens('磁盘 disk，')).toBe(6);
    expect(estimateTokens('😀')).toBe(2);
  });

  it('has a lower bound well below it', () => {
    expect(fewestTokens('磁盘满了已经')).toBe(2);
    expect(fewestTokens('x'.repeat(700))).toBe(100);
  });

  it('takes no longer per character for long texts', () => {
    const text = '磁x'.repeat(500_000);
    expect(workedFor(() => estimateTokens(text))).toBeLessThan(200);
  });
});
