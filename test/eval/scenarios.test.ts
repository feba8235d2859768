import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/diagnose/rules/families.ts';
import { LEAST_LINES, noiseLines, statedLines } from './recorded/noise-lines.ts';
import { LEAST_SERIES, noiseSeries } from './recorded/noise-series.ts';
import { loadPairs } from './retrieval/pairs.ts';
import { loadScenarios } from './scenario.ts';
import { isUnknownName } from './score/judge.ts';
import { RECORDED, nowOf, zeroOf } from './zero.ts';

const scenarios = loadScenarios();

describe('the set of scenarios', () => {
  it('has at least forty, in both languages, over all families of the rules', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(40);
    for (const locale of ['zh-CN', 'en-US']) {
      expect(scenarios.filter((one) => one.locale === locale).length).toBeGreaterThanOrEqual(15);
    }
    const known = new Set(FAMILIES.map(({ id }) => id));
    const expected = new Set(scenarios.flatMap(({ expected: { family } }) => (family === null ? [] : [family])));
    expect([...expected].filter((id) => !known.has(id))).toEqual([]);
  });

  it('has as many alerts that no rule knows by name as others', () => {
    expect(scenarios.filter(isUnknownName).length / scenarios.length).toBeGreaterThanOrEqual(0.5);
  });

  it('has incidents of the past that every query can find', () => {
    expect(loadPairs().queries.length).toBeGreaterThanOrEqual(40);
  });

  it('gives each scenario its own time', () => {
    const times = scenarios.map((one) => zeroOf(one));
    const apart = times.flatMap((a, at) => times.slice(at + 1).map((b) => Math.abs(a - b)));
    expect(Math.min(...apart)).toBeGreaterThan((RECORDED.to - RECORDED.from) * 60_000);
  });
});

describe('the noise of a scenario', () => {
  const [first, second] = scenarios.filter(({ backends }) => backends.prometheus.length > 0);
  if (first === undefined || second === undefined) throw new Error('no scenarios');
  const lines = noiseLines(first);

  it('is at least so much, of which nothing decides anything', () => {
    expect(lines.length).toBeGreaterThanOrEqual(LEAST_LINES);
    expect(noiseSeries(first).length).toBeGreaterThanOrEqual(LEAST_SERIES);
    const facts = [...first.expected.must_cite, ...first.expected.red_herrings];
    expect(lines.filter(({ text }) => facts.some((fact) => text.includes(fact)))).toEqual([]);
  });

  it('is the same for the same seed, and another one for another', () => {
    expect(noiseLines(first).slice(0, 50)).toEqual(lines.slice(0, 50));
    expect(noiseLines({ ...first, seed: first.seed + 7 }).slice(0, 50)).not.toEqual(lines.slice(0, 50));
    expect(noiseSeries(first)).toEqual(noiseSeries(first));
    expect(noiseSeries(second)).not.toEqual(noiseSeries(first));
  });

  it('lies around the decisive lines, in their own streams too, and has errors of its own', () => {
    const { labels, at } = statedLines(first)[0] ?? { labels: {}, at: 0 };
    const same = lines.filter((line) => JSON.stringify(line.labels) === JSON.stringify(labels));
    expect(same.length).toBeGreaterThan(50);
    expect(same.some((line) => line.at < at) && same.some((line) => line.at > at)).toBe(true);
    expect(lines.filter(({ text }) => /error/i.test(text)).length).toBeGreaterThan(1000);
    const last = (nowOf(first, 0) - 0) / 60_000;
    expect(Math.max(...lines.map((line) => line.at))).toBeLessThanOrEqual(last);
  });

  it('moves among its series too, steps before the alert included', () => {
    const moving = noiseSeries(first).filter(({ shape }) =>
      shape.events.some(({ at, kind }) => kind !== 'ramp' && at > -20),
    );
    expect(moving.length).toBeGreaterThan(2);
  });
});
