import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToTokens, shareOut } from '../../../src/diagnose/prompting/budget.ts';
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

describe('sharing', () => {
  it('never gives more than there is or is needed, and wastes nothing that somebody needs', () => {
    const wish = fc.record({ need: fc.nat(5000), weight: fc.double({ min: 0.05, max: 30, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 20 }), fc.nat(20_000), (wishes, budget) => {
        const grants = shareOut(wishes, budget);
        const sum = grants.reduce((total, grant) => total + grant, 0);
        const needed = wishes.reduce((total, { need }) => total + need, 0);
        expect(sum).toBeLessThanOrEqual(budget);
        expect(grants.every((grant, index) => grant <= (wishes[index]?.need ?? 0))).toBe(true);
        expect(sum).toBeGreaterThanOrEqual(Math.min(budget, needed) - wishes.length);
      }),
    );
  });

  it('gives by weight where all want more', () => {
    expect(
      shareOut(
        [
          { need: 100, weight: 1 },
          { need: 100, weight: 3 },
          { need: 4, weight: 1 },
        ],
        44,
      ),
    ).toEqual([10, 30, 4]);
  });

  it('cuts to tokens, at the end of a line where one is near, never through a character', () => {
    expect(cutToTokens('one\ntwo\nthree', 4)).toBe('one\ntwo');
    expect(cutToTokens('数据库连接', 3)).toBe('数据库');
    expect(cutToTokens('🔥🔥', 3)).toBe('🔥');
    expect(cutToTokens('short', 100)).toBe('short');
    expect(cutToTokens('any', 0)).toBe('');
  });
});
