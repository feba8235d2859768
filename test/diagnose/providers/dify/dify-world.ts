import { afterEach } from 'vitest';
import { createDify, type DifyOptions } from '../../../../src/diagnose/providers/dify.ts';
import type { Model, ModelFailed, ModelRequest } from '../../../../src/diagnose/providers/model.ts';
import { type DifySimulator, startDifySimulator } from '../../../simulators/dify.ts';
import type { DifyApp, DifyFault, DifyKind } from '../../../simulators/dify-world.ts';

const open: DifySimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

export interface DifyWorld {
  readonly dify: DifySimulator;
  readonly model: Model;
  /** Moves the clock by which things are remembered. */
  readonly pass: (ms: number) => void;
}

export async function difyWorld(app: Partial<DifyApp> = {}, options: Partial<DifyOptions> = {}): Promise<DifyWorld> {
  const dify = await startDifySimulator(app);
  open.push(dify);
  let now = 1_760_000_000_000;
  const model = createDify({
    name: 'dify',
    baseUrl: dify.url,
    apiKey: dify.app.key,
    timeoutMs: 60_000,
    concurrency: 2,
    promptTokens: 24_000,
    edges: { clock: { now: () => now }, fetch },
    graceMs: 100,
    pollMs: 20,
    ...options,
  });
  return { dify, model, pass: (ms) => void (now += ms) };
}

export const SCHEMA = {
  type: 'object',
  required: ['verdict', 'summary'],
  properties: { verdict: { type: 'string' }, summary: { type: 'string' } },
} as const;
export const ANSWER = { verdict: 'likely', summary: '磁盘写满了 💥' };
export const ANSWER_TEXT = JSON.stringify(ANSWER);

export const ask = (over: Partial<ModelRequest> = {}): ModelRequest => ({
  system: 'You diagnose.',
  messages: [{ role: 'user', text: 'E1 disk full' }],
  maxOutputTokens: 500,
  subject: 'incident-INC-20261121-001',
  signal: new AbortController().signal,
  ...over,
});

/** Why an answer was not had. Fails the test when it was. */
export async function failureOf(asking: Promise<unknown>): Promise<ModelFailed> {
  return asking.then(
    () => {
      throw new Error('it answered');
    },
    (error: ModelFailed) => error,
  );
}

/** Long enough for its first events to be heard. */
export const IMPATIENT = { timeoutMs: 1500 };

/** One question to an app whose answer deviates. */
export async function asked(
  mode: DifyKind,
  fault: DifyFault,
  over: Partial<ModelRequest> = {},
  limits: Partial<DifyOptions> = {},
) {
  const world = await difyWorld({ mode }, limits);
  world.dify.answer(ANSWER_TEXT);
  world.dify.next(fault);
  return { ...world, answer: world.model.complete(ask(over)) };
}
