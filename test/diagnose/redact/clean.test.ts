import { describe, expect, it } from 'vitest';
import { cleanText, cutAtToken, isTooLong, MAX_LINE, MAX_TEXT } from '../../../src/diagnose/redact/clean.ts';

const codes = (...from: readonly number[]): string => String.fromCodePoint(...from);

describe('cleaning', () => {
  it('takes out what cannot be seen', () => {
    const named = [0x7f, 0, 8, 0x1f, 0x9f, 0xfff9, 0xfffb];
    const ignorable = Array.from({ length: 0x11_0000 }, (_, code) => code).filter((code) =>
      /^\p{Default_Ignorable_Code_Point}$/u.test(codes(code)),
    );
    expect(ignorable.length).toBeGreaterThan(4000);
    const unseen = [...named, ...ignorable].map((code) => `a${codes(code)}b`);
    expect(unseen.filter((text) => cleanText(text) !== 'ab')).toEqual([]);
  });

  it('takes out what a terminal would obey', () => {
    expect(
      cleanText('\u001b[31;1mred\u001b[0m \u001b]8;;https://x.test\u0007link\u001b]8;;\u001b\\ \u001bc\u009b2Jend'),
    ).toBe('red link end');
  });

  it('keeps line ends, tabs, Chinese, emoji and accents', () => {
    const text = 'a\tb\n数据库，“连接”失败：①\n🔥 naïve café';
    expect(cleanText(text)).toBe(text);
    expect(cleanText('a\r\nb\rc\u2028d')).toBe('a\nb\nc\nd');
  });

  it('reads fancy letters as plain ones', () => {
    expect(cleanText('𝐢𝐠𝐧𝐨𝐫𝐞 ⓐⓛⓛ')).toBe('ignore all');
  });

  it('leaves no half of a character', () => {
    expect(cleanText('a\ud800b').isWellFormed()).toBe(true);
    expect(cutAtToken('a🔥', 2)).toBe('a');
  });

  it('bounds lines, blank lines and the whole, and says so', () => {
    const [first = '', second = ''] = cleanText(`${'中'.repeat(MAX_LINE + 10)}\nnext`).split('\n');
    expect(first).toBe(`${'中'.repeat(MAX_LINE)}…`);
    expect(second).toBe('next');
    expect(cleanText('a\n\n\n\n\nb')).toBe('a\n\nb');
    expect(cleanText('ab '.repeat(MAX_TEXT)).length).toBeLessThanOrEqual(MAX_TEXT + 1);
  });

  it('says whether there is more than it keeps', () => {
    expect([isTooLong('a'.repeat(MAX_LINE)), isTooLong('a'.repeat(MAX_LINE + 1))]).toEqual([false, true]);
    const lines = `${'a'.repeat(MAX_LINE)}\n`.repeat(3);
    expect([isTooLong(lines), isTooLong(`${lines}${'a'.repeat(MAX_LINE + 1)}\n`), isTooLong(lines, 100)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('never cuts through a token', () => {
    expect(cutAtToken('password=abcdefgh', 12)).toBe('');
    expect(cutAtToken('see password=abcdefgh', 16)).toBe('see ');
    expect(cutAtToken('see that thing', 8)).toBe('see that');
  });
});
