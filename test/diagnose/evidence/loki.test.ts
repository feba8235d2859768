import { afterEach, describe, expect, it } from 'vitest';
import { createReader } from '../../../src/diagnose/evidence/http.ts';
import { createLoki } from '../../../src/diagnose/evidence/loki/loki.ts';
import type { Finding } from '../../../src/diagnose/evidence/source.ts';
import { type LokiSimulator, type LokiStream, parseLogql, startLoki } from '../../simulators/loki.ts';
import { MINUTE, START, aboutLabels, soon } from './about.ts';
import { createRandom, noise } from './logs/noise.ts';

const open: LokiSimulator[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function lokiWith(streams: readonly LokiStream[], timeoutMs = 60_000) {
  const simulator = await startLoki(streams);
  open.push(simulator);
  const reader = createReader({ name: 'loki', base: simulator.url, fetch, timeoutMs });
  return { simulator, loki: createLoki({ reader }) };
}

/** Noise by pod, with lines of one's own among it. */
function streamsOf(
  lines: readonly { at: number; text: string; service: string; pod: string }[],
): readonly LokiStream[] {
  const pods = new Map<string, { at: number; text: string }[]>();
  for (const { pod, at, text } of lines.toSorted((a, b) => a.at - b.at)) {
    const known = pods.get(pod) ?? [];
    known.push({ at, text });
    pods.set(pod, known);
  }
  return [...pods].map(([pod, own]) => ({
    labels: { namespace: 'shop', pod, app: pod.split('-')[0] ?? '' },
    lines: own,
  }));
}

const window = { from: START - 60 * MINUTE, to: START + 3 * MINUTE };
const textOf = (findings: readonly Finding[]): string =>
  findings.map(({ title, text }) => `${title}\n${text}`).join('\n');

const NEEDLES = [
  'ERROR could not acquire a connection: pool exhausted (active=100, idle=0, waiting=57)',
  '{"level":"error","msg":"cannot read configuration","error":"key payment.gateway is undefined"}',
  '2026-11-22 07:58:00 [错误] 证书已过期，与支付网关握手失败',
  'panic: runtime error: invalid memory address or nil pointer dereference',
  'level=error msg="migration 0042 failed" err="column tenant_id does not exist"',
  'FATAL: remaining connection slots are reserved for superusers',
  'java.lang.OutOfMemoryError: Java heap space',
  'E1122 07:59:00.000000       1 leaderelection.go:330] error retrieving resource lock: Unauthorized',
];

describe('Loki, one decisive line among 10,000', () => {
  it('is found whatever it is and wherever it lies, at least 19 times of 20', async () => {
    const random = createRandom(11);
    let found = 0;
    let newest = 0;
    const rounds = 12;
    for (let round = 0; round < rounds; round++) {
      const needle = NEEDLES[round % NEEDLES.length] ?? '';
      const at = START - 10 * MINUTE + random() * 11 * MINUTE;
      const all = [
        ...noise(10_000, { seed: round, ...window }),
        { at, text: needle, service: 'checkout', pod: 'checkout-7d9f8b6c5-ax2k4' },
      ];
      const { loki } = await lokiWith(streamsOf(all));
      const findings = await loki.collect(aboutLabels({ namespace: 'shop', service: 'checkout' }), soon());
      const decisive = needle.slice(-40);
      if (textOf(findings.slice(0, 6)).includes(decisive)) found += 1;
      const last = all.toSorted((a, b) => b.at - a.at).slice(0, 200);
      if (last.some(({ text }) => text.includes(decisive))) newest += 1;
    }
    expect(found / rounds).toBeGreaterThanOrEqual(0.95);
    expect(newest / rounds).toBeLessThan(0.3);
  });

  it('is found in a neighbour when the service itself only complains of it', async () => {
    const at = START - 2 * MINUTE;
    const lines = [
      ...noise(10_000, { seed: 3, ...window }),
      { at, text: 'FATAL redis: MISCONF cannot persist to disk', service: 'redis', pod: 'redis-0' },
    ];
    const { loki } = await lokiWith(streamsOf(lines));
    const findings = await loki.collect(aboutLabels({ namespace: 'shop', service: 'checkout' }), soon());
    expect(textOf(findings.slice(0, 3))).toContain('MISCONF cannot persist to disk');
  });

  it('an old noise is never called new, though the pages begin at the start', async () => {
    const { loki } = await lokiWith(streamsOf(noise(20_000, { seed: 5, ...window })));
    const findings = await loki.collect(aboutLabels({ namespace: 'shop', service: 'checkout' }), soon());
    expect(findings.length).toBeGreaterThan(3);
    expect(textOf(findings)).not.toContain('far more frequent');
  });

  it('an error that came a thousandfold with the trouble is new', async () => {
    const surge = Array.from({ length: 4000 }, (_, at) => ({
      at: START - MINUTE + at * 20,
      text: `ERROR order ${at} not stored: read-only file system`,
      service: 'checkout',
      pod: 'checkout-7d9f8b6c5-ax2k4',
    }));
    const { loki } = await lokiWith(streamsOf([...noise(10_000, { seed: 9, ...window }), ...surge]));
    const [first] = await loki.collect(aboutLabels({ namespace: 'shop', service: 'checkout' }), soon());
    expect(first?.text).toContain('read-only file system');
    expect(first?.text).toContain('new, or far more frequent');
  });
});

describe('Loki', () => {
  const one = (text: string, labels = { namespace: 'shop', pod: 'checkout-1', app: 'checkout' }): LokiStream => ({
    labels,
    lines: [{ at: START - MINUTE, text }],
  });

  it('tells what was asked, when, and whose line it was, in both languages', async () => {
    const { loki } = await lokiWith([one('ERROR no space left on device')]);
    const about = aboutLabels({ namespace: 'shop', pod: 'checkout-1' });
    const [english] = await loki.collect(about, soon());
    expect(english).toMatchObject({
      source: 'loki',
      at: START - MINUTE,
      title: 'Log · error ×1 · no space left on device',
      range: { from: START - 60 * MINUTE, to: START + 3 * MINUTE },
    });
    expect(english?.query).toContain('{namespace="shop",pod="checkout-1"}');
    expect(english?.text).toContain('shop/checkout-1');
    expect(english?.text).toContain('seen once, at 2026-11-22T07:59:00Z (1 min before the start)');
    const [chinese] = await loki.collect({ ...about, locale: 'zh-CN' }, soon());
    expect(chinese?.text).toContain('出现 1 次，在 2026-11-22T07:59:00Z (故障开始前 1 分)');
  });

  it('says so when nothing complains, and when there are no lines', async () => {
    const { loki } = await lokiWith([one('INFO all is well')]);
    const calm = (await loki.collect(aboutLabels({ namespace: 'shop', pod: 'checkout-1' }), soon())).at(-1);
    expect(calm).toMatchObject({ title: 'No errors in the logs' });
    const [none] = await loki.collect(aboutLabels({ namespace: 'other', pod: 'nobody' }), soon());
    expect(none?.text).toBe('0 lines found between 2026-11-22T07:00:00Z and 2026-11-22T08:03:00Z');
  });

  it('finds the pods of a workload that no label names, and whoever mentions one', async () => {
    const { loki } = await lokiWith([one('ERROR a', { pod: 'checkout-7d9f-x', job: 'logs' } as never)]);
    expect(textOf(await loki.collect(aboutLabels({ deployment: 'checkout' }), soon()))).toContain('ERROR a');
    const { loki: other } = await lokiWith([one('ERROR checkout is gone', { job: 'logs' } as never)]);
    expect(textOf(await other.collect(aboutLabels({ service: 'checkout' }), soon()))).toContain('checkout is gone');
  });

  it('asks for labels once in ten minutes', async () => {
    const { loki, simulator } = await lokiWith([one('ERROR a')]);
    const about = aboutLabels({ namespace: 'shop', pod: 'checkout-1' });
    await loki.collect(about, soon());
    await loki.collect(about, soon());
    await loki.collect({ ...about, now: about.now + 11 * MINUTE }, soon());
    expect(simulator.asked.filter(({ path }) => path.endsWith('/labels'))).toHaveLength(2);
  });

  it.each([
    'a"} or {x="',
    'a`|~`.*',
    '\\',
    '.*',
    'a\nb',
    '{{}}',
    '"',
    '\u0000x',
    '\\"} |= "',
    "'; drop",
    'é漢字',
    '\ud800x',
    '$1 ${x}',
  ])('asks only for what is called %j', async (hostile) => {
    const { loki, simulator } = await lokiWith([
      one('greetings from another', { namespace: 'shop', pod: 'other', app: 'secret' }),
    ]);
    for (const labels of [
      { pod: hostile },
      { namespace: hostile, service: hostile },
      { deployment: hostile, host: hostile },
    ]) {
      const about = aboutLabels(labels, { plan: { logWords: [hostile, 'ok'] } });
      const findings = await loki.collect(about, soon());
      expect(findings.filter(({ failed }) => failed)).toEqual([]);
      expect(textOf(findings)).not.toContain('greetings');
    }
    const queries = simulator.asked.flatMap(({ query }) => [...query.getAll('match[]'), ...query.getAll('query')]);
    for (const query of queries) expect(() => parseLogql(query)).not.toThrow();
  });

  it('folds what is one trace, and shows its root', async () => {
    const lines = [
      'ERROR order failed',
      'java.lang.IllegalStateException: x',
      '\tat a.B.c(B.java:1)',
      'Caused by: java.net.UnknownHostException: redis.shop',
      '\tat d.E.f(E.java:2)',
    ];
    const { loki } = await lokiWith([
      {
        labels: { namespace: 'shop', pod: 'checkout-1' },
        lines: lines.map((text, at) => ({ at: START - MINUTE + at, text })),
      },
    ]);
    expect(textOf(await loki.collect(aboutLabels({ namespace: 'shop', pod: 'checkout-1' }), soon()))).toContain(
      'UnknownHostException: redis.shop',
    );
  });
});

describe('a Loki that fails', () => {
  const about = aboutLabels({ namespace: 'shop', pod: 'checkout-1' });
  const stream = { labels: { namespace: 'shop', pod: 'checkout-1' }, lines: [{ at: START - MINUTE, text: 'ERROR a' }] };

  it.each([
    ['500', { status: 500, body: 'boom', type: 'text/plain' }, 'answered 500'],
    ['a refusal', { status: 403, body: 'no' }, 'LOKI_HEADERS'],
    ['a web page', { status: 200, body: '<html>login</html>', type: 'text/html' }, 'web page'],
    ['no JSON', { status: 200, body: 'ok' }, 'no JSON'],
    ['another form', { status: 200, body: '{"data":7}' }, 'Loki'],
    ['no answer', { delayMs: 3000, body: '' }, 'did not answer within'],
  ])('by %s rejects with what to do', async (_name, answer, words) => {
    const { loki, simulator } = await lokiWith([stream], 200);
    simulator.fault = () => answer;
    await expect(loki.collect(about, soon())).rejects.toThrow(words);
  });

  it('in one question tells so and keeps what the others brought', async () => {
    const { loki, simulator } = await lokiWith([stream]);
    simulator.fault = ({ query }) =>
      query.get('query')?.includes('(?i)') === true
        ? undefined
        : query.has('query')
          ? { status: 500, body: 'x' }
          : undefined;
    const findings = await loki.collect(about, soon());
    expect(textOf(findings)).toContain('ERROR a');
    expect(findings.filter(({ failed }) => failed)).toHaveLength(1);
  });

  it('with lines too long for one answer is asked for fewer', async () => {
    const lines = Array.from({ length: 900 }, (_, at) => ({
      at: START - MINUTE + at,
      text: `ERROR ${'x'.repeat(8000)} ${at}`,
    }));
    const { loki } = await lokiWith([{ ...stream, lines }]);
    const findings = await loki.collect(about, soon());
    expect(findings.filter(({ failed }) => failed)).toEqual([]);
    expect(findings[0]?.title).toContain('xxx');
  });

  it('that allows fewer lines at once is asked for fewer', async () => {
    const { loki, simulator } = await lokiWith([stream]);
    simulator.fault = ({ query }) =>
      Number(query.get('limit') ?? 0) > 500 ? { status: 400, body: 'max entries limit per query exceeded' } : undefined;
    const findings = await loki.collect(about, soon());
    expect(findings.filter(({ failed }) => failed)).toEqual([]);
    expect(textOf(findings)).toContain('ERROR a');
  });

  it('after the first page leaves what is known, marked as cut', async () => {
    const lines = noise(6000, { seed: 1, ...window });
    const { loki, simulator } = await lokiWith(streamsOf(lines));
    simulator.fault = ({ query }) =>
      query.get('query')?.includes('!~') === true || query.get('limit') === '1'
        ? { status: 500, body: 'x' }
        : undefined;
    const findings = await loki.collect(aboutLabels({ namespace: 'shop', service: 'checkout' }), soon());
    expect(findings[0]).toMatchObject({ cut: true });
    expect(textOf(findings)).not.toContain('far more frequent');
  });

  it('still gives lines when it knows no series', async () => {
    const { loki, simulator } = await lokiWith([stream]);
    simulator.fault = ({ path }) => (path.endsWith('/series') ? { status: 404, body: 'no' } : undefined);
    expect(textOf(await loki.collect(about, soon()))).toContain('ERROR a');
  });
});
