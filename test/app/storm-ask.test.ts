import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';
import { playgroundClient } from '../support/playground-client.ts';

const ANSWER = {
  summary: 'pay-4 lacks a setting.',
  causes: [{ statement: 'A setting of pay-4 is missing', confidence: 0.8, evidence_ids: ['E1'] }],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
};

let simulator: OpenAiSimulator;
let app: AppUnderTest;
beforeEach(async () => {
  simulator = await startOpenAiSimulator();
  simulator.answer(JSON.stringify(ANSWER));
  app = await openApp({ OPENAI_BASE_URL: simulator.url, OPENAI_MODEL: 'sim-1', STORM_PER_MINUTE: '2' });
});
afterEach(async () => {
  await app.close();
  await simulator.close();
});

const diagnosisOf = async (id: string) => (await app.incident(id)).diagnosis;
const cards = async (): Promise<string> => (await fetch(`${app.url}/playground/rooms/lobby/threads?lang=en`)).text();

describe('one incident of a storm', () => {
  it('is diagnosed by the model, on a card of its own, when a person asks', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 6; at += 1)
      ids.push(await app.alert({ alertname: 'KubePodCrashLooping', severity: 'warning', pod: `pay-${at}` }));
    const [id = ''] = ids.slice(4);
    await eventually(async () => (await diagnosisOf(id))?.origin?.['shortfall'] === 'storm');
    expect(await cards()).not.toContain(`data-incident="${id}"`);
    await playgroundClient(app.url).say(`@zhiban /diagnose ${id}`);
    await eventually(async () => (await diagnosisOf(id))?.provider === 'openai');
    await eventually(async () => (await cards()).includes('A setting of pay-4 is missing'));
    expect(await cards()).toContain(`data-incident="${id}"`);
  });
});
