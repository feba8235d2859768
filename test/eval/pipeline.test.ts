import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, runScenario } from './run.ts';
import { loadScenarios } from './scenario.ts';
import { baselineOf } from './score/baseline.ts';
import { ground } from './score/grounding.ts';
import { judge } from './score/judge.ts';
import { recallOf } from './score/recall.ts';

/** Two scenarios whose facts are not metrics, so that no Prometheus is needed. */
const IDS = ['crash-missing-env-en', 'innocent-deploy-search-en'];

describe('a scenario played to the program, without metrics', () => {
  let folder: string;
  let ran: readonly Ran[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zhiban-eval-test-'));
    const scenarios = loadScenarios().filter(({ id }) => IDS.includes(id));
    const all: Ran[] = [];
    for (const scenario of scenarios) all.push(await runScenario(scenario, { folder }));
    ran = all;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const one = (id: string): Ran => {
    const found = ran.find(({ scenario }) => scenario.id === id);
    if (found === undefined) throw new Error(`no ${id}`);
    return found;
  };

  it('has what decides in its evidence, which came from the recorded back ends', () => {
    const { evidence, scenario } = one('crash-missing-env-en');
    expect(recallOf(scenario, evidence)).toMatchObject({ missed: [], told: [] });
    expect(evidence.map(({ source }) => source)).toEqual(expect.arrayContaining(['kubernetes', 'loki', 'changes']));
    expect(evidence.filter(({ failed }) => failed)).toEqual([]);
  });

  it('knows what was closed before', () => {
    const { evidence } = one('innocent-deploy-search-en');
    expect(evidence.find(({ source }) => source === 'incident')?.text).toContain('removed the query timeout');
  });

  it('is judged by what was expected of it', () => {
    const verdict = judge(one('crash-missing-env-en'));
    expect(verdict).toMatchObject({ rightFamily: true, unknownName: false, forbidden: [], misled: [] });
    const wrong = { ...one('crash-missing-env-en'), evidence: [], summary: 'It is out of memory' };
    expect(judge(wrong)).toMatchObject({ forbidden: ['out of memory'] });
    expect(judge(wrong).recall.found).toEqual([]);
  });

  it('is found out when a false claim is not struck', () => {
    const { planted, struck } = ground(ran);
    expect(planted).toBeGreaterThanOrEqual(12);
    expect(struck).toBe(planted);
  });

  it('has a baseline that is given as much and no more', () => {
    const length = baselineOf(one('crash-missing-env-en').scenario).reduce((sum, { text }) => sum + text.length, 0);
    expect(length).toBeGreaterThan(12_000);
    expect(length).toBeLessThan(24_100);
  });
});
