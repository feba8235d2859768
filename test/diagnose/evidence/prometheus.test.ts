import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReader } from '../../../src/diagnose/evidence/http.ts';
import { comparisonOf } from '../../../src/diagnose/evidence/prometheus/expression.ts';
import { courseOf } from '../../../src/diagnose/evidence/prometheus/course.ts';
import { numberIn, unitOf } from '../../../src/diagnose/evidence/prometheus/numbers.ts';
import { expressionOf } from '../../../src/diagnose/evidence/prometheus/own.ts';
import { createPrometheus } from '../../../src/diagnose/evidence/prometheus/prometheus.ts';
import { scopesOf } from '../../../src/diagnose/evidence/prometheus/scope.ts';
import { windowAround } from '../../../src/diagnose/evidence/prometheus/window.ts';
import type { Finding } from '../../../src/diagnose/evidence/source.ts';
import { type AboutOptions, MINUTE, STARTED, aboutOf } from './alerted.ts';

interface Asked {
  readonly path: string;
  readonly params: URLSearchParams;
}

let url = '';
let elsewhere = '';
let running = 0;
let most = 0;
const asked: Asked[] = [];
const strayed: string[] = [];
let answer: (one: Asked) => unknown = () => [];

const server = createServer((request, response) => {
  let body = '';
  running += 1;
  most = Math.max(most, running);
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const address = new URL(request.url ?? '', 'http://here');
    const one = { path: address.pathname, params: body === '' ? address.searchParams : new URLSearchParams(body) };
    asked.push(one);
    setTimeout(() => {
      running -= 1;
      const data = answer(one);
      const failed = data instanceof Error;
      response.writeHead(failed ? 500 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(failed ? { status: 'error', error: data.message } : { status: 'success', data }));
    }, 5);
  });
});
const stranger = createServer((request, response) => {
  strayed.push(request.url ?? '');
  response.end('{}');
});

beforeAll(async () => {
  for (const one of [server, stranger]) {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
  }
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});
afterAll(() => {
  for (const one of [server, stranger]) {
    one.close();
    one.closeAllConnections();
  }
});
beforeEach(() => {
  asked.length = 0;
  strayed.length = 0;
  most = 0;
});

const collect = async (options: AboutOptions): Promise<readonly Finding[]> =>
  createPrometheus({ reader: createReader({ name: 'prometheus', base: url, fetch, timeoutMs: 60_000 }) }).collect(
    aboutOf(options),
    AbortSignal.timeout(60_000),
  );
const queries = (): readonly string[] => asked.map(({ params }) => params.get('query') ?? params.get('match[]') ?? '');
const FULL = {
  alertname: 'X',
  namespace: 'shop',
  pod: 'checkout-7d9f',
  service: 'checkout',
  instance: '10.0.0.1:80',
  node: 'n1',
};
const matrix = (labels: Readonly<Record<string, string>>, values: readonly number[]) => ({
  resultType: 'matrix',
  result: [
    {
      metric: labels,
      values: values.map((value, index) => [STARTED / 1000 - 60 * (values.length - index), `${value}`]),
    },
  ],
});
const empty = { resultType: 'vector', result: [] };

describe('metrics out of a Prometheus', () => {
  it('asks the configured server only, whatever the alert’s link names', async () => {
    answer = ({ path }) => (path.endsWith('/values') ? [] : empty);
    const link = `${elsewhere}/graph?g0.expr=${encodeURIComponent(`up{instance="${elsewhere}"} == 0`)}`;
    await collect({ labels: { ...FULL, instance: elsewhere, runbook_url: elsewhere }, generatorUrl: link });
    expect(strayed).toEqual([]);
    expect(asked.every(({ path }) => path.startsWith('/api/v1/'))).toBe(true);
    expect(queries()).toContain(`up{instance="${elsewhere}"} == 0`);
  });

  it('asks at most twenty-four questions, four at once, each bounded in time, range and points', async () => {
    answer = ({ path }) => (path.endsWith('/values') ? ['up', 'errors_total'] : empty);
    await collect({ labels: FULL, generatorUrl: `${url}/graph?g0.expr=up+%3D%3D+0`, now: STARTED + 20 * 3_600_000 });
    expect(asked.length).toBeGreaterThan(9);
    expect(asked.length).toBeLessThanOrEqual(24);
    expect(most).toBeLessThanOrEqual(4);
    for (const { path, params } of asked.filter((one) => one.path.endsWith('query_range'))) {
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(params.get(name)));
      expect([path, ((end ?? 0) - (start ?? 0)) / (step ?? 1) <= 90, params.get('timeout')]).toEqual([
        path,
        true,
        '8s',
      ]);
    }
  });

  it('sends a hostile expression as a parameter, untouched, and gives up on taking it apart', async () => {
    answer = ({ path }) => (path.endsWith('/values') ? [] : empty);
    const hostile = 'up) or vector(1) &time=0 \n#';
    await collect({ labels: { alertname: 'X' }, generatorUrl: `${url}/graph?g0.expr=${encodeURIComponent(hostile)}` });
    expect(comparisonOf(hostile)).toBeUndefined();
    const ours = /^label_replace\(probe_ssl_/;
    expect(new Set(queries().filter((query) => !ours.test(query)))).toEqual(new Set([hostile.trim()]));
    expect(asked[0]?.params.getAll('time')).toHaveLength(1);
  });

  it('puts labels into queries as values only', async () => {
    answer = ({ path }) => (path.endsWith('/values') ? ['up', 'bad"} or vector(1)', 'x|y', ''] : empty);
    await collect({ labels: { alertname: 'X', namespace: 'a"} or vector(1) #', pod: 'b\\"\n}' } });
    const blanked = queries().map((query) => query.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""'));
    expect(blanked.length).toBeGreaterThan(3);
    for (const query of blanked) expect(query).not.toMatch(/vector|#|\\/);
    expect(queries().join('\n')).not.toContain('x|y');
  });

  it('follows the value of the expression for the alert’s own series, beside the day before', async () => {
    const labels = { namespace: 'shop', pod: 'checkout-7d9f' };
    answer = ({ path, params }) => {
      if (path.endsWith('/values')) return [];
      if (path.endsWith('/query')) return { resultType: 'vector', result: [{ metric: labels, value: [1, '0.97'] }] };
      const past = Number(params.get('end')) < STARTED / 1000 - 3600;
      return (params.get('query') ?? '').includes(' and on (')
        ? matrix(labels, past ? [0.1, 0.2] : [0.3, 0.5, 0.97])
        : empty;
    };
    const found = await collect({
      labels: { ...labels, alertname: 'Hot', severity: 'critical' },
      generatorUrl: `${elsewhere}/graph?g0.expr=usage_ratio+%3E+0.9&g0.tab=1`,
    });
    expect(found[0]).toMatchObject({
      source: 'prometheus',
      title: 'The alert’s own expression · Hot',
      query:
        '(usage_ratio) and on (namespace,pod) label_replace(label_replace(vector(1),"namespace","shop","",""),"pod","checkout-7d9f","","")',
      relevance: 0.9,
    });
    expect(found[0]?.text).toMatch(
      /^usage_ratio > 0\.9\nholds for 1 series at 2026-03-04T09:05:00Z; threshold > 0\.9\n/,
    );
    expect(found[0]?.text).toContain('last 0.97; between 0.3 and 0.97');
    expect(found[0]?.text).toContain('the same hours of the day before: 0.1 to 0.2, 0.15 on average');
    expect(found[0]?.url).toMatch(new RegExp(`^${url}/graph\\?g0\\.expr=`));
  });

  it('finds what changed among three hundred, and sums when there are too many', async () => {
    const names = Array.from({ length: 299 }, (_, index) => `quiet_${index}`);
    const flat = Array.from({ length: 60 }, (_, index) => 100 + (index % 3));
    const step = flat.map((value, index) => (index < 50 ? value : value + 900));
    answer = ({ path, params }) => {
      if (path.endsWith('/values')) return [...names, 'queue_depth'];
      const query = params.get('query') ?? '';
      if (query.startsWith('count(')) return { resultType: 'vector', result: [{ metric: {}, value: [1, '5000'] }] };
      const all = names.map((name) => matrix({ __name__: name }, flat).result[0]);
      return { resultType: 'matrix', result: [...all, ...matrix({ __name__: 'queue_depth' }, step).result] };
    };
    const found = await collect({ labels: { alertname: 'X', topic: 'orders' } });
    expect(found.map(({ title }) => title)).toEqual([
      'Changed around the start · queue_depth',
      'Changed around the start · topic="orders"',
    ]);
    expect(found[1]?.text).toBe(
      '300 of 300 series end at about 2026-03-04T08:59:00Z (1 min before the start): what serves them, or the scrape of it, stopped',
    );
    expect(found[0]?.query).toMatch(/^sum by \(__name__,[^)]*\) \(\{__name__=~"queue_depth",topic="orders"\}\)$/);
    expect(found[0]?.text).toMatch(/rose from about 101 to about 1001 at/);
  });

  it('tells of a place that fell silent although metrics of it were planned', async () => {
    const values = Array.from({ length: 50 }, () => 5);
    answer = ({ path, params }) => {
      if (path.endsWith('/values')) return Array.from({ length: 20 }, (_, index) => `m${index}`);
      const query = params.get('query') ?? '';
      if (query.includes('restarts')) return matrix({ container: 'app' }, values);
      const all = Array.from({ length: 20 }, (_, index) => matrix({ __name__: `m${index}` }, values).result[0]);
      return query.startsWith('{__name__') && query.includes('pod=') ? { resultType: 'matrix', result: all } : empty;
    };
    const found = await collect({ labels: { alertname: 'X', namespace: 'shop', pod: 'p' }, family: 'crash_loop' });
    expect(found.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^20 of 20 series end at about/));
  });

  it('says once that it is down', async () => {
    answer = () => new Error('out of memory');
    const found = await collect({ labels: FULL, generatorUrl: `${url}/graph?g0.expr=up` });
    expect(found).toMatchObject([{ failed: true, text: 'Prometheus answered 500: out of memory' }]);
  });

  it('says what it has when half of it fails', async () => {
    answer = ({ path, params }) => {
      if (path.endsWith('/values')) return new Error('no labels');
      return (params.get('query') ?? '').includes('restarts') ? matrix({ container: 'app' }, [0, 0, 1]) : empty;
    };
    const found = await collect({ labels: FULL, family: 'crash_loop', locale: 'zh-CN' });
    expect(found.map(({ failed, title }) => [failed, title])).toEqual([
      [undefined, '10 分钟内的容器重启'],
      [true, 'Prometheus 没有给出证据'],
    ]);
  });
});

describe('what an alert’s link says', () => {
  const links = (...urls: readonly string[]) => [{ links: urls.map((one) => ({ kind: 'graph', url: one }) as const) }];

  it('is its expression and nothing else', () => {
    expect(expressionOf(links('http://x/graph?g0.expr=up%3D%3D0&g0.tab=1'))).toBe('up==0');
    expect(expressionOf(links('http://x/y', 'https://x/vmalert?expr=a'))).toBe('a');
    expect(expressionOf(links('http://x/graph?g0.expr='))).toBeUndefined();
    expect(expressionOf(links(`http://x/?expr=${'a'.repeat(5000)}`))).toBeUndefined();
    expect(expressionOf([])).toBeUndefined();
  });
});

describe('where changes are looked for', () => {
  it.each([
    [
      { namespace: 'shop', pod: 'p', job: 'kube-state-metrics', instance: 'i:1' },
      ['namespace="shop",pod="p"', 'namespace="shop"'],
    ],
    [{ namespace: 'shop', deployment: 'a.b' }, [String.raw`namespace="shop",pod=~"a\\.b-.*"`, 'namespace="shop"']],
    [{ service: 'checkout', job: 'api' }, ['service="checkout"', 'job="api"']],
    [
      { service: 'kube-state-metrics', namespace: 'shop', job: 'kube-state-metrics', instance: 'i:1' },
      ['namespace="shop"'],
    ],
    [{ instance: '10.0.0.1:9100', job: 'node-exporter' }, ['instance="10.0.0.1:9100"']],
    [{ node: 'n1' }, ['instance=~"n1(:[0-9]+)?",node="n1",host="n1"']],
    [{ 主机: 'n1:9100' }, ['instance=~"n1(:[0-9]+)?",node="n1",host="n1"']],
    [
      { service: 'checkout', hostname: 'n1', namespace: 'shop', job: 'api' },
      ['service="checkout"', 'instance=~"n1(:[0-9]+)?",node="n1",host="n1"', 'namespace="shop"'],
    ],
    [{ consumergroup: 'billing', topic: 'orders' }, ['consumergroup="billing"']],
    [{}, []],
  ])('%j', (labels, scopes) => {
    expect(scopesOf(aboutOf({ labels: { alertname: 'X', ...labels } })).map((one) => one.join(','))).toEqual(scopes);
  });
});

describe('the window around the start', () => {
  it.each([0, 5, 59, 120, 10_000])('is bounded %i minutes after it', (minutes) => {
    const now = STARTED + minutes * MINUTE;
    const { from, to, stepMs } = windowAround(STARTED, now);
    expect((to - from) / stepMs).toBeLessThanOrEqual(90);
    expect((to - from) / stepMs).toBeGreaterThanOrEqual(35);
    expect(from).toBeLessThanOrEqual(STARTED - 55 * MINUTE);
    expect(to).toBe(Math.min(now, STARTED + 120 * MINUTE));
  });
});

describe('how much a course tells', () => {
  const window = { from: STARTED - 60 * MINUTE, to: STARTED + 5 * MINUTE, stepMs: MINUTE };
  const courseWith = (value: (minute: number) => number | undefined) =>
    courseOf(
      Array.from({ length: 66 }, (_, index) => [STARTED + (index - 60) * MINUTE, value(index - 60)] as const).flatMap(
        ([at, one]) => (one === undefined ? [] : [[at, one] as const]),
      ),
      window,
      STARTED,
    )?.score ?? -1;

  it('is more for large changes near the start than for small, early or no changes', () => {
    const wave = (minute: number): number => 100 + (Math.abs(minute * 7) % 5);
    const near = courseWith((minute) => wave(minute) + (minute >= -3 ? 200 : 0));
    const early = courseWith((minute) => wave(minute) + (minute >= -50 ? 200 : 0));
    const small = courseWith((minute) => wave(minute) + (minute >= -3 ? 8 : 0));
    expect(near).toBeGreaterThan(0.6);
    expect(early).toBeLessThan(near / 2);
    expect(small).toBeLessThan(near / 2);
    expect(courseWith(wave)).toBe(0);
    expect(courseWith(() => undefined)).toBe(-1);
  });

  it('is much for what appears or vanishes at the start', () => {
    expect(courseWith((minute) => (minute >= -2 ? 1 : undefined))).toBeCloseTo(0.8);
    expect(courseWith((minute) => (minute <= -2 ? 1 : undefined))).toBeCloseTo(0.7);
  });
});

describe('numbers', () => {
  it.each([
    [1_073_741_824, 'bytes', '1 GiB'],
    [0, 'bytes', '0 B'],
    [-1536, 'bytes', '-1.5 KiB'],
    [97.345, 'percent', '97.34%'],
    [0.25, 'seconds', '250 ms'],
    [7200, 'seconds', '120 min'],
    [1_209_600, 'seconds', '14 d'],
    [12.3456, 'per second', '12.35/s'],
    [123_456, undefined, '123456'],
    [12_345_678.9, undefined, '12345700'],
    [3, 'pods', '3 pods'],
  ])('%d %s', (value, unit, said) => {
    expect(numberIn(value, unit)).toBe(said);
  });

  it('have the unit of the metric’s name', () => {
    expect(['a_bytes', 'a_bytes_total', 'a_total', 'a_seconds', 'a_timestamp_seconds', 'up'].map(unitOf)).toEqual([
      'bytes',
      'bytes per second',
      'per second',
      'seconds',
      undefined,
      undefined,
    ]);
  });
});
