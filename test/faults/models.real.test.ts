import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { eventually } from '../support/lark-app.ts';
import { type Running, SERVER_READY, startProgram } from '../support/process.ts';

/** A server that waits for what is under way gives it 15 s. */
const WAITS_MS = 12_000;
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const LABELS = { alertname: 'KubePodCrashLooping', severity: 'critical', pod: 'payment-1', namespace: 'prod' };
const ANSWER = JSON.stringify({
  summary: 'payment-1 crashes.',
  causes: [{ statement: 'A setting of payment-1 is missing', confidence: 0.8, evidence_ids: ['E1'] }],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
});

let simulator: OpenAiSimulator;
let folder: string;
let server: Running;
const start = async (): Promise<void> => {
  const environment = {
    PORT: '0',
    DATA_DIR: folder,
    LOCALE: 'en-US',
    OPENAI_BASE_URL: simulator.url,
    OPENAI_MODEL: 'sim-1',
  };
  server = await startProgram(MAIN, environment, { ready: SERVER_READY });
};
beforeEach(async () => {
  simulator = await startOpenAiSimulator();
  simulator.answer(ANSWER);
  folder = mkdtempSync(join(tmpdir(), 'zhiban-models-'));
  await start();
});
afterEach(async () => {
  await server.end('SIGKILL');
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  readonly provider: string;
  readonly origin: { readonly awaiting: boolean };
}

const asked = (): number => simulator.received.filter(({ path }) => path.endsWith('/chat/completions')).length;

async function post(): Promise<string> {
  const alert = {
    status: 'firing',
    labels: LABELS,
    annotations: {},
    startsAt: new Date().toISOString(),
    fingerprint: 'a',
  };
  const response = await fetch(`http://127.0.0.1:${server.port}/api/alert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: '4', status: 'firing', groupLabels: LABELS, alerts: [alert] }),
  });
  const { data } = (await response.json()) as { data: { incidents: { id: string }[] } };
  return data.incidents[0]?.id ?? '';
}

async function diagnosis(id: string): Promise<Told | undefined> {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/v1/incidents/${id}`);
  return ((await response.json()) as { data: { diagnosis?: Told } }).data.diagnosis;
}

describe('a server that dies while a model thinks', () => {
  it('has the diagnosis by rules, asks again after the start, and has one answer', async () => {
    simulator.always({ stallAfter: 1 });
    const id = await post();
    await eventually(async () => asked() === 1 && (await diagnosis(id))?.provider === 'rules');
    expect((await diagnosis(id))?.origin.awaiting).toBe(true);
    await server.end('SIGKILL');
    simulator.always(undefined);
    await start();
    await eventually(async () => (await diagnosis(id))?.provider === 'openai');
    const response = await fetch(`http://127.0.0.1:${server.port}/api/v1/incidents/${id}/diagnoses`);
    const { data } = (await response.json()) as { data: { items: Told[] } };
    expect(data.items.map(({ provider }) => provider).toSorted()).toEqual(['openai', 'rules']);
    expect(asked()).toBe(2);
  });

  it('ends in good order within seconds, and tells the model’s side that nobody listens', async () => {
    simulator.always({ stallAfter: 1 });
    await post();
    await eventually(() => asked() === 1);
    const startedAt = Date.now();
    expect(await server.end('SIGTERM')).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(WAITS_MS);
    await eventually(() => simulator.received.some(({ left }) => left));
  });
});
