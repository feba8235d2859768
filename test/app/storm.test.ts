import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';

const ANSWER = {
  summary: 'All of them run on worker-3, whose network is gone.',
  causes: [{ statement: 'worker-3 lost its network', confidence: 0.8, evidence_ids: ['E2'] }],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
};

let simulator: OpenAiSimulator;
let app: AppUnderTest;
let time: { readonly from: number; readonly since: number; readonly pace: number };
const clock = { now: () => time.from + Math.floor((Date.now() - time.since) * time.pace) };
const pass = (ms: number): void => {
  time = { from: clock.now() + ms, since: Date.now(), pace: 1 };
};
beforeEach(async () => {
  // Slow, so that the storm is young while the rules look at all of it, however long that takes here.
  time = { from: Date.now(), since: Date.now(), pace: 0.05 };
  simulator = await startOpenAiSimulator();
  simulator.answer(JSON.stringify(ANSWER));
});
afterEach(async () => {
  await app.close();
  await simulator.close();
});

const MODEL = () => ({ OPENAI_BASE_URL: simulator.url, OPENAI_MODEL: 'sim-1' });

/** One delivery of a Prometheus: each alert is an incident of its own. */
async function burst(from: number, to: number): Promise<void> {
  const alerts = Array.from({ length: to - from }, (_none, index) => {
    const at = from + index;
    return {
      labels: {
        alertname: at % 10 === 0 ? 'HighLatency' : 'KubePodCrashLooping',
        severity: 'warning',
        namespace: 'prod',
        pod: `pay-${at}`,
        node: at % 40 === 39 ? 'worker-9' : 'worker-3',
      },
      annotations: {},
      startsAt: new Date().toISOString(),
    };
  });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${app.url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(alerts) });
}

interface Item {
  readonly id: string;
  readonly diagnosis: { readonly provider: string; readonly origin?: Readonly<Record<string, unknown>> } | null;
}

const incidents = async (): Promise<{ readonly items: readonly Item[]; readonly total: number }> =>
  (await app.get('/api/v1/incidents?limit=200')) as never;
const lobby = async (): Promise<string> => (await fetch(`${app.url}/playground?room=lobby`)).text();
/** All have been looked at by rules, and none waits for a model any more. */
const looked = async (): Promise<boolean> => {
  const { items } = await incidents();
  return items.every(({ diagnosis }) => diagnosis?.provider === 'rules' && diagnosis.origin?.['awaiting'] !== true);
};

describe('a storm of 300 incidents', () => {
  it('is one question to the model, and its card says what came of it', async () => {
    app = await openApp({ ...MODEL(), LOCALE: 'en-US' }, { clock });
    await burst(0, 300);
    expect((await incidents()).total).toBe(300);
    await eventually(looked, 60_000);
    expect((await incidents()).items[0]?.diagnosis?.origin).toMatchObject({ shortfall: 'storm' });
    expect(simulator.asks).toHaveLength(0);
    pass(25_000);
    await eventually(async () => (await lobby()).includes('worker-3 lost its network'));
    expect(simulator.asks).toHaveLength(1);
    const [ask] = simulator.asks;
    expect(ask?.prompt).toContain('Alert storm: 280 incidents at once');
    expect(ask?.prompt).toMatch(/273 of 280 incidents share node=worker-3/);
    const card = (await lobby()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(card).toMatch(/worker-3 lost its network · 80% sure · see E2 .{0,40}Found by openai \(sim-1\)/);
    pass(95_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(simulator.asks).toHaveLength(1);
  }, 120_000);
});
