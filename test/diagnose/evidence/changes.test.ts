import { describe, expect, it } from 'vitest';
import { createChangesSource } from '../../../src/diagnose/evidence/changes.ts';
import type { About } from '../../../src/diagnose/evidence/source.ts';
import { subjectOf } from '../../../src/diagnose/subject.ts';
import type { NewChange } from '../../../src/incident/change.ts';
import { createFakeChanges } from '../../support/changes.ts';
import { NOW, factsFor } from '../world.ts';

const MINUTE = 60_000;
const START = NOW - 10 * MINUTE;

const LABELS = { alertname: 'HighErrorRate', service: 'checkout', namespace: 'shop', env: 'prod', cluster: 'c1' };

function aboutOf(labels: Readonly<Record<string, string>> = LABELS, more: Partial<About> = {}): About {
  const facts = factsFor('INC-1', { labels, annotations: { summary: '5xx on checkout after calls to pay-gateway' } });
  const [alert] = facts.alerts;
  return {
    facts,
    family: '',
    plan: { metrics: [], logWords: [], kubernetes: [], probe: false },
    subject: subjectOf(alert ?? { title: '', labels: {} }),
    startedAt: START,
    now: NOW,
    locale: 'en-US',
    ...more,
  };
}

const change = (service: string, minutesBefore: number, more: Partial<NewChange> = {}): NewChange => ({
  at: START - minutesBefore * MINUTE,
  kind: 'deploy',
  service,
  title: `${service} changed`,
  source: 'api',
  labels: {},
  ...more,
});

async function collect(changes: readonly NewChange[], about: About = aboutOf()) {
  const store = createFakeChanges(() => NOW);
  for (const one of changes) await store.record(one);
  return createChangesSource({ changes: store }).collect(about, AbortSignal.timeout(60_000));
}

const titles = async (...given: Parameters<typeof collect>) => (await collect(...given)).map(({ title }) => title);

describe('changes as evidence', () => {
  it('say how long before or after the start they were made, in both languages', async () => {
    const changes = [
      change('checkout', 3),
      change('checkout', 0.5, { kind: 'config' }),
      change('checkout', 100, { kind: 'scale' }),
      change('checkout', -4, { kind: 'feature_flag' }),
    ];
    expect(await titles(changes)).toEqual([
      'Configuration change · checkout · less than 1 min before the start',
      'Release · checkout · 3 min before the start',
      'Scaling · checkout · 1 h 40 min before the start',
      'Feature flag · checkout · 4 min after the start',
    ]);
    expect(await titles(changes, aboutOf(LABELS, { locale: 'zh-CN' }))).toEqual([
      '配置变更 · checkout · 开始前不到 1 分钟',
      '发布 · checkout · 开始前 3 分钟',
      '扩缩容 · checkout · 开始前 1 小时 40 分钟',
      '功能开关 · checkout · 开始后 4 分钟',
    ]);
  });

  it('also tell of the last one of each kind that was made to the same service days before', async () => {
    const day = 24 * 60;
    const changes = [
      change('checkout', 6 * day, { kind: 'config', title: 'move the nightly cleaning to the new scheduler' }),
      change('checkout', 8 * day, { kind: 'config', title: 'an older one' }),
      change('checkout', 5 * 60 + 20),
      change('checkout', 20 * day, { kind: 'infra' }),
      change('search', 3 * day),
      change('checkout', 2 * day, { kind: 'infra', environment: 'staging' }),
    ];
    const found = await collect(changes);
    expect(found.map(({ title }) => title)).toEqual([
      'Release · checkout · 5 h 20 min before the start',
      'Configuration change · checkout · 6 days before the start',
    ]);
    expect(found.at(-1)?.text).toContain('nightly cleaning');
    expect((await collect([...changes, change('search', 90)])).map(({ relevance = 1 }) => relevance < 0.35)).toEqual([
      true,
      true,
      true,
    ]);
    expect(await titles(changes, aboutOf(LABELS, { locale: 'zh-CN' }))).toContain('配置变更 · checkout · 开始前 6 天');
  });

  it('bring the words, the version, the person, the link and the time, and blame nobody', async () => {
    const [found] = await collect([
      change('checkout', 3, {
        title: 'Raise the pool to 50',
        version: 'v2.3.1',
        author: 'lin',
        environment: 'production',
        source: 'gitlab',
        url: 'https://ci.example/1',
        labels: { commit: 'abc' },
      }),
    ]);
    expect(found).toMatchObject({ source: 'changes', at: START - 3 * MINUTE, url: 'https://ci.example/1' });
    expect(found?.text.split('\n')).toEqual([
      'Raise the pool to 50',
      'version v2.3.1 · environment production · by lin · told by gitlab',
      'same service as the alert',
      'commit=abc',
    ]);
    expect(found?.range).toEqual({ from: START - 120 * MINUTE, to: NOW });
    expect(`${found?.title} ${found?.text}`).not.toMatch(/cause|because|导致|原因/);
  });

  it.each([
    ['by its name', change('checkout', 30), 'same service as the alert'],
    ['under its group', change('shop/Checkout', 30), 'same service as the alert'],
    [
      'by a label of the change',
      change('release-42', 30, { labels: { app: 'checkout' } }),
      'same service as the alert',
    ],
    ['in its words', change('pay-gateway', 30), 'the alert names this service'],
    ['by namespace', change('cart', 30, { labels: { namespace: 'shop' } }), 'same namespace as the alert'],
    ['by a label', change('cart', 30, { labels: { alertname: 'HighErrorRate' } }), 'shares labels with the alert'],
    ['by what all share', change('cart', 30, { labels: { cluster: 'c1' } }), 'another service'],
    ['by a part of a word', change('pay', 30), 'another service'],
    [
      'elsewhere',
      change('checkout', 30, { environment: 'staging' }),
      'same service as the alert · another environment',
    ],
    ['in the same environment', change('checkout', 30, { environment: 'Production' }), 'same service as the alert'],
  ])('know the alert %s', async (_name, made, words) => {
    const [found] = await collect([made]);
    expect(found?.text.split('\n')).toContain(words);
  });

  it('know a pod by its workload, and not by a longer name', async () => {
    const about = aboutOf({ alertname: 'KubePodCrashLooping', pod: 'checkout-7c9f8d-x2x1z' });
    const found = await collect(
      [change('checkout', 5), change('check', 5), change('checkout-7c9f8d-x2x1z-a', 5)],
      about,
    );
    expect(found.map(({ title, text }) => [title.split(' · ')[1], text.includes('same service')])).toEqual([
      ['checkout', true],
      ['check', false],
      ['checkout-7c9f8d-x2x1z-a', false],
    ]);
  });

  it('come from the same service first, then by closeness, then from everywhere', async () => {
    const found = await collect([
      change('cart', 1),
      change('checkout', 60),
      change('pay-gateway', 20),
      change('checkout', 2, { environment: 'staging' }),
      change('checkout', 2),
      change('network', 1, { kind: 'infra' }),
    ]);
    expect(found.map(({ title }) => title.split(' · ').slice(1).join(' '))).toEqual([
      'checkout 2 min before the start',
      'pay-gateway 20 min before the start',
      'checkout 60 min before the start',
      'network 1 min before the start',
      'checkout 2 min before the start',
      'cart 1 min before the start',
    ]);
    const relevance = found.map((one) => one.relevance ?? 0);
    expect(relevance).toEqual(relevance.toSorted((a, b) => b - a));
    expect(relevance.every((one) => one > 0 && one <= 1)).toBe(true);
  });

  it('of other services end two hours before the start, and are few; more is said to be there', async () => {
    expect(await collect([change('search', 121), change('checkout', 119)])).toHaveLength(1);
    const many = await collect(Array.from({ length: 30 }, (_, at) => change(`s${at}`, at)));
    expect([many.length, many.at(-1)?.cut, many[0]?.cut]).toEqual([8, true, undefined]);
    expect(await collect([])).toEqual([]);
  });

  it('fail as a whole when the store does', async () => {
    const broken = createChangesSource({ changes: { between: () => Promise.reject(new Error('disk')) } });
    await expect(broken.collect(aboutOf(), AbortSignal.timeout(60_000))).rejects.toThrow('disk');
  });
});
