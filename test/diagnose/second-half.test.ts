import { describe, expect, it } from 'vitest';
import type { AskModel } from '../../src/diagnose/ask-model.ts';
import type { Diagnosis, Evidence } from '../../src/diagnose/diagnosis.ts';
import { digestOf } from '../../src/diagnose/digest.ts';
import { fitted } from '../../src/diagnose/find-draft.ts';
import type { CachedDraft, Waiting } from '../../src/diagnose/ports.ts';
import type { Draft } from '../../src/diagnose/provider.ts';
import { createSecondHalf } from '../../src/diagnose/second-half.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { modelThat, reply } from './accounting/world.ts';
import { NOW, createWorld, factsFor } from './world.ts';

const item = (id: string, source: string, text: string): Evidence => ({ id, source, title: source, text, at: NOW });
const FACTS = [
  item('E1', 'alert', 'it crashes'),
  item('E2', 'loki', 'out of memory'),
  item('E3', 'changes', 'a release'),
];
/** The same facts, found in another order. */
const TURNED = [
  item('E1', 'alert', 'it crashes'),
  item('E2', 'changes', 'a release'),
  item('E3', 'loki', 'out of memory'),
];
const LABELS = { alertname: 'KubePodCrashLooping' };

const drafted = (evidenceIds: readonly string[]): Draft => ({
  status: 'ready',
  family: 'crash_loop',
  summary: `Memory (${evidenceIds.join(', ')}).`,
  causes: [{ statement: 'No memory', confidence: 0.8, evidenceIds, key: 'crash_loop/memory' }],
  steps: [],
});

function open(askModel: AskModel, evidence: Readonly<Record<string, readonly Evidence[]>>) {
  const known = createWorld();
  const replaced = new Map<string, Omit<Diagnosis, 'id'>>();
  const givenUp: string[] = [];
  let cached: (Omit<CachedDraft, 'at'> & { readonly digest: string }) | undefined;
  const factsOf = (id: string) => factsFor(id, { labels: LABELS });
  const ports = {
    ...known.ports,
    waiting: async (id: string): Promise<Waiting> => {
      const of = evidence[id] ?? [];
      const facts = factsOf(id);
      const digest = digestOf({ ...facts, evidence: of, similar: [], locale: 'en-US' });
      const diagnosis: Diagnosis = {
        id: `d-${id}`,
        incidentId: id,
        status: 'inconclusive',
        provider: 'rules',
        promptVersion: 'rules.v1',
        family: '',
        summary: 'x',
        causes: [],
        steps: [],
        evidence: of,
        confidence: 0,
        createdAt: NOW,
        origin: { awaiting: true, digest },
      };
      return { facts, diagnosis, wanted: true };
    },
    replace: async ({ incidentId }: Diagnosis, after: Omit<Diagnosis, 'id'>) => {
      replaced.set(incidentId, after);
      return true;
    },
    giveUp: async ({ incidentId }: Diagnosis, shortfall?: string) => void givenUp.push(`${incidentId} ${shortfall}`),
    cached: async (digest: string) => (cached?.digest === digest ? { ...cached, at: NOW } : undefined),
    remember: async (digest: string, one: Omit<CachedDraft, 'at'>) => void (cached = { ...one, digest }),
  };
  const model = modelThat(async () => reply());
  const second = createSecondHalf({
    ports,
    chain: { ask: async (call, _afford, signal) => ({ ok: true, value: await call(model, signal), model }) },
    askModel,
    afford: async () => 'yes',
    inStorm: async () => false,
    clock: { now: () => NOW },
    metrics: createMetrics(),
    locale: 'en-US',
  });
  return { second, replaced, givenUp };
}

const citing =
  (...ids: readonly string[]): AskModel =>
  async () => ({ kind: 'answer', draft: drafted(ids), promptVersion: 'diagnose.v1', origin: {} });
const signal = (): AbortSignal => new AbortController().signal;

describe('one answer for several incidents of the same evidence', () => {
  it('cites the same facts in each, whatever their order and so their ids', async () => {
    const { second, replaced } = open(citing('E2'), { A: FACTS, B: TURNED });
    await second.run('A', signal());
    await second.run('B', signal());
    expect(replaced.get('A')?.causes[0]?.evidenceIds).toEqual(['E2']);
    expect(replaced.get('B')?.origin?.cachedAt).toBe(NOW);
    expect(replaced.get('B')?.causes[0]?.evidenceIds).toEqual(['E3']);
    expect(replaced.get('B')?.summary).toBe('Memory (E3).');
  });

  it('does so also for those that wait for one call together', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let asks = 0;
    const slow: AskModel = async (...question) => {
      asks += 1;
      await promise;
      return citing('E2')(...question);
    };
    const { second, replaced } = open(slow, { A: FACTS, B: TURNED });
    const both = Promise.all([second.run('A', signal()), second.run('B', signal())]);
    setTimeout(() => resolve(undefined), 20);
    await both;
    expect(asks).toBe(1);
    expect(replaced.get('B')?.causes[0]?.evidenceIds).toEqual(['E3']);
  });

  it('is not given where its cause rests on an incident that was like the other one alone', async () => {
    const past = item('E4', 'incident', 'it was memory');
    const draft = drafted(['E4']);
    const found = { draft, ids: ['E1', 'E3', 'E2'], provider: 'openai', promptVersion: '', origin: {} };
    const pack = { ...factsFor('B', { labels: LABELS }), similar: [], locale: 'en-US' } as const;
    expect(fitted(found, { ...pack, evidence: [...TURNED, past] })).toBeUndefined();
  });

  it('is asked for again by those who waited when whoever asked first was stopped', async () => {
    const stop = new AbortController();
    let asks = 0;
    const slow: AskModel = async (model, question, own) => {
      asks += 1;
      if (asks > 1) return citing('E2')(model, question, own);
      return new Promise((_, reject) => own.addEventListener('abort', () => reject(own.reason), { once: true }));
    };
    const { second, replaced } = open(slow, { A: FACTS, B: TURNED });
    const first = second.run('A', stop.signal);
    const other = second.run('B', signal());
    setTimeout(() => stop.abort(new Error('lease lost')), 20);
    await expect(first).rejects.toThrow('lease lost');
    await other;
    expect([...replaced.keys()]).toEqual(['B']);
  });
});

describe('a question', () => {
  it('tells the model what is stored of the rules', async () => {
    const { second } = open(
      async (model, question, stop) => {
        expect(question.rules).toMatchObject({ family: '', summary: 'x', causes: [] });
        return citing('E2')(model, question, stop);
      },
      { A: FACTS },
    );
    await second.run('A', signal());
    expect.assertions(1);
  });
});

describe('a question that fails in a way nobody thought of', () => {
  it('is given up after some tries, since each of them may be paid', async () => {
    const { second, givenUp } = open(() => Promise.reject(new RangeError('Maximum call stack size exceeded')), {
      A: FACTS,
    });
    for (const attempt of [1, 2, 3, 4]) await expect(second.run('A', signal(), attempt)).rejects.toThrow(RangeError);
    await second.run('A', signal(), 5);
    expect(givenUp).toEqual(['A failed']);
  });
});
