import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit } from '../../../src/diagnose/evidence/budget.ts';
import { cutText } from '../../../src/diagnose/evidence/cut.ts';
import type { Finding } from '../../../src/diagnose/evidence/source.ts';
import { estimateTokens } from '../../../src/diagnose/providers/estimate.ts';
import { workedFor } from '../../support/worked.ts';

const finding = (source: string, text: string, relevance = 0.5, more: Partial<Finding> = {}): Finding => ({
  source,
  title: 'title',
  text,
  at: 1,
  relevance,
  ...more,
});
const costOf = (findings: readonly Finding[]): number =>
  findings.reduce((sum, { title, query = '', text }) => sum + 24 + estimateTokens(`${title}${query}${text}`), 0);
const noise = (lines: number): string[] =>
  Array.from({ length: lines }, (_, index) => `10:00:${index % 60} INFO request ${index} served in ${index * 3} ms`);

describe('the budget of evidence', () => {
  it('leaves what fits as it is, in its order', () => {
    const findings = [finding('loki', 'a', 0.1), finding('alert', 'b'), finding('prometheus', 'c', 0.9)];
    expect(fit(findings, 8000)).toEqual(findings);
  });

  it('keeps the decisive line of ten thousand', () => {
    const lines = noise(10_000);
    lines[7421] = '10:02:03 ERROR pool exhausted: 100/100 connections in use';
    const [kept] = fit([finding('loki', lines.join('\n'))], 400);
    expect(kept?.text).toContain('pool exhausted: 100/100');
    expect(kept?.cut).toBe(true);
  });

  it('keeps lines with the words that it is told of', () => {
    const lines = noise(500);
    lines[300] = '10:02:03 INFO rebalance of group billing';
    expect(cutText(lines.join('\n'), 120, ['rebalance'])).toContain('rebalance of group billing');
    expect(cutText(lines.join('\n'), 120)).toMatch(/^10:00:0 INFO request 0 .*\n…\n/s);
  });

  it('keeps a lone short item, whatever its share rounds to', () => {
    for (let hundredths = 1; hundredths < 100; hundredths += 1)
      for (let length = 1; length < 90; length += 1)
        expect(fit([finding('changes', 'x'.repeat(length), hundredths / 100)], 12_000)).toHaveLength(1);
  });

  it('gives short items whole and takes from the long ones', () => {
    const findings = [finding('loki', noise(2000).join('\n')), finding('loki', 'one short line', 0.4)];
    const kept = fit(findings, 1000);
    expect(kept[1]).toEqual(findings[1]);
    expect(kept[0]?.cut).toBe(true);
    expect(costOf(kept)).toBeGreaterThan(850);
  });

  it('lets what a kind leaves flow to the others, and no kind starve another', () => {
    const long = noise(3000).join('\n');
    expect(costOf(fit([finding('loki', long)], 2000))).toBeGreaterThan(1800);
    const kept = fit(
      [finding('loki', long, 0.9), finding('prometheus', long, 0.1), finding('changes', 'v2', 0.1)],
      2000,
    );
    expect(kept.map(({ source }) => source)).toEqual(['loki', 'prometheus', 'changes']);
    expect(costOf(kept.slice(1, 2))).toBeGreaterThan(700);
    expect(kept[2]?.text).toBe('v2');
  });

  it('drops the least relevant when not all can say something', () => {
    const many = Array.from({ length: 40 }, (_, index) => finding('prometheus', 'x'.repeat(300), index / 40));
    const kept = fit(many, 1000);
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.map(({ relevance }) => relevance)).toEqual(many.slice(-kept.length).map(({ relevance }) => relevance));
  });

  it('takes both ends of a single long line, and no half of a character', () => {
    const text = `begin ${'😀'.repeat(5000)} end`;
    const cut = cutText(text, 100);
    expect(cut).toMatch(/^begin .*…/s);
    expect(cut.isWellFormed() && !cut.includes('\uFFFD')).toBe(true);
    expect(estimateTokens(cut)).toBeLessThanOrEqual(100);
  });

  it('stores no more than 64 KiB, charts going before words', () => {
    const series = Array.from({ length: 3 }, () => ({
      name: 's'.repeat(150),
      points: Array.from({ length: 60 }, (_, index) => [1.7e12 + index * 60_000, 0.123456 + index] as const),
    }));
    const findings = Array.from({ length: 30 }, (_, index) =>
      finding('prometheus', '内存'.repeat(100), index / 30, { series }),
    );
    const kept = fit(findings, 100_000);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(64 * 1024);
    expect(kept).toHaveLength(30);
    expect(kept[29]?.series).toBeDefined();
    expect(kept[0]?.series).toBeUndefined();
  });

  it('is within its budget, in order and the same every time, whatever it is given', () => {
    const one = fc.record({
      source: fc.constantFrom('alert', 'loki', 'prometheus', 'kubernetes', 'mcp:x', 'incident', 'changes'),
      title: fc.string({ maxLength: 400, unit: 'binary' }),
      text: fc.array(fc.string({ maxLength: 300, unit: 'binary' }), { maxLength: 60 }).map((lines) => lines.join('\n')),
      at: fc.nat(),
      relevance: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(Number.NaN, 7, -1)),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { maxLength: 20, selector: ({ at }) => at }),
        fc.integer({ min: 0, max: 3000 }),
        (findings, tokens) => {
          const kept = fit(findings, tokens);
          expect(costOf(kept)).toBeLessThanOrEqual(tokens);
          expect(fit(findings, tokens)).toEqual(kept);
          const order = kept.map(({ at, source }) =>
            findings.findIndex((found) => found.at === at && found.source === source),
          );
          expect(order).toEqual(order.toSorted((a, b) => a - b));
          expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(64 * 1024);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('cuts 200 KB at once', () => {
    for (const text of ['a'.repeat(200_000), 'error '.repeat(33_000), 'x\n'.repeat(100_000), '错'.repeat(200_000)]) {
      expect(workedFor(() => fit([finding('loki', text)], 2000))).toBeLessThan(400);
    }
  });

  it('counts each text once, however many have to go', () => {
    const text = 'error line number one\n'.repeat(550);
    const series = [{ name: 'x', points: Array.from({ length: 60 }, (_, at): [number, number] => [at, at]) }];
    const many = Array.from({ length: 900 }, (_, at) => finding(at % 2 ? 'mcp:a' : 'loki', text, at / 900, { series }));
    expect(costOf(fit(many, 12_000))).toBeLessThanOrEqual(12_000);
    expect(workedFor(() => fit(many, 12_000))).toBeLessThan(1200);
  });
});
