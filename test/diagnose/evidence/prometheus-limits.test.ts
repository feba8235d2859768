import { describe, expect, it } from 'vitest';
import { createReader } from '../../../src/diagnose/evidence/http.ts';
import { LIMITS } from '../../../src/diagnose/evidence/prometheus/limits.ts';
import { createPrometheus } from '../../../src/diagnose/evidence/prometheus/prometheus.ts';
import { relationTo } from '../../../src/diagnose/evidence/prometheus/relation.ts';
import type { Finding } from '../../../src/diagnose/evidence/source.ts';
import type { Labels } from '../../../src/types.ts';
import { type AboutOptions, MINUTE, STARTED, aboutOf } from './alerted.ts';

interface Question {
  readonly path: string;
  readonly query: string;
  /** Of an instant question, ms. */
  readonly at: number;
}

interface Series {
  readonly labels: Labels;
  /** By the minutes since the start. */
  readonly value: (minute: number) => number;
}

type Answer = (question: Question) => readonly Series[] | readonly string[] | Error;

/** A Prometheus that answers as it is told, and what it was asked. */
function prometheusOf(answer: Answer) {
  const asked: Question[] = [];
  const reply = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const address = new URL(String(input));
    const params = init?.body instanceof URLSearchParams ? init.body : address.searchParams;
    const query = params.getAll('match[]').join(' ') + (params.get('query') ?? '');
    const question = { path: address.pathname, query, at: Number(params.get('time') ?? 0) * 1000 };
    asked.push(question);
    const said = answer(question);
    if (said instanceof Error) return Response.json({ status: 'error', error: said.message }, { status: 422 });
    return Response.json({ status: 'success', data: dataOf(said, question) });
  };
  return { asked, reader: createReader({ name: 'prometheus', base: 'http://p', fetch: reply, timeoutMs: 60_000 }) };
}

function dataOf(said: readonly (Series | string)[], { path, at }: Question): unknown {
  const series = said.filter((one): one is Series => typeof one !== 'string');
  if (path.endsWith('/values')) return said;
  if (path.endsWith('/query')) {
    const value = (one: Series) => [at / 1000, `${one.value((at - STARTED) / MINUTE)}`];
    return { resultType: 'vector', result: series.map((one) => ({ metric: one.labels, value: value(one) })) };
  }
  const minutes = Array.from({ length: 65 }, (_, index) => index - 60);
  const values = (one: Series) => minutes.map((minute) => [STARTED / 1000 + 60 * minute, `${one.value(minute)}`]);
  return { resultType: 'matrix', result: series.map((one) => ({ metric: one.labels, values: values(one) })) };
}

const collect = async (answer: Answer, options: AboutOptions) => {
  const { asked, reader } = prometheusOf(answer);
  const found = await createPrometheus({ reader }).collect(aboutOf(options), AbortSignal.timeout(60_000));
  return { found, asked };
};

const isLimits = ({ query }: Question): boolean => query.includes('zhiban_limit');
const isYesterday = ({ at }: Question): boolean => at < STARTED - 12 * 60 * MINUTE;
const tagged = (metric: string, labels: Labels): Labels => ({ ...labels, zhiban_limit: metric });
const limits = (found: readonly Finding[]): readonly Finding[] =>
  found.filter(({ title }) => title.startsWith('Near a limit'));

const INODES = 'node_filesystem_files_free';
const FULL_DISK = { instance: 'ingest-7:9100', mountpoint: '/spool' };

describe('what is near a limit anywhere', () => {
  it('is asked in two questions, and followed from before the start', async () => {
    const falling = (minute: number): number => Math.max(0, -1000 * (minute + 8));
    const { found, asked } = await collect(
      (question) => {
        if (isLimits(question)) {
          return isYesterday(question) ? [] : [{ labels: tagged(INODES, FULL_DISK), value: () => 0 }];
        }
        return question.query.startsWith(`${INODES}{`)
          ? [{ labels: { ...FULL_DISK, __name__: INODES }, value: falling }]
          : [];
      },
      { labels: { alertname: 'ImportsRefused', team: 'docs' } },
    );
    const [full, ...others] = limits(found);
    expect(others).toEqual([]);
    expect(full).toMatchObject({
      title: `Near a limit · Inodes nearly used up · ${INODES}`,
      query: `${INODES}{instance="ingest-7:9100",mountpoint="/spool"}`,
    });
    expect(full?.text).toMatch(/: 1 series\n.*last 0; .*falls? steadily/s);
    expect(full?.relevance).toBeGreaterThan(0.6);
    expect(asked.filter(isLimits)).toHaveLength(2);
    expect(asked).toHaveLength(3);
  });

  it('is worth little when it stood so the day before, and is never left out for that', async () => {
    const labels = { instance: 'far-away:9100' };
    const { found } = await collect(
      (question) => {
        const value = (): number => 42;
        if (isLimits(question)) return [{ labels: tagged('node_timex_offset_seconds', labels), value }];
        return question.query.includes('node_timex') ? [{ labels, value }] : [];
      },
      { labels: { alertname: 'LoginsFail', service: 'portal' } },
    );
    expect(limits(found)).toMatchObject([{ relevance: 0.3 }]);
    expect(limits(found)[0]?.text).toContain('and so it was the day before');
  });

  it('is news when since yesterday nothing is left of it', async () => {
    const labels = { instance: 'https://pay.example' };
    const left = (minute: number): number => -60 * (minute + 3);
    const { found } = await collect(
      (question) => {
        if (isLimits(question)) return [{ labels: tagged('probe_ssl_earliest_cert_expiry', labels), value: left }];
        return question.query.includes('probe_ssl') ? [{ labels, value: left }] : [];
      },
      { labels: { alertname: 'NothingArrives' } },
    );
    expect(limits(found)[0]?.text).not.toContain('the day before');
    expect(limits(found)[0]?.relevance).toBeGreaterThan(0.75);
  });

  it('shows of many alike those that the alert points to', async () => {
    const host = (name: string) => ({ instance: `${name}:9100` });
    const all = [...Array.from({ length: 30 }, (_, index) => host(`a${index}`)), host('portal-2')];
    const { found, asked } = await collect(
      (question) =>
        isLimits(question)
          ? all.map((labels) => ({ labels: tagged('node_timex_offset_seconds', labels), value: () => 3 }))
          : [],
      { labels: { alertname: 'LoginsFail', service: 'portal' } },
    );
    expect(limits(found)[0]?.text).toContain(': 31 series');
    const followed = asked.find(({ query }) => query.startsWith('node_timex_offset_seconds{'))?.query;
    expect(followed?.split(' or ')).toHaveLength(4);
    expect(followed).toContain('{instance="portal-2:9100"}');
  });

  it('is told alike in whatever order the server lists it', async () => {
    const all = Array.from({ length: 9 }, (_, index) => ({ instance: `n${index}` }));
    const answer =
      (order: readonly Labels[]): Answer =>
      ({ query }) =>
        query.includes('zhiban_limit') ? order.map((labels) => ({ labels: tagged('up', labels), value: () => 0 })) : [];
    const [one, other] = [await collect(answer(all), {}), await collect(answer(all.toReversed()), {})];
    expect(limits(one.found)).toEqual(limits(other.found));
  });

  it('is followed for the four most telling kinds at most', async () => {
    const { found, asked } = await collect(
      (question) =>
        isLimits(question)
          ? LIMITS.map(({ id }) => ({
              labels: tagged(id, { instance: id === 'up' ? 'portal-1' : 'x' }),
              value: () => 0,
            }))
          : [],
      { labels: { alertname: 'X', service: 'portal' } },
    );
    expect(limits(found)).toHaveLength(4);
    expect(limits(found)[0]?.title).toContain('up');
    const followed = LIMITS.filter(({ metric }) => asked.some(({ query }) => query.startsWith(`${metric}{instance`)));
    expect(followed).toHaveLength(4);
  });

  it('puts strange labels into the following question as values only', async () => {
    const hostile = { instance: 'a"} or vector(1) #', 'bad name': 'x' };
    const { asked } = await collect(
      (question) => (isLimits(question) ? [{ labels: tagged('up', hostile), value: () => 0 }] : []),
      {},
    );
    expect(asked.map(({ query }) => query)).toContain(String.raw`up{instance="a\"} or vector(1) #"}`);
  });

  it('is one failure when it cannot be asked', async () => {
    const { found } = await collect((question) => (isLimits(question) ? new Error('too expensive') : []), {});
    expect(found).toMatchObject([{ failed: true, text: 'Prometheus answered 422: too expensive' }]);
  });
});

describe('whether a series is about what the alert names', () => {
  const about = aboutOf({ labels: { alertname: 'Late parcels on belt-9', app: 'cart', namespace: 'shop' } });
  it.each([
    [{ instance: 'cart-02:9100' }, true],
    [{ instance: 'https://cart.example' }, true],
    [{ instance: 'cartography-1:9100' }, false],
    [{ namespace: 'shop', persistentvolumeclaim: 'data-0' }, true],
    [{ instance: 'belt-9:9100' }, true],
    [{ instance: '9:9100' }, false],
    [{ job: 'cart', instance: 'x' }, false],
  ] as const)('%j: %s', (labels, expected) => {
    expect(relationTo(about, labels)).toBe(expected);
  });
});

const step = (minute: number): number => (minute < -4 ? 10 + (minute % 2) : 300);

describe('where the first series lead', () => {
  it('is the node of the pod, by itself and by what runs on it', async () => {
    const { found, asked } = await collect(
      ({ path, query }) => {
        if (query.includes('kube_pod_info')) return [{ labels: { node: 'n-4' }, value: () => 1 }];
        const isNode = query.includes('node="n-4"') && query.includes('instance=~"n-4(:[0-9]+)?"');
        if (path.endsWith('/values')) return isNode ? ['node_vmstat_pswpin'] : ['quiet'];
        return isNode && !query.startsWith('count')
          ? [{ labels: { __name__: 'node_vmstat_pswpin' }, value: step }]
          : [];
      },
      { labels: { alertname: 'X', namespace: 'shop', pod: 'cart-1' } },
    );
    expect(asked.map(({ query }) => query)).toContain(
      'count by (node) (last_over_time(kube_pod_info{namespace="shop",pod="cart-1"}[1h]))',
    );
    expect(found.map(({ title }) => title)).toEqual(['Changed around the start · node_vmstat_pswpin']);
  });

  it('is no machine when pods run on many', async () => {
    const { asked } = await collect(
      ({ path, query }) => {
        if (path.endsWith('/values')) return [];
        return query.includes('kube_pod_info')
          ? ['a', 'b', 'c'].map((node) => ({ labels: { node }, value: () => 1 }))
          : [];
      },
      { labels: { alertname: 'X', namespace: 'shop', deployment: 'cart' } },
    );
    expect(asked.filter(({ query }) => query.includes('node="a"'))).toEqual([]);
  });

  it('is the namespace that they name when the alert names none', async () => {
    const { found } = await collect(
      ({ path, query }) => {
        const isWide = query.includes('namespace="shop"');
        if (path.endsWith('/values')) return isWide ? ['redis_evicted_keys'] : ['cart_size'];
        if (query.startsWith('count')) return [];
        if (isWide) return [{ labels: { __name__: 'redis_evicted_keys', namespace: 'shop' }, value: step }];
        return query.startsWith('{__name__=~"cart_size"')
          ? [{ labels: { __name__: 'cart_size', namespace: 'shop' }, value: () => 5 }]
          : [];
      },
      { labels: { alertname: 'X', app: 'cart' } },
    );
    expect(found.map(({ title }) => title)).toEqual(['Changed around the start · redis_evicted_keys']);
  });
});

describe('what did not change', () => {
  it('is told of the signals by which a service is judged', async () => {
    const calm = ['cart:errors:ratio', 'cart_latency_p99', 'cart_cache_size'];
    const { found } = await collect(
      ({ path, query }) => {
        if (path.endsWith('/values')) return calm;
        if (!query.startsWith('{__name__')) return [];
        return calm.map((name) => ({ labels: { __name__: name, service: 'cart' }, value: () => 0.2 }));
      },
      { labels: { alertname: 'Complaints', service: 'cart' } },
    );
    expect(found).toMatchObject([{ title: 'Did not change around the start', relevance: 0.3 }]);
    expect(found[0]?.query).toBe('{__name__=~"cart:errors:ratio|cart_latency_p99",service="cart"}');
    expect(found[0]?.text.split('\n')).toHaveLength(2);
  });
});
