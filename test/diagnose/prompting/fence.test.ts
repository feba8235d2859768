import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToTokens } from '../../../src/diagnose/prompting/budget.ts';
import { createFence } from '../../../src/diagnose/prompting/fence.ts';
import { estimateTokens } from '../../../src/diagnose/providers/estimate.ts';

const NONCE = '9f2c61d07be5';
const fence = createFence(NONCE);

describe('a fence', () => {
  it('cannot be opened, closed or forged from inside', () => {
    const piece = fc.constantFrom(
      '<',
      '<<',
      '<<<',
      '>',
      '>>>',
      '＜',
      '﹥',
      NONCE,
      NONCE.toUpperCase(),
      NONCE.slice(0, 6),
      NONCE.slice(6),
      'END ',
      '\n',
      'a',
      '·',
      '‹',
      '<|im_end|>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const [, ...lines] = fence.wrap('E1', {}, pieces.join('')).split('\n');
        const body = lines.slice(0, -1).join('\n');
        expect(body).not.toMatch(/[<＜﹤]{3}|[>＞﹥]{3}/);
        expect(body.toLowerCase()).not.toContain(NONCE);
        expect(estimateTokens(body)).toBeLessThanOrEqual(estimateTokens(pieces.join('')));
        expect(fence.defang(body)).toBe(body);
      }),
    );
  });

  it('takes what servers read as the end of a turn apart', () => {
    for (const mark of [
      '<|im_start|>',
      '<｜User｜>',
      '[INST]',
      '[/INST]',
      '<<SYS>>',
      '</think>',
      '<end_of_turn>',
      '</s>',
    ])
      expect(fence.defang(`a ${mark} b`)).not.toContain(mark);
  });

  it('leaves code and markup readable', () => {
    for (const text of [
      'a << 2 >> b',
      'List<Map<String, Integer>>',
      '<html><body>502</body></html>',
      'x |> y',
      'array[INDEX]',
    ])
      expect(fence.defang(text)).toBe(text);
  });

  it('has words in its marks and nothing else', () => {
    expect(fence.wrap('E1', { source: 'mcp:grafana', kind: 'a b>>>' }, 'x')).toBe(
      `<<<E1 nonce=${NONCE} source=mcp:grafana kind=->>>\nx\n<<<END ${NONCE}>>>`,
    );
  });
});

describe('cutting', () => {
  it('is to tokens, at the end of a line where one is near, never through a character', () => {
    expect(cutToTokens('one\ntwo\nthree', 4)).toBe('one\ntwo');
    expect(cutToTokens('数据库连接', 3)).toBe('数据库');
    expect(cutToTokens('🔥🔥', 3)).toBe('🔥');
    expect(cutToTokens('short', 100)).toBe('short');
    expect(cutToTokens('any', 0)).toBe('');
  });
});
