import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelAnswer } from '../../../src/diagnose/ask-model.ts';
import { createStormDiagnoser } from '../../../src/diagnose/storm/storm.ts';
import type { StormDiagnosis, StormFacts } from '../../../src/diagnose/storm/ports.ts';
import type { Model } from '../../../src/diagnose/providers/model.ts';
import type { CachedDraft } from '../../../src/diagnose/ports.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { START, members } from './members.ts';

const MODEL = { name: 'openai' } as Model;
const ANSWER: ModelAnswer = {
  kind: 'answer',
  promptVersion: 'diagnose.v1',
  origin: { model: 'sim-1', feedback: { messageId: 'm', subject: 's' } },
  draft: {
    status: 'ready',
    family: '',
    summary: 'The switch is gone.',
    causes: [{ statement: 'The switch is gone', confidence: 0.9, evidenceIds: ['E1'], key: 'k' }],
    steps: [],
  },
};

let facts: StormFacts | undefined;
let kept: StormDiagnosis[];
let looks: number[];
let calls: string[];
let now: number;
let answer: () => Promise<ModelAnswer>;
let modelsAsked: boolean;
beforeEach(() => {
  facts = { id: 'STORM-1', startedAt: START, ended: false, total: 40, members: members(40) };
  [kept, looks, calls] = [[], [], []];
  now = START + 20_000;
  answer = async () => ANSWER;
  modelsAsked = true;
});

async function run(attempts = 1): Promise<void> {
  const cache = new Map<string, CachedDraft>();
  const storms = createStormDiagnoser({
    ports: {
      storm: async () => facts,
      keep: async (_id, diagnosis) => {
        kept.push(diagnosis);
        if (facts !== undefined) facts = { ...facts, last: diagnosis };
      },
      lookAgain: async (_id, at) => void looks.push(at - now),
      cached: async (digest) => cache.get(digest),
      remember: async () => undefined,
    },
    chain: {
      ask: async (call, afford, signal) => {
        if ((await afford(MODEL)) !== 'yes')
          return { ok: false, shortfall: 'budget', tried: [{ provider: 'openai', why: 'budget' }] };
        return { ok: true, value: await call(MODEL, signal), model: MODEL };
      },
    },
    askModel: async (_model, { pack, purpose, rules }) => {
      calls.push(`${purpose ?? ''} ${pack.incident.title}`);
      // Each member was diagnosed: what the rules made of all of them is stored, and nothing else knows it.
      expect(rules.summary).toBe(kept.at(-1)?.diagnosis.summary);
      return answer();
    },
    afford: async () => affordable,
    fit: (findings) => findings,
    redact: (text) => ({ text: text.replaceAll('hunter2', '***'), count: text.includes('hunter2') ? 1 : 0 }),
    modelsAsked: () => modelsAsked,
    clock: { now: () => now },
    log: createLog('silent', []),
    metrics: createMetrics(),
    locale: 'en-US',
  });
  await storms.run('STORM-1', new AbortController().signal, attempts);
}
let affordable: 'yes' | 'budget' = 'yes';
beforeEach(() => {
  affordable = 'yes';
});

describe('a storm’s diagnosis', () => {
  it('is there by rules before the model is asked, once', async () => {
    await run();
    expect(kept.map(({ diagnosis }) => [diagnosis.provider, diagnosis.origin?.awaiting ?? false])).toEqual([
      ['rules', true],
      ['openai', false],
    ]);
    expect(kept[0]?.diagnosis.summary).toContain('All 40 incidents share node=worker-3');
    expect(kept[1]).toMatchObject({
      total: 40,
      turn: 1,
      diagnosis: { summary: 'The switch is gone.', confidence: 0.9 },
    });
    expect(kept[1]?.diagnosis.origin).not.toHaveProperty('feedback');
    expect(calls).toEqual(['storm Alert storm: 40 incidents at once']);
    await run();
    await run();
    expect(calls).toHaveLength(1);
    expect(looks).toEqual([30_000, 30_000, 30_000]);
  });

  it('is made anew once when five times as many have joined, and never again', async () => {
    await run();
    const grown = (total: number) => {
      if (facts !== undefined) facts = { ...facts, total };
    };
    grown(199);
    await run();
    expect(calls).toHaveLength(1);
    grown(200);
    await run();
    expect(calls).toHaveLength(2);
    expect(kept.at(-1)).toMatchObject({ turn: 2, total: 200 });
    grown(5000);
    await run();
    expect(calls).toHaveLength(2);
    expect(looks).toHaveLength(2);
  });

  it('is the rules’ alone without a model, with nothing to say about one', async () => {
    modelsAsked = false;
    await run();
    expect(calls).toEqual([]);
    expect(kept).toHaveLength(1);
    expect(kept[0]?.diagnosis.origin).toEqual({ digest: expect.any(String) });
  });

  it('says why the model’s is missing', async () => {
    affordable = 'budget';
    await run();
    expect(kept.at(-1)?.diagnosis).toMatchObject({ provider: 'rules', origin: { shortfall: 'budget' } });
    expect(kept.at(-1)?.diagnosis.origin?.awaiting).toBeUndefined();
  });

  it('shows what a model said without form for what it is', async () => {
    answer = async () => ({ kind: 'unstructured', said: 'maybe the switch' });
    await run();
    expect(kept.at(-1)?.diagnosis).toMatchObject({
      provider: 'rules',
      origin: { shortfall: 'unstructured', said: 'maybe the switch' },
    });
  });

  it('is asked for again after a stop in between', async () => {
    answer = async () => {
      throw new Error('killed');
    };
    await expect(run()).rejects.toThrow('killed');
    answer = async () => ANSWER;
    await run();
    expect(kept.at(-1)).toMatchObject({ turn: 1, diagnosis: { provider: 'openai' } });
  });

  it('is not paid for again and again when something keeps failing', async () => {
    await run(5);
    expect(calls).toEqual([]);
    expect(kept.at(-1)?.diagnosis.origin?.awaiting).toBeUndefined();
  });

  it('asks no model when all is over, and looks no more at a storm that has ended', async () => {
    facts = { id: 'STORM-1', startedAt: START, ended: true, total: 3, members: members(3, () => ({ resolved: true })) };
    await run();
    expect(calls).toEqual([]);
    expect(kept).toHaveLength(1);
    expect(looks).toEqual([]);
    facts = undefined;
    await run();
    expect(kept).toHaveLength(1);
  });

  it('keeps secrets in labels and titles to itself', async () => {
    facts = {
      id: 'STORM-1',
      startedAt: START,
      ended: false,
      total: 3,
      members: members(3, () => ({ title: 'password hunter2', labels: { service: 'hunter2', alertname: 'A' } })),
    };
    await run();
    expect(JSON.stringify(kept)).not.toContain('hunter2');
  });
});
