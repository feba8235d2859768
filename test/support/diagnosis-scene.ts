import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs, Locale } from '../../src/types.ts';
import { type LokiSimulator, startLoki } from '../simulators/loki.ts';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type Served, serve } from '../simulators/serve.ts';
import { type AppUnderTest, openApp } from './app.ts';

const MINUTE = 60_000;
const MODEL = 'qwen3-32b';
/** What links show; calls go to the loopback. */
const METRICS = 'http://prometheus.example.com';
const EXPRESSION =
  'sum(rate(http_requests_total{service="checkout",code=~"5.."}[5m])) / sum(rate(http_requests_total{service="checkout"}[5m])) > 0.05';
const POOL = 'HikariPool-1 - Connection is not available, request timed out after 30000ms';

export interface SceneAlert {
  readonly alertname: string;
  readonly namespace: string;
  readonly service: string;
  readonly summary: string;
  /** It tells the expression that it was made by. */
  readonly measured?: true;
}

/** The server among a log store, metrics, a change and runbooks, with a model that cites what it was shown. */
export interface Scene {
  readonly app: AppUnderTest;
  readonly model: OpenAiSimulator;
  /** An alert, minutes after it began; resolves to its incident's id. */
  alert(alert: SceneAlert): Promise<string>;
  post(path: string, body: object): Promise<void>;
  close(): Promise<void>;
}

export async function openScene(locale: Locale): Promise<Scene> {
  const startedAt = Date.now() - 4 * MINUTE;
  const loki = await startLokiOf(startedAt);
  const prometheus = await startMetrics(startedAt);
  const model = await startOpenAiSimulator({ models: [MODEL] });
  const there: typeof fetch = (input, init) =>
    fetch(input instanceof Request ? input : String(input).replace(METRICS, prometheus.url), init);
  const app = await openApp(
    {
      LOCALE: locale,
      TIMEZONE: 'Asia/Shanghai',
      PUBLIC_URL: 'https://zhiban.example.com',
      PROMETHEUS_URL: METRICS,
      LOKI_URL: loki.url,
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: MODEL,
      OPENAI_TIMEOUT: '3s',
      LLM_DAILY_BUDGET: '2',
      LLM_CURRENCY: locale === 'zh-CN' ? 'CNY' : 'USD',
    },
    { fetch: there },
  );
  const runbooks = join(app.folder, 'runbooks');
  mkdirSync(runbooks, { recursive: true });
  cpSync(join(import.meta.dirname, '../../docs/examples/runbooks/checkout.md'), join(runbooks, 'checkout.md'));
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${app.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await post('/api/v1/changes', {
    service: 'checkout',
    kind: 'deploy',
    title: locale === 'zh-CN' ? '结算优惠重构' : 'Rework the discounts',
    version: 'v2.8.0',
    author: 'lin',
    at: new Date(startedAt - 3 * MINUTE).toISOString(),
  });
  const generatorURL = `${METRICS}/graph?g0.expr=${encodeURIComponent(EXPRESSION)}`;
  return {
    app,
    model,
    post,
    alert: async ({ alertname, namespace, service, summary, measured }) => {
      const labels = { alertname, severity: 'critical', service, namespace };
      const alert = { status: 'firing', labels, annotations: { summary }, startsAt: new Date(startedAt).toISOString() };
      const group = { version: '4', status: 'firing', groupLabels: { alertname, service }, commonLabels: labels };
      await post('/api/alert', {
        ...group,
        commonAnnotations: {},
        alerts: [measured === true ? { ...alert, generatorURL } : alert],
      });
      const { items } = (await app.get('/api/v1/incidents?limit=1')) as { items: readonly { id: string }[] };
      return items[0]?.id ?? '';
    },
    close: async () => {
      await app.close();
      await Promise.all([loki.close(), prometheus.close(), model.close()]);
    },
  };
}

/** Hours of quiet lines, and what came with the trouble. */
function startLokiOf(startedAt: EpochMs): Promise<LokiSimulator> {
  const quiet = Array.from({ length: 1200 }, (_, at) => ({
    at: startedAt - 180 * MINUTE + at * 9000,
    text: `INFO order ${10_000 + at} was placed in ${20 + (at % 9)} ms`,
  }));
  const loud = Array.from({ length: 41 }, (_, at) => ({
    at: startedAt - 2 * MINUTE + at * 5000,
    text: `ERROR ${POOL}`,
  }));
  const lines = [...quiet, ...loud].toSorted((a, b) => a.at - b.at);
  return startLoki([
    { labels: { namespace: 'shop', app: 'checkout', pod: 'checkout-7d9f8b6c5d-x2x4k' }, lines },
    { labels: { namespace: 'warehouse', app: 'stock', pod: 'stock-6c9d7b5f4-8kq2m' }, lines: quiet },
  ]);
}

/** One series for whatever is asked: calm, then rising from two minutes before the start. */
function startMetrics(startedAt: EpochMs): Promise<Served> {
  const valueAt = (at: EpochMs): string =>
    String(at < startedAt - 2 * MINUTE ? 0.002 : Math.min(0.31, 0.002 + ((at - startedAt) / MINUTE + 2) * 0.06));
  const metric = { service: 'checkout' };
  return serve(({ path, query, body }) => {
    const asked = body === '' ? query : new URLSearchParams(body);
    const own = asked.get('query')?.includes('"5.."') === true;
    if (path === '/api/v1/query_range' && own) {
      const [from, to, step] = ['start', 'end', 'step'].map((name) => Number.parseFloat(asked.get(name) ?? '60'));
      const values: (readonly [number, string])[] = [];
      for (let at = from ?? 0; at <= (to ?? 0); at += step ?? 60) values.push([at, valueAt(at * 1000)]);
      return { body: { status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } } };
    }
    const result = path === '/api/v1/query' && own ? [{ metric, value: [Date.now() / 1000, valueAt(Date.now())] }] : [];
    const resultType = path === '/api/v1/query' ? 'vector' : 'matrix';
    return { body: { status: 'success', data: path.startsWith('/api/v1/query') ? { resultType, result } : [] } };
  });
}
