import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../../src/diagnose/evidence/prometheus/expression.ts';
import { fill, labelled, quoted, quotedPattern, selector } from '../../../src/diagnose/evidence/promql.ts';
import { workedFor } from '../../support/worked.ts';

const HOSTILE = [
  '"}) or vector(1)',
  'a\nb',
  '\\',
  '\\"',
  '$1',
  '${x}',
  '#',
  "'",
  '`',
  '\u0000',
  '{pod}',
  '\u{D800}',
  '.*',
];
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...HOSTILE),
  fc.mixedCase(fc.constant('x")or up')),
);

/** Reads a literal back, as Prometheus does: a quote inside must be escaped, a line break cannot stand in it. */
function read(literal: string): string {
  expect(literal).toMatch(/^"(?:[^"\\\n]|\\(?:["\\n]|u[\da-f]{4}))*"$/);
  return JSON.parse(literal) as string;
}

/** The query with its literals blanked: its structure. */
const structure = (query: string): string => query.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""');

describe('what labels say in a query', () => {
  it('stays inside its literal', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(read(quoted(value))).toBe(value.toWellFormed());
        const pattern = new RegExp(`^(?:${read(quotedPattern(value))})$`, 'u');
        expect(pattern.test(value.toWellFormed())).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(new RegExp(`^${read(quotedPattern('a.b'))}$`).test('axb')).toBe(false);
  });

  it('changes the structure of no query', () => {
    const template = 'sum(rate(x{pod="{pod}",job=~".*{job:re}.*"}[5m])) by (pod)';
    const plain = structure(
      fill(
        template,
        new Map([
          ['pod', 'p'],
          ['job', 'j'],
        ]),
      ) ?? '',
    );
    fc.assert(
      fc.property(hostile, hostile, fc.string(), (pod, job, name) => {
        fc.pre(pod !== '' && job !== '' && !pod.endsWith('…') && !job.endsWith('…'));
        expect(
          structure(
            fill(
              template,
              new Map([
                ['pod', pod],
                ['job', job],
              ]),
            ) ?? '',
          ),
        ).toBe(plain);
        expect(structure(selector({ pod }))).toBe('{pod=""}');
        expect(structure(labelled({ pod, job }))).toBe(structure(labelled({ pod: 'p', job: 'j' })));
        expect(structure(selector({ [name]: pod }))).toMatch(/^\{(?:[a-zA-Z_]\w*="")?\}$/);
      }),
      { numRuns: 500 },
    );
  });

  it('is left out when it cannot match', () => {
    expect(fill('x{pod="{pod}"}', new Map())).toBeUndefined();
    expect(fill('x{pod="{pod}"}', new Map([['pod', 'cut…']]))).toBeUndefined();
    expect(fill('x{a="b"} > {}', new Map())).toBe('x{a="b"} > {}');
    expect(labelled({ a: '$1' })).toBe('label_replace(vector(1),"a","$$1","","")');
  });
});

describe('an alert’s expression without its comparison', () => {
  it.each([
    ['up == 0', 'up', '==', 0],
    ['up{job="a>b"} == bool 0', 'up{job = "a>b"}', '==', 0],
    ['rate(x[5m]) / rate(y[5m]) > 0.05', 'rate(x[5m]) / rate(y[5m])', '>', 0.05],
    ['(avg by (pod) (x) * 100) >= 9e1', 'avg by(pod) (x) * 100', '>=', 90],
    ['((x > 1e9))', 'x', '>', 1e9],
    ['0.1 > x', 'x', '<', 0.1],
    ['a > 5 and b < 3', 'a', '>', 5],
    ['(a > 5 and on(pod) b) unless c', 'a', '>', 5],
    ['x # > 3\n < -2', 'x', '<', -2],
    ['x - (y > 2) > +3', 'x - (y > 2)', '>', 3],
  ])('%s', (expression, value, operator, limit) => {
    expect(comparisonOf(expression)).toEqual({ value, threshold: { operator, limit } });
  });

  it.each([
    ['a > b', 'a'],
    ['a > on(pod) group_left b', 'a'],
    ['absent(up{job="x"})', 'absent(up{job = "x"})'],
    ['max_over_time((x > 3)[5m:1m])', 'max_over_time((x > 3) [5m:1m])'],
    ['a or b', 'a'],
    ['-x != y', '- x'],
  ])('%s has no fixed limit', (expression, value) => {
    expect(comparisonOf(expression)).toEqual({ value });
  });

  it.each([
    'x) or (y',
    'a{b="c}',
    '(((',
    '',
    '  ',
    "x{a='b",
    'x \u0001 y',
    'x]',
    '{(})',
    'a'.repeat(4001),
    '('.repeat(30),
  ])('gives up on %j', (expression) => {
    expect(comparisonOf(expression)).toBeUndefined();
  });

  it('never throws, is quick, and what it gives is balanced', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '\\',
      ' ',
      '\n',
      '#',
      '>',
      '==',
      'and',
      'x',
      '5',
      '-',
      ',',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        const found = comparisonOf(pieces.join(''));
        expect(found === undefined || comparisonOf(`(${found.value}\n)`) !== undefined).toBe(true);
      }),
      { numRuns: 1000 },
    );
    const repeated = ['(', '"', '"\\', '1', '1.', '# ', ' ', 'e', '>=', '`'].map((char) => char.repeat(2000));
    expect(workedFor(() => repeated.map(comparisonOf))).toBeLessThan(200);
  });
});
