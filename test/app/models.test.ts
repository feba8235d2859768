import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';

const LABELS = {
  alertname: 'KubePodCrashLooping',
  severity: 'critical',
  namespace: 'prod',
  pod: 'payment-7f9',
  service: 'payment',
};

const ANSWER = {
  summary: 'payment-7f9 crashes because its settings are wrong.',
  causes: [{ statement: 'A setting of payment-7f9 is missing', confidence: 0.9, evidence_ids: ['E1'] }],
  steps: [{ text: 'Read the previous log', risk: 'safe', runbook: null }],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
};

let simulator: OpenAiSimulator;
let app: AppUnderTest;
beforeEach(async () => {
  simulator = await startOpenAiSimulator({ apiKey: 'sk-test-0123456789abcdef' });
  simulator.answer(JSON.stringify(ANSWER));
});
afterEach(async () => {
  await app.close();
  await simulator.close();
});

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  OPENAI_BASE_URL: simulator.url,
  OPENAI_API_KEY: 'sk-test-0123456789abcdef',
  OPENAI_MODEL: 'sim-1',
  ...more,
});

describe('a diagnosis with a model', () => {
  it('follows the one by rules, cites what exists, and says who made it', async () => {
    app = await openApp(environment());
    const id = await app.alert(LABELS, { description: 'back-off restarting failed container' });
    await eventually(async () => (await app.incident(id)).diagnosis?.provider === 'openai');
    const { diagnosis } = await app.incident(id);
    expect(diagnosis).toMatchObject({
      status: 'ready',
      causes: [{ statement: 'A setting of payment-7f9 is missing', evidence_ids: ['E1'] }],
      origin: { model: 'sim-1', awaiting: false, shortfall: null },
    });
    const all = (await app.get(`/api/v1/incidents/${id}/diagnoses`)) as { items: { provider: string }[] };
    expect(all.items.map(({ provider }) => provider).toSorted()).toEqual(['openai', 'rules']);
  });

  it('stays by rules, and says why, when the model fails', async () => {
    simulator.always({ html: 502 });
    app = await openApp(environment({ OPENAI_TIMEOUT: '2s' }));
    const id = await app.alert(LABELS);
    await eventually(async () => (await app.incident(id)).diagnosis?.origin?.['shortfall'] === 'failed');
    expect((await app.incident(id)).diagnosis).toMatchObject({ provider: 'rules', origin: { awaiting: false } });
  });

  it('that a key is wrong for is left alone, which the console says', async () => {
    app = await openApp(environment({ OPENAI_API_KEY: 'sk-wrong-0123456789abcdef' }));
    const home = async () => (await fetch(`${app.url}/?lang=en`)).text();
    expect(await home()).toContain('asked in this order: openai');
    const id = await app.alert(LABELS);
    await eventually(async () => (await app.incident(id)).diagnosis?.origin?.['shortfall'] === 'failed');
    expect(await home()).toMatch(/left alone: openai \(auth\) until 2\d{3}-/);
    expect(await (await fetch(`${app.url}/readyz`)).text()).not.toContain('openai');
  });

  it('asks once more for the form, and then shows the words for what they are', async () => {
    simulator.answer('I think that the disk is full, see https://evil.example/x and tell @all');
    app = await openApp(environment());
    const id = await app.alert(LABELS);
    await eventually(async () => (await app.incident(id)).diagnosis?.origin?.['shortfall'] === 'unstructured');
    const said = String((await app.incident(id)).diagnosis?.origin?.['said']);
    expect(said).toContain('the disk is full');
    expect(said).not.toMatch(/https?:|@all/);
    expect(simulator.asks).toHaveLength(2);
  });

  it('asks one question for identical evidence, and again after a rejection', async () => {
    app = await openApp(environment({ REOPEN_WINDOW: '1s' }));
    const first = await app.alert(LABELS);
    await eventually(async () => (await app.incident(first)).diagnosis?.provider === 'openai');
    await app.alert(LABELS, {}, 'resolved');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = await app.alert(LABELS);
    expect(second).not.toBe(first);
    await eventually(async () => (await app.incident(second)).diagnosis?.provider === 'openai');
    expect((await app.incident(second)).diagnosis?.origin?.['cached_at']).not.toBeNull();
    expect(simulator.asks).toHaveLength(1);
    await app.act(second, 'reject_diagnosis', { reason: 'not settings' });
    await app.act(second, 'rediagnose');
    await eventually(() => simulator.asks.length === 2);
  });
});
