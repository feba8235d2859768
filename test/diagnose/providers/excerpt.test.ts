import { describe, expect, it } from 'vitest';
import { excerptOf } from '../../../src/diagnose/providers/excerpt.ts';
import { withoutThinking } from '../../../src/diagnose/providers/thinking.ts';
import { workedFor } from '../../support/worked.ts';

const NOTHING = { secrets: [], prompt: [] };

describe("a server's own words", () => {
  it('stand on one line of at most 160 characters', () => {
    expect(excerptOf(' a\n\u001b[31mb\u202e\tc ', NOTHING)).toBe('a [31mb c');
    expect(excerptOf('x'.repeat(10_000), NOTHING)).toHaveLength(160);
  });

  it('lose every secret, also where the line is cut', () => {
    const hidden = { secrets: ['sk-0123456789', 'abc'], prompt: [] };
    expect(excerptOf('key sk-0123456789 and sk-0123456789 of abc', hidden)).toBe('key *** and *** of abc');
    expect(excerptOf(`${'x'.repeat(155)}sk-0123456789`, hidden)).toBe(`${'x'.repeat(155)}***`);
  });

  it('end where they begin to echo the prompt, however it is broken into lines', () => {
    const prompt = ['The pool of db-payments-3\nis exhausted'];
    expect(excerptOf('invalid: The pool of  db-payments-3 is', { secrets: [], prompt })).toBe('invalid: …');
    expect(excerptOf('the pool is bad', { secrets: [], prompt })).toBe('the pool is bad');
  });

  it('are the title of a page', () => {
    expect(excerptOf('<html><head><title>502 Bad Gateway</title>…', NOTHING)).toBe('502 Bad Gateway');
    expect(excerptOf('  <p>hello</p>', NOTHING)).toBe('a page of HTML');
  });

  it('are cut in no time out of hostile text and long prompts', () => {
    const all = ['<title'.repeat(30_000), '\u001b'.repeat(60_000), 'a '.repeat(30_000), '<'.repeat(60_000)];
    const given = { secrets: ['sk-0123456789'], prompt: ['b a '.repeat(25_000)] };
    expect(workedFor(() => all.map((said) => excerptOf(said, given)))).toBeLessThan(500);
  });
});

describe('an answer without its thinking', () => {
  it.each([
    ['{"a":1}', '{"a":1}'],
    ['<think>hm</think>\n{"a":1}', '{"a":1}'],
    [' \n<thinking>hm</thinking> yes', 'yes'],
    ['<think>hm', ''],
    ['<thi', ''],
    ['<', ''],
    ['<b>no thinking</b>', '<b>no thinking</b>'],
    ['the tag <think> within', 'the tag <think> within'],
    ['', ''],
  ])('of %j is %j', (text, answer) => {
    expect(withoutThinking(text)).toBe(answer);
  });
});
