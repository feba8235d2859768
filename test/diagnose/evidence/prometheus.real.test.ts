import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReader } from '../../../src/diagnose/evidence/http.ts';
import { PLANS } from '../../../src/diagnose/evidence/plans.ts';
import { LIMITS } from '../../../src/diagnose/evidence/prometheus/limits.ts';
import { createPrometheus } from '../../../src/diagnose/evidence/prometheus/prometheus.ts';
import { fill, labelled, quoted, quotedPattern, selector } from '../../../src/diagnose/evidence/promql.ts';
import type { Finding } from '../../../src/diagnose/evidence/source.ts';
import { freePort } from '../../support/free-port.ts';
import { hasProgram, startPrometheus } from '../../support/monitoring.ts';
import { type AboutOptions, MINUTE, aboutOf } from './alerted.ts';

const STEP_MS = 15_000;
/** On the minute, some hours ago: blocks hold only what is past. */
const START = Math.floor((Date.now() - 4 * 3_600_000) / MINUTE) * MINUTE;
const KILLED = START - 2 * MINUTE;
const BROKE = START - 6 * MINUTE;
const MIB = 1024 * 1024;
const POD = { namespace: 'shop', pod: 'checkout-7d9f', container: 'app' };
/** A pod called so by somebody who means ill. */
const HOSTILE = ['x"}) or vector(1) #', 'a\nb\\', '$1{pod}', '值.*'];

let seed = 7;
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

/** From two hours before the start until ten minutes after it, and the same hours of the day before. */
const times = (): readonly number[] => {
  const all: number[] = [];
  for (const base of [START - 24 * 3_600_000, START]) {
    for (let at = base - 2 * 3_600_000; at <= base + 10 * MINUTE; at += STEP_MS) all.push(at);
  }
  return all;
};

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: (at: number) => number;
  }[];
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const named = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

function openMetrics(families: readonly Family[]): string {
  const lines = families.flatMap(({ name, type, series }) => [
    `# TYPE ${type === 'counter' ? name.replace(/_total$/, '') : name} ${type}`,
    ...series.flatMap(({ labels, value }) =>
      times().map((at) => `${name}{${named(labels)}} ${value(at)} ${at / 1000}`),
    ),
  ]);
  return `${lines.join('\n')}\n# EOF\n`;
}

/** Flat until half an hour before the kill, then up to the limit, then dead and small again. */
function memory(at: number): number {
  const noise = random() * 4 * MIB;
  if (at < KILLED - 30 * MINUTE) return 400 * MIB + noise;
  return at < KILLED
    ? 400 * MIB + ((at - KILLED + 30 * MINUTE) / (30 * MINUTE)) * 620 * MIB + noise
    : 120 * MIB + noise;
}

/** Requests counted at some rate, another one from `BROKE` on. */
const counted = (before: number, after: number) => (at: number) => {
  const since = (at - (START - 26 * 3_600_000)) / 1000;
  return Math.round(before * since + (at > BROKE ? ((after - before) * (at - BROKE)) / 1000 : 0));
};

const volume = (name: string) => ({
  labels: { namespace: name === 'wal' ? 'storage' : 'shop', persistentvolumeclaim: name },
  value: () => 4e10,
});

const families: readonly Family[] = [
  {
    name: 'container_memory_working_set_bytes',
    type: 'gauge',
    series: [
      { labels: POD, value: memory },
      { labels: { ...POD, pod: 'payment-1' }, value: () => 300 * MIB + random() * MIB },
    ],
  },
  {
    name: 'kube_pod_container_status_restarts_total',
    type: 'counter',
    series: [{ labels: POD, value: (at) => (at >= KILLED ? 4 : 3) }],
  },
  {
    name: 'http_requests_total',
    type: 'counter',
    series: [
      { labels: { namespace: 'shop', service: 'checkout', status: '200' }, value: counted(50, 30) },
      { labels: { namespace: 'shop', service: 'checkout', status: '500' }, value: counted(0.1, 20) },
    ],
  },
  {
    name: 'redis_connected_clients',
    type: 'gauge',
    series: [
      {
        labels: { namespace: 'shop', service: 'redis' },
        value: (at) => (at >= BROKE ? 0 : 80 + Math.round(random() * 4)),
      },
    ],
  },
  ...Array.from({ length: 60 }, (_, index): Family => ({
    name: `checkout_noise_${index}`,
    type: 'gauge',
    series: ['checkout', 'payment', 'redis'].map((service) => ({
      labels: { namespace: 'shop', service, pod: `${service}-7d9f` },
      value: () => 100 * (index + 1) + random() * 20,
    })),
  })),
  // A volume elsewhere that ran full, and one that has been full since yesterday.
  {
    name: 'kubelet_volume_stats_available_bytes',
    type: 'gauge',
    series: [
      {
        labels: { namespace: 'storage', persistentvolumeclaim: 'wal' },
        value: (at) => (at < START - 12 * 3_600_000 ? 3e10 : Math.max(0, Math.min(3e10, (BROKE - at) * 1e4))),
      },
      { labels: { namespace: 'shop', persistentvolumeclaim: 'old' }, value: () => 4096 },
      { labels: { namespace: 'shop', persistentvolumeclaim: 'roomy' }, value: () => 3e10 },
    ],
  },
  { name: 'kubelet_volume_stats_capacity_bytes', type: 'gauge', series: ['wal', 'old', 'roomy'].map(volume) },
  { name: 'hostile', type: 'gauge', series: HOSTILE.map((pod) => ({ labels: { pod }, value: () => 1 })) },
];

describe.skipIf(!hasProgram('prometheus') || !hasProgram('promtool'))('with Debian’s Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-promql-'));
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;

  beforeAll(async () => {
    const port = await freePort();
    const data = join(folder, `prometheus-${port}`);
    mkdirSync(data, { recursive: true });
    writeFileSync(join(folder, 'history.txt'), openMetrics(families));
    const made = spawnSync('promtool', [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      join(folder, 'history.txt'),
      join(data, 'tsdb'),
    ]);
    if (made.status !== 0) throw new Error(`promtool: ${made.stderr.toString()}`);
    const nobody = '127.0.0.1:9';
    prometheus = await startPrometheus({ folder, port, exporter: nobody, alertmanager: nobody, alertname: 'X' });
  });
  afterAll(async () => {
    await prometheus?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const reader = () => createReader({ name: 'prometheus', base: prometheus.url, fetch, timeoutMs: 10_000 });
  const findings = async (options: AboutOptions): Promise<readonly Finding[]> =>
    createPrometheus({ reader: reader() }).collect(
      aboutOf({ startedAt: START, now: START + 5 * MINUTE, ...options }),
      AbortSignal.timeout(20_000),
    );
  const about = (all: readonly Finding[], words: RegExp): Finding => {
    const found = all.find(({ title, text }) => words.test(`${title}\n${text}`));
    if (found === undefined)
      throw new Error(`nothing says ${words}:\n${all.map(({ title, text }) => `${title}\n${text}`).join('\n')}`);
    return found;
  };

  it('sees a pod’s memory grow to its limit and the kill', async () => {
    const all = await findings({
      labels: {
        alertname: 'KubePodOOMKilled',
        severity: 'critical',
        ...POD,
        job: 'kube-state-metrics',
        instance: '10.0.0.1:8080',
      },
      family: 'oom',
    });
    expect(all.filter(({ failed }) => failed)).toEqual([]);
    const memoryFinding = about(all, /^Memory of the containers/);
    expect(memoryFinding.text).toMatch(/container="app"/);
    const drop = /dropped from (10\d\d|1\.0\d) (?:MiB|GiB) to 12\d(?:\.\d+)? MiB at (\S+Z)/.exec(memoryFinding.text);
    expect(Math.abs(Date.parse(drop?.[2] ?? '') - KILLED)).toBeLessThanOrEqual(MINUTE);
    expect(memoryFinding.text).toMatch(/grew steadily until then by 1\.\d+ GiB an hour/);
    expect(memoryFinding.series?.[0]?.points.length).toBeGreaterThan(30);
    expect(memoryFinding.series?.[0]?.points.length).toBeLessThanOrEqual(60);
    expect(memoryFinding.url).toContain(`${prometheus.url}/graph?g0.expr=`);
    expect(about(all, /^Container restarts/).text).toMatch(/last 1\.\d+|last 1;/);
  });

  it('finds the step of an error rate within a step of its time, and what else changed in the namespace', async () => {
    const expression =
      'sum by (service) (rate(http_requests_total{status="500"}[2m])) / sum by (service) (rate(http_requests_total[2m])) > 0.05';
    const all = await findings({
      labels: { alertname: 'CheckoutSomethingOdd', severity: 'critical', namespace: 'shop', service: 'checkout' },
      generatorUrl: `http://prometheus.example.com/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`,
    });
    expect(all.filter(({ failed }) => failed)).toEqual([]);
    const own = about(all, /^The alert’s own expression/);
    expect(own.text).toMatch(/holds for 1 series at .*; threshold > 0\.05/);
    expect(own.text).toMatch(/the same hours of the day before: 0\.00\d+ to 0\.00\d+/);
    const rise = /rose from about (\S+) to about (\S+) at (\S+Z)/.exec(own.text);
    expect(Number(rise?.[1])).toBeLessThan(0.01);
    expect(Math.abs(Number(rise?.[2]) - 0.4)).toBeLessThan(0.1);
    // The rate looks two minutes back.
    expect(Math.abs(Date.parse(rise?.[3] ?? '') - BROKE)).toBeLessThanOrEqual(3 * MINUTE);

    const requests = about(all, /^(?:Changed around the start · http_requests_total|Requests by status)/);
    expect(requests.text).toMatch(/status="500"/);
    const redis = about(all, /redis_connected_clients/);
    const fall = /fell from about 8\d\S* to about 0 at (\S+Z)/.exec(redis.text);
    expect(Math.abs(Date.parse(fall?.[1] ?? '') - BROKE)).toBeLessThanOrEqual(MINUTE);
    expect(all.filter(({ title }) => title.includes('noise'))).toEqual([]);
  });

  it('speaks Chinese', async () => {
    const all = await findings({ labels: { alertname: 'X', ...POD }, family: 'oom', locale: 'zh-CN' });
    expect(about(all, /^容器内存用量/).text).toMatch(/突降到 12\d(?:\.\d+)? MiB/);
  });

  it('says of an expression that the server refuses what it said', async () => {
    const all = await findings({
      labels: { alertname: 'X' },
      generatorUrl: `http://elsewhere.example/graph?g0.expr=${encodeURIComponent('sum(rate(x[5m]) > ')}`,
    });
    expect(all.filter(({ failed }) => failed)).toMatchObject([
      { text: expect.stringMatching(/answered 400: .*parse error/) },
    ]);
  });

  it('finds what ran out elsewhere, before what has long been so', async () => {
    const all = await findings({ labels: { alertname: 'ImportsFail', severity: 'critical', team: 'docs' } });
    expect(all.filter(({ failed }) => failed)).toEqual([]);
    const full = about(all, /^Near a limit · Volumes nearly full · kubelet_volume_stats_available_bytes/);
    expect(full.text).toMatch(/: 2 series\n.*persistentvolumeclaim="wal".*last 0 B.*\n.*persistentvolumeclaim="old"/);
    expect(full.text).not.toMatch(/roomy|zhiban_limit/);
    expect(full.relevance).toBeGreaterThan(0.7);
  });

  it('can be checked', async () => {
    expect(await createPrometheus({ reader: reader() }).check?.(AbortSignal.timeout(10_000), 'en-US')).toEqual([]);
  });

  it('takes every question about limits', async () => {
    const reading = reader();
    for (const { near, value } of LIMITS) {
      const series = HOSTILE.map((pod) => value(selector({ pod }))).join(' or ');
      for (const query of [near, series]) {
        const answer = await reading.post(['api', 'v1', 'query'], { form: { query } }, AbortSignal.timeout(10_000));
        expect(answer).toMatchObject({ status: 'success' });
      }
    }
  });

  it('takes every query of every plan', async () => {
    const places = [
      'pod',
      'namespace',
      'deployment',
      'host',
      'instance',
      'service',
      'job',
      'mountpoint',
      'pvc',
      'queue',
    ];
    const reading = reader();
    for (const value of ['checkout', ...HOSTILE]) {
      const subject = new Map(places.map((place) => [place, value]));
      const queries = [...PLANS.values()].flatMap(({ metrics }) =>
        metrics.map(({ query }) => fill(query, subject) ?? ''),
      );
      await Promise.all(
        [...new Set(queries)].map(async (query) => {
          const answer = await reading.post(['api', 'v1', 'query'], { form: { query } }, AbortSignal.timeout(10_000));
          expect(answer).toMatchObject({ status: 'success', data: { result: [] } });
        }),
      );
    }
  });

  it('reads hostile names as names', async () => {
    const reading = reader();
    const podsOf = async (query: string): Promise<readonly string[]> => {
      const answer = (await reading.post(
        ['api', 'v1', 'query'],
        { form: { query, time: START / 1000 } },
        AbortSignal.timeout(5000),
      )) as { readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] } };
      return answer.data.result.map(({ metric }) => metric['pod'] ?? '');
    };
    for (const pod of HOSTILE) {
      expect(await podsOf(selector({ __name__: 'hostile', pod }))).toEqual([pod]);
      expect(await podsOf(`hostile{pod=~${quotedPattern(pod)}}`)).toEqual([pod]);
      expect(await podsOf(`hostile and on (pod) ${labelled({ pod })}`)).toEqual([pod]);
      expect(await podsOf(`hostile{pod=${quoted(`${pod}!`)}}`)).toEqual([]);
    }
  });
});
