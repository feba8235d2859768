import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/diagnose/evidence/source.ts';
import { fit } from '../../src/diagnose/evidence/budget.ts';
import { gather } from '../../src/diagnose/gather.ts';
import { createRedactor } from '../../src/diagnose/redact/redactor.ts';
import { createLog } from '../../src/telemetry/log.ts';
import type { KnownAlert } from '../../src/diagnose/ports.ts';
import { NOW, createWorld, factsFor } from './world.ts';

const OURS = 'SuperSecretOfOurs-0123456789abcdef';
const { redact } = createRedactor({ secrets: [OURS], policy: 'full' });

async function told(findings: readonly Finding[], alert: Partial<KnownAlert> = {}, tokens = 12_000) {
  const facts = factsFor('INC-20261122-001', { labels: { alertname: 'X' }, ...alert });
  const deps = {
    ports: createWorld().ports,
    collect: async () => findings,
    fit: (all: readonly Finding[], words: readonly string[]) => fit(all, tokens, words),
    redact,
    clock: { now: () => NOW },
    log: createLog('silent', []),
    locale: 'en-US',
  } as const;
  return gather(deps, facts, new AbortController().signal);
}
const finding = (more: Partial<Finding>): Finding => ({ source: 'changes', title: 'x', text: 'y', at: NOW, ...more });

describe('evidence as it is stored', () => {
  it('has no secret in its links', async () => {
    const urls = [
      'https://ci.example/build/7?token=glpat-abcdefghij0123456789',
      `https://prometheus/graph?g0.expr=${encodeURIComponent(`up{key="${OURS}"}`)}`,
      'https://ci.example/build/8',
    ];
    const { pack, redacted } = await told(urls.map((url) => finding({ url })));
    expect(pack.evidence.flatMap(({ url }) => url ?? [])).toEqual(['https://ci.example/build/8']);
    expect(redacted).toBe(2);
  });

  it('has no secret in the names of its series', async () => {
    const { pack } = await told([finding({ series: [{ name: `up{key="${OURS}"}`, points: [[NOW, 1]] }] })]);
    expect(JSON.stringify(pack.evidence)).not.toContain('SuperSecret');
  });

  it('has no part of a secret that a cut went through', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `${index} error ${'x'.repeat(index)} key ${OURS} done`);
    const { pack } = await told([finding({ source: 'loki', text: lines.join('') })], {}, 800);
    expect(pack.evidence.at(-1)?.cut).toBe(true);
    expect(JSON.stringify(pack.evidence)).not.toMatch(/SuperSec|abcdef/);
  });

  it.each([60, 65, 70, 75, 270, 280, 290])('has no part of one that an alert has at its %sth character', async (at) => {
    const text = `${'a '.repeat(at / 2)}postgres://app:${OURS}hunter2hunter2@db/x ${OURS}`;
    const { pack } = await told([], { labels: { dsn: text }, annotations: { description: text }, summary: text });
    expect(JSON.stringify(pack.evidence)).not.toMatch(/SuperSec|hunter/);
  });
});
