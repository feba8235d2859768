import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, cleanCommand, cut } from '../../src/cards/clean.ts';
import { workedFor } from '../support/worked.ts';

describe('cleaning text of strangers', () => {
  it('removes what reorders or hides: bidi overrides, zero-width and tag characters', () => {
    expect(clean('a\u202Eb\u2066c\u200Bd\u200De\uFEFFf\u{E0041}g\u00ADh\u3164', 50)).toBe('abcdefgh');
  });

  it('turns control characters and runs of white space into one space', () => {
    expect(clean('  a\r\n\tb\u0000\u001b[31mc\u2028d\u3000e  ', 50)).toBe('a b [31mc d e');
  });

  it('cuts at code points and says so', () => {
    expect(clean('故障'.repeat(100), 5)).toBe('故障故障…');
    expect(clean('😀😀😀', 2)).toBe('😀…');
    expect(clean('😀😀', 2)).toBe('😀😀');
    expect(cut('abc', 0)).toBe('');
  });

  it('says that something was cut even when only invisible text was looked at', () => {
    expect(clean(`${'\u200B'.repeat(10_000)}x`, 10)).toBe('…');
  });

  it('mends halves of characters', () => {
    expect(clean('a\ud83d', 10)).toBe('a\ufffd');
  });

  it('keeps the line ends of commands in sight', () => {
    expect(cleanCommand('\nkubectl get pods\n  rm -r x\n', 100)).toBe('kubectl get pods ⏎ rm -r x');
  });

  it('never gives more than was asked for, and changes nothing when done twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (text, max) => {
        const once = clean(text, max);
        expect(Array.from(once).length).toBeLessThanOrEqual(max);
        expect(clean(once, max)).toBe(once);
        expect(once).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it('is quick with a megabyte', () => {
    const text = '\u202E告'.repeat(500_000);
    expect(workedFor(() => clean(text, 100))).toBeLessThan(50);
  });
});
