import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/diagnose/rules/families.ts';
import { noiseLines } from './recorded/noise-lines.ts';
import { HELD_OUT, type Scenario, loadScenarios } from './scenario.ts';
import { judge } from './score/judge.ts';
import { heldOutLinesOf } from './score/report.ts';
import { markdownOf } from './score/table.ts';
import { RECORDED, zeroOf } from './zero.ts';

const ordinary = loadScenarios();
const heldOut = loadScenarios(HELD_OUT);

/** Everything that a back end was recorded to hold. */
const recorded = ({ backends }: Scenario): readonly string[] => {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(backends);
  return texts;
};

describe('scenarios held out', () => {
  it('are half of each language, one of each family, and four of nothing wrong', () => {
    expect(heldOut.map(({ locale }) => locale).toSorted()).toEqual([
      ...Array.from({ length: 12 }, () => 'en-US'),
      ...Array.from({ length: 12 }, () => 'zh-CN'),
    ]);
    const families = heldOut.flatMap(({ expected: { family } }) => family ?? []);
    expect(families.toSorted()).toEqual(FAMILIES.map(({ id }) => id).toSorted());
    const healthy = heldOut.filter(({ expected }) => expected.status === 'not_an_issue');
    expect(healthy).toHaveLength(4);
    expect(heldOut.filter(({ expected, healthy: well }) => well !== (expected.status !== 'ready'))).toEqual([]);
  });

  it('forbid no claim that their own alert or their own cause makes', () => {
    const said = ({ alert, expected }: Scenario): string =>
      JSON.stringify([expected.cause, expected.must_cite, alert]).toLowerCase();
    const own = heldOut.flatMap((one) =>
      one.expected.forbidden.filter((claim) => said(one).includes(claim.toLowerCase())),
    );
    expect(own).toEqual([]);
  });

  it('share no seed, no name and no time with the others', () => {
    const all = [...ordinary, ...heldOut];
    expect(new Set(all.map(({ seed }) => seed)).size).toBe(all.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const times = all.map((one) => zeroOf(one)).toSorted((a, b) => a - b);
    const apart = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(Math.min(...apart)).toBeGreaterThan((RECORDED.to - RECORDED.from) * 60_000);
  });

  it.each(heldOut.map((one) => [one.id, one] as const))('%s has its facts in back ends and not in noise', (_, one) => {
    const texts = recorded(one);
    const facts = [...one.expected.must_cite, ...one.expected.red_herrings];
    expect(facts.filter((fact) => !texts.some((text) => text.includes(fact)))).toEqual([]);
    const noise = noiseLines(one);
    expect(one.expected.must_cite.filter((fact) => noise.some(({ text }) => text.includes(fact)))).toEqual([]);
  });

  it('are told of without limits', () => {
    const verdicts = heldOut.map((scenario) =>
      judge({
        scenario,
        status: 'inconclusive',
        family: '',
        summary: '',
        causes: [],
        steps: [],
        evidence: [],
        tookMs: 1,
      }),
    );
    const lines = heldOutLinesOf(verdicts);
    expect(lines.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'held out: evidence recall',
        'held out: baseline: the newest up to the same budget',
        'held out: rules alone: right family',
        'held out: abstention where nothing is wrong',
        'held out: scenarios with a claim that must not be made',
      ]),
    );
    expect(markdownOf(lines).split('\n')[0]).toBe('|  | value |  |');
    expect(markdownOf(lines)).not.toContain('missed');
  });
});
