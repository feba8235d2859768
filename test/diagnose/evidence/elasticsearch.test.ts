import { afterEach, describe, expect, it } from 'vitest';
import { createElasticsearch, elasticsearchPlace } from '../../../src/diagnose/evidence/elasticsearch/elasticsearch.ts';
import { createReader } from '../../../src/diagnose/evidence/http.ts';
import type { Finding } from '../../../src/diagnose/evidence/source.ts';
import {
  type ElasticsearchSimulator,
  type ElasticsearchWorld,
  startElasticsearch,
} from '../../simulators/elasticsearch.ts';
import { MINUTE, START, aboutLabels, soon } from './about.ts';
import { createRandom, noise } from './logs/noise.ts';

const open: ElasticsearchSimulator[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function storeWith(world: ElasticsearchWorld, given: { path?: string; timeoutMs?: number } = {}) {
  const simulator = await startElasticsearch(world);
  open.push(simulator);
  const { base, ...place } = elasticsearchPlace(`${simulator.url}${given.path ?? ''}`);
  const reader = createReader({ name: 'elasticsearch', base, fetch, timeoutMs: given.timeoutMs ?? 5000 });
  return { simulator, store: createElasticsearch({ reader, ...place }) };
}

const ECS = {
  '@timestamp': 'date',
  message: 'text',
  'log.level': 'keyword',
  'kubernetes.namespace': 'keyword',
  'kubernetes.pod.name': 'keyword',
  'service.name': 'text+keyword',
} as const;

type Line = {
  readonly at: number;
  readonly text: string;
  readonly service: string;
  readonly pod: string;
  readonly level?: string;
};

const ecs = ({ at, text, service, pod, level }: Line) => ({
  '@timestamp': new Date(at).toISOString(),
  message: text,
  'kubernetes.namespace': 'shop',
  'kubernetes.pod.name': pod,
  'service.name': service,
  ...(level === undefined ? {} : { 'log.level': level }),
});

const world = (lines: readonly Line[]): ElasticsearchWorld => ({
  index: 'filebeat-8',
  mapping: ECS,
  documents: lines.map(ecs),
});
const window = { from: START - 60 * MINUTE, to: START + 3 * MINUTE };
const textOf = (findings: readonly Finding[]): string =>
  findings.map(({ title, text }) => `${title}\n${text}`).join('\n');
const pod = 'checkout-7d9f8b6c5-ax2k4';
const one = (text: string, given: Partial<Line> = {}): Line => ({
  at: START - MINUTE,
  text,
  service: 'checkout',
  pod,
  ...given,
});

const NEEDLES = [
  'ERROR could not acquire a connection: pool exhausted (active=100, idle=0, waiting=57)',
  '{"level":"error","msg":"cannot read configuration","error":"key payment.gateway is undefined"}',
  '2026-11-22 07:58:00 [错误] 证书已过期，与支付网关握手失败',
  'level=error msg="migration 0042 failed" err="column tenant_id does not exist"',
  'java.lang.OutOfMemoryError: Java heap space',
];

describe('Elasticsearch, one decisive line among 10,000', () => {
  it('is found whatever it is and wherever it lies, at least 19 times of 20', async () => {
    const random = createRandom(11);
    let found = 0;
    const rounds = 8;
    for (let round = 0; round < rounds; round++) {
      const needle = NEEDLES[round % NEEDLES.length] ?? '';
      const at = START - 10 * MINUTE + random() * 11 * MINUTE;
      const { store } = await storeWith(world([...noise(10_000, { seed: round, ...window }), one(needle, { at })]));
      const findings = await store.collect(aboutLabels({ namespace: 'shop', service: 'checkout' }), soon());
      if (textOf(findings.slice(0, 6)).includes(needle.slice(-40))) found += 1;
    }
    expect(found / rounds).toBeGreaterThanOrEqual(0.95);
  });

  it('an old noise is never called new', async () => {
    const { store } = await storeWith(world(noise(20_000, { seed: 5, ...window })));
    const findings = await store.collect(aboutLabels({ namespace: 'shop', service: 'checkout' }), soon());
    expect(findings.length).toBeGreaterThan(3);
    expect(textOf(findings)).not.toContain('far more frequent');
  });
});

describe('Elasticsearch', () => {
  it('takes the level from its field, and adds the error that is attached', async () => {
    const mapping = { ...ECS, 'error.message': 'text' } as const;
    const documents = [
      { ...ecs(one('payment declined', { level: 'ERROR' })), 'error.message': 'gateway said 402' },
      ecs(one('GET /error 200', { level: 'info' })),
    ];
    const { store } = await storeWith({ index: 'logs-x', mapping, documents });
    const [first] = await store.collect(aboutLabels({ namespace: 'shop', pod }), soon());
    expect(first).toMatchObject({
      source: 'elasticsearch',
      title: 'Log · error ×1 · payment declined · gateway said 402',
      at: START - MINUTE,
    });
    expect(first?.query).toContain('POST /logs-*,filebeat-*,logstash-*/_search');
  });

  it('reads other layouts: Fluent Bit with exact fields, and documents that nest', async () => {
    const mapping = {
      '@timestamp': 'date',
      log: 'keyword',
      'kubernetes.namespace_name': 'keyword',
      'kubernetes.pod_name': 'keyword',
      level: 'long',
    } as const;
    const documents = [
      {
        '@timestamp': START - MINUTE,
        log: 'FATAL no space left on device',
        'kubernetes.namespace_name': 'shop',
        'kubernetes.pod_name': pod,
        level: 60,
      },
    ];
    const { store, simulator } = await storeWith({ index: 'logstash-1', mapping, documents });
    expect(textOf(await store.collect(aboutLabels({ namespace: 'shop', deployment: 'checkout' }), soon()))).toContain(
      'no space left',
    );
    simulator.fault = ({ body }) =>
      body.includes('"sort"')
        ? {
            body: {
              hits: {
                hits: [
                  {
                    sort: [START],
                    _source: { log: 'ERROR nested', kubernetes: { pod_name: 'p-1', namespace_name: 'shop' } },
                  },
                ],
              },
            },
          }
        : undefined;
    expect(textOf(await store.collect(aboutLabels({ namespace: 'shop', deployment: 'checkout' }), soon()))).toContain(
      'shop/p-1',
    );
  });

  it('asks the indices that the address names, else the usual ones', async () => {
    expect(elasticsearchPlace('https://u:p@es:9200/logs-*')).toEqual({
      base: 'https://u:p@es:9200/',
      indices: 'logs-*',
    });
    expect(elasticsearchPlace('https://es:9200/proxy/app-*,web-*')).toEqual({
      base: 'https://es:9200/proxy',
      indices: 'app-*,web-*',
    });
    expect(elasticsearchPlace('https://es:9200')).toEqual({ base: 'https://es:9200' });
    const { store, simulator } = await storeWith({ ...world([one('ERROR a')]), index: 'app-1' }, { path: '/app-*' });
    expect(textOf(await store.collect(aboutLabels({ namespace: 'shop', pod }), soon()))).toContain('ERROR a');
    expect(new Set(simulator.asked.map(({ path }) => path.split('/')[1]))).toEqual(new Set(['app-*']));
  });

  it('says so when there are no such indices or lines', async () => {
    const { store } = await storeWith({ ...world([one('ERROR a')]), index: 'other' });
    const [only] = await store.collect(aboutLabels({ namespace: 'shop', pod }), soon());
    expect(only?.text).toBe('0 lines found between 2026-11-22T07:00:00Z and 2026-11-22T08:03:00Z');
  });

  it('finds whoever mentions a service that no field tells', async () => {
    const { store } = await storeWith({
      index: 'logs-x',
      mapping: { '@timestamp': 'date', message: 'text' },
      documents: [{ '@timestamp': START, message: 'ERROR checkout is gone' }],
    });
    expect(textOf(await store.collect(aboutLabels({ service: 'checkout' }), soon()))).toContain('checkout is gone');
  });

  it.each(['"} , {"match_all":{}', '*', '* OR *:*', '\\', 'a\nb', '}}}', '\ud800x', '_source', '$where', '__proto__'])(
    'asks only for what is called %j',
    async (hostile) => {
      const { store, simulator } = await storeWith(
        world([one('greetings from another', { service: 'secret', pod: 'other' })]),
      );
      for (const labels of [
        { pod: hostile },
        { namespace: hostile, service: hostile },
        { deployment: hostile, host: hostile },
      ]) {
        const findings = await store.collect(aboutLabels(labels, { plan: { logWords: [hostile, 'ok'] } }), soon());
        expect(textOf(findings)).not.toContain('greetings');
        expect(findings.filter(({ failed }) => failed)).toEqual([]);
      }
      for (const { path } of simulator.asked)
        expect(path).toMatch(/^\/logs-\*,filebeat-\*,logstash-\*\/_(?:search|field_caps)$/);
    },
  );
});

describe('an Elasticsearch that fails', () => {
  it.each([
    ['500', { status: 500, body: 'boom', type: 'text/plain' }, 'answered 500'],
    ['a refusal', { status: 401, body: {} }, 'ELASTICSEARCH_HEADERS'],
    ['a web page', { body: '<html>', type: 'text/html' }, 'web page'],
    ['silence', { body: '', delayMs: 3000 }, 'did not answer within'],
    ['another form', { body: { hits: 5 } }, 'no JSON'],
  ])('by %s rejects with what to do', async (_name, answer, words) => {
    const { store, simulator } = await storeWith(world([one('ERROR a')]), { timeoutMs: 200 });
    simulator.fault = () => answer;
    await expect(store.collect(aboutLabels({ namespace: 'shop', pod }), soon())).rejects.toThrow(words);
  });
});
