import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { answeredOf, environmentOf, measure } from './model.ts';
import { runScenario } from './run.ts';
import { loadScenarios } from './scenario.ts';

const scenario = loadScenarios().find(({ id }) => id === 'crash-missing-env-en');
if (scenario === undefined) throw new Error('no such scenario');

const PRICE = { provider: 'openai', model: '', inputPerMillion: 2, outputPerMillion: 8, currency: 'EUR' };

/** An answer that cites whatever item of the prompt has the decisive words. */
const citing = (prompt: string): string => {
  const ids = [...prompt.matchAll(/\bE\d+\b/g)].map(([id]) => id);
  const ofFact = ids.findLast((id) => prompt.indexOf("KeyError: 'DEPLOY_REGION'", prompt.indexOf(id)) > 0) ?? 'E1';
  return JSON.stringify({
    summary: 'invoice-api does not start.',
    causes: [
      {
        statement: 'DEPLOY_REGION is missing in the environment',
        confidence: 0.8,
        evidence_ids: [...new Set(ids), ofFact],
      },
      { statement: 'The disk is full', confidence: 0.5, evidence_ids: ['E4711'] },
    ],
    steps: [],
    severity: null,
    inconclusive: false,
    not_an_issue: false,
  });
};

describe('a model that is evaluated', () => {
  let folder: string;
  let server: OpenAiSimulator;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zhiban-eval-model-'));
    server = await startOpenAiSimulator();
    server.answer(({ prompt }) => ({ text: citing(prompt) }));
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const environment = (): Readonly<Record<string, string>> =>
    environmentOf({
      provider: 'openai',
      environment: { OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'sim-1', OPENAI_API_KEY: 'k-1234567', HOME: '/root' },
    });

  it('is asked through the chain and the checks, and what it said is measured', async () => {
    const ran = await runScenario(scenario, { folder: join(folder, '1'), environment: environment(), price: PRICE });
    expect(ran.status).toBe('ready');
    if (ran.byModel === undefined) throw new Error('no model was asked');
    const answered = answeredOf(ran, ran.byModel, 1);
    expect(answered).toMatchObject({ id: scenario.id, cited: 1, abstained: false, forbidden: 0 });
    expect(answered.shortfall).toBeUndefined();
    expect(answered.words).toBeGreaterThan(0.2);
    expect(answered.struck).toBeGreaterThan(0);
    expect(answered.tokensIn).toBeGreaterThan(100);
    expect(server.asks.length).toBeGreaterThan(0);
    const [came] = measure([scenario], [answered, { ...answered, run: 2, shortfall: 'timeout' }], 2);
    expect(came).toEqual({ name: 'an answer came', mean: 0.5, spread: 0.5 });
    const cost = (answered.tokensIn * 2 + answered.tokensOut * 8) / 1e6;
    expect(answered.cost?.currency).toBe('EUR');
    expect(answered.cost?.amount).toBeCloseTo(cost, 10);
    const money = measure([scenario], [answered], 1).find(({ name }) => name === 'cost of an answer, EUR');
    expect(money?.mean).toBeCloseTo(cost, 10);
  });

  it('that gives no answer is told from one that does', async () => {
    server.always({ refuse: { status: 401, body: 'no such key' } });
    const ran = await runScenario(scenario, { folder: join(folder, '2'), environment: environment() });
    server.always(undefined);
    if (ran.byModel === undefined) throw new Error('no model was asked');
    const answered = answeredOf(ran, ran.byModel, 1);
    expect(answered).toMatchObject({ shortfall: 'failed', words: 0 });
    expect(answered.cost).toBeUndefined();
  });

  it('must be configured', () => {
    expect(() => environmentOf({ provider: 'openai:deepseek', environment: {} })).toThrow(/OPENAI_DEEPSEEK_BASE_URL/);
  });
});
