import { expect, it } from 'vitest';
import { createDiagnoser } from '../../src/diagnose/diagnose.ts';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../src/diagnose/evidence/source.ts';
import { createRules } from '../../src/diagnose/providers/rules.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { NOW, PLAIN, createWorld, factsFor } from './world.ts';

const KILLED: Finding = {
  source: 'kubernetes',
  title: 'Pod shop/orders-1',
  text: 'container app: last state terminated, reason OOMKilled, exit code 137; limit 512Mi',
  at: NOW,
  relevance: 1,
};

async function diagnosed(collect: (family: string) => readonly Finding[]) {
  const world = createWorld();
  const facts = factsFor('INC-1', { labels: { alertname: 'OrdersOdd', pod: 'orders-1', namespace: 'shop' } });
  world.open(facts);
  const stored: Omit<Diagnosis, 'id'>[] = [];
  const asked: string[] = [];
  const diagnoser = createDiagnoser({
    ...PLAIN,
    collect: async ({ family }) => {
      asked.push(family);
      return collect(family);
    },
    ports: { ...world.ports, record: async (diagnosis) => void stored.push(diagnosis) },
    provider: createRules(),
    clock: { now: () => NOW },
    log: createLog('silent', []),
    metrics: createMetrics(),
    locale: 'en-US',
  });
  await diagnoser.run('INC-1', new AbortController().signal);
  return { asked, diagnosis: stored[0] };
}

it('asks what the evidence makes worth asking, keeps the first answers, and counts no second failure', async () => {
  const again: Finding = { source: 'prometheus', title: 'Memory', text: 'rose to its limit', at: NOW };
  const failure: Finding = { source: 'loki', title: 'Loki', text: 'no answer', at: NOW, failed: true };
  const { asked, diagnosis } = await diagnosed((family) => (family === '' ? [KILLED] : [KILLED, again, failure]));
  expect(asked).toEqual(['', 'oom']);
  expect(diagnosis).toMatchObject({ family: 'oom', status: 'ready' });
  const sources = diagnosis?.evidence.map(({ source }) => source);
  expect(sources?.filter((source) => source === 'kubernetes')).toHaveLength(1);
  expect(sources).toContain('prometheus');
  expect(sources).not.toContain('loki');
});

it('asks once when the evidence tells nothing new', async () => {
  expect((await diagnosed(() => [])).asked).toEqual(['']);
});
