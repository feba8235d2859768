import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDiagnoser } from '../../src/diagnose/diagnose.ts';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Facts } from '../../src/diagnose/ports.ts';
import { createRules } from '../../src/diagnose/providers/rules.ts';
import { FAMILIES } from '../../src/diagnose/rules/families.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import type { Locale } from '../../src/types.ts';
import { NOW, PLAIN, createWorld, factsFor } from './world.ts';

const CRASH = {
  title: 'Pod is crash looping',
  labels: { alertname: 'KubePodCrashLooping', namespace: 'prod', pod: 'payment-7f9c8d', service: 'payment' },
  annotations: { description: 'back-off restarting failed container' },
};

let world: ReturnType<typeof createWorld>;
let stored: Omit<Diagnosis, 'id'>[];
const metrics = createMetrics();
beforeEach(() => {
  world = createWorld();
  stored = [];
});

async function diagnosed(facts: Facts, locale: Locale = 'en-US'): Promise<Omit<Diagnosis, 'id'>> {
  world.open(facts);
  const record = async (diagnosis: Omit<Diagnosis, 'id'>): Promise<void> => void stored.push(diagnosis);
  const diagnoser = createDiagnoser({
    ...PLAIN,
    ports: { ...world.ports, record },
    provider: createRules(),
    clock: { now: () => NOW },
    log: createLog('silent', []),
    metrics,
    locale,
  });
  await diagnoser.run(facts.incident.id, new AbortController().signal);
  const last = stored.at(-1);
  if (last === undefined) throw new Error('nothing was stored');
  return last;
}

const keys = ({ causes }: Pick<Diagnosis, 'causes'>): readonly string[] => causes.map(({ key }) => key);

describe('a diagnosis by rules', () => {
  it('names the family, what is likely, on what evidence and what to do', async () => {
    const diagnosis = await diagnosed(factsFor('INC-1', CRASH));
    expect(diagnosis).toMatchObject({
      status: 'ready',
      provider: 'rules',
      promptVersion: 'rules.v1',
      family: 'crash_loop',
      createdAt: NOW,
    });
    expect(diagnosis.summary).toContain('payment-7f9c8d in namespace prod');
    expect(diagnosis.confidence).toBe(diagnosis.causes[0]?.confidence);
    expect(diagnosis.evidence.map(({ id, source }) => `${id} ${source}`)).toEqual(['E1 alert', 'E2 rule']);
    expect(diagnosis.steps.map(({ command }) => command)).toContain(
      'kubectl -n prod logs payment-7f9c8d --previous --tail=100',
    );
  });

  it('is written in the language asked for', async () => {
    const diagnosis = await diagnosed(factsFor('INC-1', CRASH), 'zh-CN');
    for (const said of [diagnosis.summary, diagnosis.causes[0]?.statement, diagnosis.steps[0]?.text]) {
      expect(said).toMatch(/\p{Script=Han}/u);
    }
  });

  it('puts the cause first that the alert itself speaks for, and cites that alert', async () => {
    const plain = await diagnosed(factsFor('INC-1', CRASH));
    const killed = await diagnosed(
      factsFor('INC-2', { ...CRASH, annotations: { description: 'OOMKilled, exit code 137' } }),
    );
    expect(keys(plain)[0]).toBe('crash_loop/config');
    expect(keys(killed)[0]).toBe('crash_loop/memory');
    expect(killed.causes[0]?.evidenceIds).toContain('E1');
    expect(killed.confidence).toBeGreaterThan(plain.confidence);
  });

  it('is never sure on its own', async () => {
    const labels = { alertname: 'BlackboxSslCertificateWillExpireSoon' };
    const annotations = { description: 'cert-manager could not renew: the ACME challenge failed' };
    const diagnosis = await diagnosed(factsFor('INC-1', { labels, annotations }));
    expect(diagnosis.causes[0]?.key).toBe('certificate/renewal');
    for (const { confidence } of diagnosis.causes) expect(confidence).toBeLessThanOrEqual(0.6);
  });

  it('admits that it does not know, and still says what to look at', async () => {
    const diagnosis = await diagnosed(
      factsFor('INC-1', { labels: { alertname: 'OrderAmountOdd', namespace: 'prod' } }),
    );
    expect(diagnosis).toMatchObject({ status: 'inconclusive', family: '', causes: [], confidence: 0 });
    expect(diagnosis.summary).not.toBe('');
    expect(diagnosis.steps.length).toBeGreaterThan(0);
  });

  it.each([
    ['a heartbeat', { labels: { alertname: 'Watchdog' }, severity: 'warning', severityRaw: 'none' }],
    ['a test', { title: '测试告警', labels: {} }],
    ['a Grafana test', { labels: { alertname: 'TestAlert' } }],
    ['a notice', { labels: { alertname: 'DiskUsageHigh' }, severity: 'info', severityRaw: 'info' }],
  ] as const)('sees that %s is not an issue', async (_what, given) => {
    expect((await diagnosed(factsFor('INC-1', given))).status).toBe('not_an_issue');
  });

  it('takes the silence of a heartbeat seriously', async () => {
    const facts = factsFor('INC-1', {
      title: '监控静默',
      labels: { alertname: 'MonitoringSilent', heartbeat: 'Watchdog' },
    });
    expect(await diagnosed(facts)).toMatchObject({ status: 'ready', family: 'dead_mans_switch' });
  });

  it('does not call an alert harmless whose sender never said how bad it is', async () => {
    const facts = factsFor('INC-1', { labels: { alertname: 'DiskUsageHigh' }, severity: 'info' });
    expect((await diagnosed(facts)).status).toBe('ready');
  });

  it('reads the incident itself when its alerts are gone', async () => {
    const { incident } = factsFor('INC-1', CRASH);
    expect((await diagnosed({ incident, alerts: [] })).family).toBe('crash_loop');
  });

  it('does nothing for an incident that is gone, and stores nothing once it is told to stop', async () => {
    const record = async (diagnosis: Omit<Diagnosis, 'id'>): Promise<void> => void stored.push(diagnosis);
    const deps = {
      ...PLAIN,
      provider: createRules(),
      clock: { now: () => NOW },
      log: createLog('silent', []),
      metrics,
      locale: 'en-US',
    } as const;
    const diagnoser = createDiagnoser({ ...deps, ports: { ...world.ports, record } });
    await diagnoser.run('INC-0', new AbortController().signal);
    world.open(factsFor('INC-1', CRASH));
    await expect(diagnoser.run('INC-1', AbortSignal.abort())).rejects.toThrow('aborted');
    expect(stored).toEqual([]);
  });

  it('measures how long it took, by provider', async () => {
    await diagnosed(factsFor('INC-1', CRASH));
    expect(await metrics.registry.metrics()).toMatch(/zhiban_diagnosis_seconds_count\{provider="rules"\} [1-9]/);
  });
});

describe('what people said before', () => {
  const again = (id: string) => factsFor(id, { ...CRASH, labels: { ...CRASH.labels, pod: `payment-${id}` } });

  it('raises a cause that was confirmed, and counts', async () => {
    const before = await diagnosed(again('INC-9'));
    world.open(again('INC-1'));
    world.open(again('INC-2'));
    world.say('INC-1', 'crash_loop/dependency', 'confirmed');
    world.say('INC-2', 'crash_loop/dependency', 'confirmed');
    const after = await diagnosed(again('INC-9'));
    expect(keys(before)[0]).not.toBe('crash_loop/dependency');
    expect(after.causes[0]).toMatchObject({ key: 'crash_loop/dependency', seen: 2, confirmed: 2 });
    expect(after.confidence).toBeGreaterThan(before.confidence);
  });

  it('sinks a cause that was rejected elsewhere', async () => {
    world.open(again('INC-1'));
    world.say('INC-1', 'crash_loop/config', 'rejected');
    const diagnosis = await diagnosed(again('INC-9'));
    expect(keys(diagnosis)[0]).toBe('crash_loop/release');
    expect(diagnosis.causes.find(({ key }) => key === 'crash_loop/config')).toMatchObject({ seen: 1, confirmed: 0 });
  });

  it('drops a cause that was rejected for this very incident, and offers another', async () => {
    const first = await diagnosed(again('INC-9'));
    world.say('INC-9', keys(first)[0] ?? '', 'rejected');
    const second = await diagnosed(again('INC-9'));
    expect(keys(second)).not.toContain(keys(first)[0]);
    expect(second.status).toBe('ready');
  });

  it('ends inconclusive, with words for it, when every cause was rejected', async () => {
    world.open(again('INC-9'));
    const causes = FAMILIES.find((family) => family.id === 'crash_loop')?.causes ?? [];
    for (const { id } of causes) world.say('INC-9', `crash_loop/${id}`, 'rejected');
    const diagnosis = await diagnosed(again('INC-9'));
    expect(diagnosis).toMatchObject({ status: 'inconclusive', causes: [], confidence: 0 });
    expect(diagnosis.summary).toContain('rejected');
  });

  it('lets the last word of a person count', async () => {
    world.open(again('INC-1'));
    world.say('INC-1', 'crash_loop/probe', 'rejected');
    world.say('INC-1', 'crash_loop/probe', 'confirmed');
    const diagnosis = await diagnosed(again('INC-9'));
    expect(diagnosis.causes.find(({ key }) => key === 'crash_loop/probe')).toMatchObject({ seen: 1, confirmed: 1 });
  });

  it('teaches nothing about an incident that is not like it', async () => {
    const other = {
      title: 'crash loop 报表任务',
      labels: { alertname: '容器反复重启', 业务: '夜间报表', 机房: '上海' },
    };
    world.open(factsFor('INC-1', other));
    world.say('INC-1', 'crash_loop/dependency', 'confirmed');
    const diagnosis = await diagnosed(again('INC-9'));
    expect(diagnosis.causes.every(({ seen }) => seen === undefined)).toBe(true);
  });

  it('shows similar closed incidents as evidence and makes their written causes causes', async () => {
    world.close(again('INC-1'), 'crash_loop', 'Redis 密码轮换后没有更新 Secret');
    const diagnosis = await diagnosed(again('INC-9'));
    const item = diagnosis.evidence.find(({ source }) => source === 'incident');
    expect(item?.query).toBe('INC-1');
    const learnt = diagnosis.causes.find(({ statement }) => statement.includes('Redis 密码轮换后没有更新 Secret'));
    expect(learnt?.evidenceIds).toEqual([item?.id]);
    expect(learnt?.key).toMatch(/^other\/said-/);
    expect(learnt?.seen).toBe(1);
  });

  it('counts one written cause of several incidents once, and more likely', async () => {
    world.close(again('INC-1'), 'crash_loop', 'Disk of the registry full.');
    const once = await diagnosed(again('INC-9'));
    world.close(again('INC-2'), 'crash_loop', 'disk of the registry full');
    const twice = await diagnosed(again('INC-9'));
    const learnt = (d: Pick<Diagnosis, 'causes'>) => d.causes.filter(({ key }) => key.includes('/said-'));
    expect(learnt(twice)).toHaveLength(1);
    expect(learnt(twice)[0]?.seen).toBe(2);
    expect(learnt(twice)[0]?.confidence).toBeGreaterThan(learnt(once)[0]?.confidence ?? 1);
  });

  it('can be rejected too', async () => {
    world.close(again('INC-1'), 'crash_loop', 'Cosmic rays');
    const first = await diagnosed(again('INC-9'));
    const key = keys(first).find((one) => one.includes('/said-')) ?? '';
    world.say('INC-9', key, 'rejected');
    expect(keys(await diagnosed(again('INC-9')))).not.toContain(key);
  });

  it('knows from the past what no rule knows', async () => {
    const odd = (id: string) =>
      factsFor(id, { title: '订单金额异常 orders', labels: { alertname: 'OrderAmountOdd', service: 'orders' } });
    world.close(odd('INC-1'), '', '汇率表没有更新');
    const diagnosis = await diagnosed(odd('INC-9'), 'zh-CN');
    expect(diagnosis).toMatchObject({ status: 'ready', family: '' });
    expect(diagnosis.causes[0]?.statement).toBe('上次（INC-1）是：汇率表没有更新');
  });

  it('calls no incident similar that shares only the words that all of them share', async () => {
    const odd = (id: string, title: string) => factsFor(id, { title: `${title} in cluster main`, labels: {} });
    world.close(odd('INC-1', '订单金额异常 orders'), '', '汇率表没有更新');
    const diagnosis = await diagnosed(odd('INC-9', '活动页面图片缺失 campaign'));
    expect(diagnosis).toMatchObject({ status: 'inconclusive', causes: [], evidence: [{ source: 'alert' }] });
  });

  it('does not find an incident like itself in itself', async () => {
    world.close(again('INC-9'), 'crash_loop', 'Cosmic rays');
    expect((await diagnosed(again('INC-9'))).evidence.some(({ source }) => source === 'incident')).toBe(false);
  });
});

describe('every diagnosis', () => {
  it('cites only evidence that it carries, stays within its bounds and is in order', async () => {
    const names = fc.constantFrom(
      'KubePodCrashLooping',
      'HostOutOfDiskSpace',
      '磁盘使用率过高',
      'Watchdog',
      'Nothing',
      'TargetDown',
    );
    const given = fc.record({
      title: fc.string({ minLength: 1 }),
      summary: fc.string(),
      labels: fc.record({ alertname: names, service: fc.string(), pod: fc.string() }),
      annotations: fc.dictionary(fc.string(), fc.string()),
      cause: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      verdict: fc.constantFrom('confirmed', 'rejected'),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ cause, verdict, ...alert }) => {
        world = createWorld();
        const facts = factsFor('INC-9', alert);
        const first = await diagnosed(facts);
        world.close(factsFor('INC-1', alert), first.family, cause);
        if (first.causes[0] !== undefined) world.say('INC-1', first.causes[0].key, verdict);
        const second = await diagnosed(facts);
        for (const diagnosis of [first, second]) {
          const ids = new Set(diagnosis.evidence.map(({ id }) => id));
          expect(ids.size).toBe(diagnosis.evidence.length);
          for (const { evidenceIds, confidence } of diagnosis.causes) {
            expect(evidenceIds.length).toBeGreaterThan(0);
            for (const id of evidenceIds) expect(ids).toContain(id);
            expect(confidence > 0 && confidence <= 0.95).toBe(true);
          }
          const order = diagnosis.causes.map(({ confidence }) => confidence);
          expect(order).toEqual(order.toSorted((a, b) => b - a));
          expect(diagnosis.causes.length).toBeLessThanOrEqual(3);
          expect(diagnosis.status === 'ready').toBe(diagnosis.causes.length > 0);
        }
      }),
      { numRuns: 200 },
    );
  });
});
