import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { match } from '../../src/diagnose/match.ts';
import { hear } from '../../src/diagnose/rules/hear.ts';
import { supports } from '../../src/diagnose/rules/settle.ts';
import { log, metric, packOf } from './rules-pack.ts';

/** Lines of a family and what vendors' programs write or call their metrics and alerts, with a tab between. */
const read = (what: string): readonly (readonly [string, string])[] =>
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'rule-words', `recognised-${what}.txt`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [family = '', text = ''] = line.split('\t');
      return [family, text];
    });

const familyBy = (item: Parameters<typeof packOf>[1][number]): string | undefined => {
  const pack = packOf('ConversionOdd', [item]);
  const [best] = supports(pack, hear(pack));
  return best === undefined || best.score < 1 ? undefined : best.family.id;
};

const RISE = 'rose from about 2 to about 40 at 2026-11-22T07:58:00Z (2 min before the start) (×20), 12σ';

describe('a kind of trouble is recognised', () => {
  it.each(read('lines'))('%s by one line of a log: %s', (family, line) => {
    expect(familyBy(log(line))).toBe(family);
  });

  it.each(read('metrics'))('%s by a metric that rose: %s', (family, name) => {
    expect(familyBy(metric(name, RISE))).toBe(family);
  });

  it.each(read('names'))('%s by the name that an alert usually has: %s', (family, name) => {
    expect(match({ title: name, labels: { alertname: name } })?.family.id).toBe(family);
  });
});
