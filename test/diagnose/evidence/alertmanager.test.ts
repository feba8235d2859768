import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAlertmanager } from '../../../src/diagnose/evidence/alertmanager/alertmanager.ts';
import { createReader } from '../../../src/diagnose/evidence/http.ts';
import { MINUTE, STARTED, aboutOf } from './alerted.ts';

let url = '';
let firing: readonly unknown[] = [];
const asked: URL[] = [];
const server = createServer((request, response) => {
  const address = new URL(request.url ?? '', 'http://here');
  asked.push(address);
  const filter = address.searchParams.get('filter');
  response.end(JSON.stringify(filter === null ? firing : firing.slice(-1)));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => (asked.length = 0));

const alert = (labels: Readonly<Record<string, string>>, minutes = -3, summary = '') => ({
  labels: { severity: 'critical', ...labels },
  annotations: summary === '' ? {} : { summary },
  startsAt: new Date(STARTED + minutes * MINUTE).toISOString(),
});
const OURS = {
  alertname: 'CheckoutSlow',
  severity: 'critical',
  namespace: 'shop',
  service: 'checkout',
  pod: 'checkout-1',
};
const collect = async (
  labels: Readonly<Record<string, string>> = OURS,
  locale: 'zh-CN' | 'en-US' = 'en-US',
  maxBytes?: number,
) =>
  createAlertmanager({
    reader: createReader({
      name: 'alertmanager',
      base: `${url}/am`,
      fetch,
      timeoutMs: 60_000,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    }),
  }).collect(aboutOf({ labels, locale }), AbortSignal.timeout(60_000));

describe('what else fires', () => {
  it('is told nearest first, without our own', async () => {
    firing = [
      alert({ alertname: 'Unrelated', namespace: 'billing' }),
      alert({ alertname: 'NamespaceQuota', namespace: 'shop' }, -600),
      alert({ alertname: 'RedisDown', namespace: 'shop', service: 'redis' }, -4, 'Redis does not answer'),
      alert(OURS, 0),
      alert({ alertname: 'CheckoutErrors', namespace: 'shop', service: 'checkout' }, 2),
    ];
    const found = await collect();
    expect(found.map(({ title }) => title)).toEqual([
      'Also firing · CheckoutErrors',
      'Also firing · RedisDown',
      'Also firing · NamespaceQuota',
      'Other firing alerts',
    ]);
    expect(found[1]?.text).toBe(
      '1 firing since 2026-03-04T08:56:00Z (4 min before the start); shares namespace="shop"\n' +
        '{severity="critical", namespace="shop", service="redis"} Redis does not answer',
    );
    expect(found[3]?.text).toBe('1 more fire that share no telling label with this incident: Unrelated ×1');
    expect(found[0]?.url).toBe(`${url}/am#/alerts`);
    const relevances = found.map(({ relevance = 0 }) => relevance);
    expect(relevances).toEqual(relevances.toSorted((a, b) => b - a));
    expect(asked.map(({ pathname, search }) => pathname + search)).toEqual([
      '/am/api/v2/alerts?active=true&silenced=false&inhibited=false&unprocessed=false',
    ]);
  });

  it('is one fact per name, however many', async () => {
    firing = Array.from({ length: 300 }, (_, index) =>
      alert({ alertname: 'PodDown', namespace: 'shop', pod: `p${index}` }),
    );
    const found = await collect();
    expect(found).toHaveLength(2);
    expect(found[0]?.text).toMatch(/^300 firing since .*\n297 more$/s);
    expect(found[0]?.cut).toBe(true);
    expect(found[1]?.text).toBe('nothing else fires');
  });

  it('is a fact too when it is nothing', async () => {
    firing = [alert(OURS, 0)];
    expect(await collect()).toMatchObject([{ text: 'nothing fires but this incident' }]);
    expect(await collect(OURS, 'zh-CN')).toMatchObject([{ title: '其他正在响的告警', text: '除本故障外没有告警在响' }]);
  });

  it('shares nothing with another alert out of the same exporter', async () => {
    const exporter = { job: 'kube-state-metrics', instance: '10.0.0.1:8080', service: 'kube-state-metrics' };
    firing = [alert({ alertname: 'Other', namespace: 'billing', pod: 'b', ...exporter })];
    const found = await collect({ alertname: 'X', namespace: 'shop', pod: 'p', ...exporter });
    expect(found.map(({ title }) => title)).toEqual(['Other firing alerts']);
  });

  it('asks for the nearest label alone when the list is too large, quoted', async () => {
    firing = Array.from({ length: 200 }, () => alert({ alertname: 'Storm', pod: 'x' }));
    const pod = 'a"} , b="\n';
    const found = await collect({ ...OURS, pod }, 'en-US', 4000);
    expect(asked.map(({ searchParams }) => searchParams.get('filter'))).toEqual([
      null,
      String.raw`pod="a\"} , b=\"\n"`,
    ]);
    expect(found).toMatchObject([{ text: expect.stringContaining('too many fire to read them all'), cut: true }]);
  });

  it('reads what is no list of alerts as none', async () => {
    firing = [1, null, {}, { labels: {} }, { labels: { alertname: 'X' }, startsAt: 'soon' }];
    expect(await collect()).toMatchObject([{ text: 'nothing fires but this incident' }]);
  });
});
