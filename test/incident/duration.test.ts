import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/incident/duration.ts';

describe('a duration', () => {
  it('is a number with a unit, or several', () => {
    expect(['90s', '10m', '3h', '30d', ' 1H30m '].map(parseDuration)).toEqual([
      90_000, 600_000, 1.08e7, 2.592e9, 5.4e6,
    ]);
  });

  it('is nothing else', () => {
    for (const text of ['', '0s', '10', 'm', '-1h', '1.5h', '1h 30m', '1y'])
      expect(parseDuration(text)).toBeUndefined();
  });

  it('ends at a time that every calendar and column has', () => {
    expect(parseDuration('36500d')).toBe(36_500 * 86_400_000);
    for (const text of ['999999d', '999999d'.repeat(101)]) expect(parseDuration(text)).toBeUndefined();
  });
});
