import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileMatchers,
  formatMatchers,
  matchesAll,
  matchesIncident,
  maySatisfyBoth,
  parseMatchers,
  readMatchers,
} from '../../src/incident/matchers.ts';
import { compileRegex } from '../../src/incident/regex.ts';
import { workedFor } from '../support/worked.ts';
import { START, alert, createWorld } from './world.ts';

const matches = (text: string, labels: Record<string, string>, complete = true): boolean =>
  compileMatchers(parseMatchers(text))(labels, complete);

describe('matchers', () => {
  it('are read with commas or spaces, quoted or bare, in any language', () => {
    expect(parseMatchers('severity=critical, service=~"pay ment.*" env!=test 服务!~a|b')).toEqual([
      { name: 'severity', op: '=', value: 'critical' },
      { name: 'service', op: '=~', value: 'pay ment.*' },
      { name: 'env', op: '!=', value: 'test' },
      { name: '服务', op: '!~', value: 'a|b' },
    ]);
    expect(parseMatchers('a="say \\"hi\\""')).toEqual([{ name: 'a', op: '=', value: 'say "hi"' }]);
    expect(parseMatchers('')).toEqual([]);
    for (const text of ['severity', '=x', 'a=~"("', 'a=b c']) expect(() => parseMatchers(text)).toThrow(Error);
  });

  it('are written as they are read', () => {
    const value = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.constant('a_b'), op: fc.constantFrom('=', '!='), value })), (list) => {
        expect(parseMatchers(formatMatchers(readMatchers(list)))).toEqual(list);
      }),
    );
  });

  it('compare exactly, by negation, and by anchored patterns', () => {
    expect(matches('a=x', { a: 'x' })).toBe(true);
    expect(matches('a=x', { a: 'xy' })).toBe(false);
    expect(matches('a!=x', {})).toBe(true);
    expect(matches('a=~"x|y.*"', { a: 'yes' })).toBe(true);
    expect(matches('a=~"es"', { a: 'yes' })).toBe(false);
    expect(matches('a!~"x.*"', { a: 'yes' })).toBe(true);
    expect(matches('constructor=""', {})).toBe(true);
  });

  it('may be satisfied together unless plain values contradict each other', () => {
    const both = (some: string, others: string): boolean => maySatisfyBoth(parseMatchers(some), parseMatchers(others));
    expect(both('team=a', 'team=a, env=prod')).toBe(true);
    expect(both('team=a', '')).toBe(true);
    expect(both('team=a', 'team=b')).toBe(false);
    expect(both('team=a', 'team!=a')).toBe(false);
    expect(both('env=prod team!=a', 'team=a')).toBe(false);
    const matcher = fc.record({
      name: fc.constantFrom('a', 'b'),
      op: fc.constantFrom('=', '!=', '=~', '!~'),
      value: fc.constantFrom('x', 'y'),
    });
    const list = fc.array(matcher, { maxLength: 4 });
    const labels = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y', 'z'));
    fc.assert(
      fc.property(list, list, labels, (some, others, given) => {
        const [one, other] = [readMatchers(some), readMatchers(others)];
        fc.pre(compileMatchers([...one, ...other])(given, true));
        expect(maySatisfyBoth(one, other)).toBe(true);
      }),
    );
  });

  it('do not take a label that alerts differ in for an absent one', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    const notA = compileMatchers(parseMatchers('instance!=a'));
    expect(matchesIncident(notA, world.only())).toBe(false);
    world.deliver([alert('b')], START);
    expect(matchesIncident(notA, world.only())).toBe(false);
    expect(matchesIncident(compileMatchers(parseMatchers('severity=warning source=alertmanager')), world.only())).toBe(
      true,
    );
  });

  it('of a silence must ask for something', () => {
    for (const text of ['', 'a!=x', 'a=~".*"', 'a=~".+"', 'severity=~"critical|warning|info"', 'a=""', 'a=~"x?"']) {
      expect([text, matchesAll(parseMatchers(text))]).toEqual([text, true]);
    }
    for (const text of ['a=x', 'a=~"x.*"', 'severity=~"warning|info"', 'a!=x b=y']) {
      expect([text, matchesAll(parseMatchers(text))]).toEqual([text, false]);
    }
  });

  it('that are no list of name, op and value are refused in words', () => {
    for (const value of [null, {}, [{}], [{ name: 'a', op: '~', value: 'b' }], [{ name: 'a', op: '=', value: 1 }]]) {
      expect(() => readMatchers(value)).toThrow(/matchers/);
    }
  });
});

describe('patterns of strangers', () => {
  it('mean what they mean elsewhere', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '(a|b)', '(?:ab)', 'a|b', '\\.');
    const piece = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{0,}'))
      .map(([a, q]) => (a === 'a|b' ? `(${a})${q}` : a + q));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const input = fc.string({ unit: fc.constantFrom('a', 'b', '1', '.'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, input, (text, tried) => {
        expect(compileRegex(text).test(tried)).toBe(new RegExp(`^(?:${text})$`, 'su').test(tried));
      }),
      { numRuns: 1000 },
    );
  });

  it('are refused when they are more than the subset, in words', () => {
    for (const text of ['(', ')', 'a**', '*', '[a', '(?=a)', '(?<n>a)', 'a{99}', '\\b', '\\1', 'a{', 'x'.repeat(300)]) {
      expect(() => compileRegex(text)).toThrow(/pattern/);
    }
    expect(() => compileRegex('(((a{20}){20}){20})')).toThrow(/too large/);
  });

  it('take no time that grows faster than the text', () => {
    const evil = ['(a+)+', '(a|a)*', '(a*)*b', '(.*)(.*)(.*)(.*)x', '(a|aa)+', '([a-z]+)*1', '(.*a){10}'];
    const text = 'a'.repeat(50_000);
    for (const pattern of evil) {
      const regex = compileRegex(pattern);
      expect(workedFor(() => regex.test(text))).toBeLessThan(30);
    }
  });
});
