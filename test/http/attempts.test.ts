import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAttempts } from '../../src/http/attempts.ts';
import type { HttpConfig } from '../../src/http/ports.ts';
import { ALERTS, createEntrance, from } from './app.ts';

const CREDENTIALS: Partial<HttpConfig> = {
  ALERT_API_KEYS: ['key-of-alerts', 'key-of-others'],
  ALERT_BASIC_AUTH: ['prom:geheim'],
  ALERT_HMAC_SECRET: ['hmac-of-alerts'],
  ADMIN_TOKEN: 'admin-token',
  METRICS_TOKEN: 'metrics-token',
};
const GUESSER = '203.0.113.9';

type Send = (headers: Record<string, string>, peer?: string) => Promise<number>;

const findIntegration = async (name: string) =>
  name === 'cluster-a'
    ? { name, keyHashes: [createHash('sha256').update('key-of-a').digest('hex')], hmacSecrets: [] }
    : undefined;

function open(config: Partial<HttpConfig> = {}) {
  const { http, clock } = createEntrance({
    config: { ...CREDENTIALS, ...config },
    findIntegration,
    mounts: [{ path: '/api/v1', guard: 'admin', handler: (_req, res) => void res.end() }],
  });
  const at =
    (path: string, method = 'POST') =>
    async (headers: Record<string, string>, peer = GUESSER) => {
      const raw = { method, path, headers, ...(method === 'POST' && { body: ALERTS }) };
      const answered = await from(peer, http.handler, raw);
      retryAfter = answered.headers['retry-after'];
      return answered.status;
    };
  let retryAfter: string | undefined;
  const guess = async (send: Send, times: number, peer?: string) => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n += 1) statuses.push(await send({ authorization: `Bearer guess-${n}` }, peer));
    return statuses;
  };
  return { at, guess, clock, retryAfter: () => retryAfter };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('guessing credentials', () => {
  it.each([
    ['alerts', '/api/alert', 'POST', 'key-of-alerts'],
    ['a named integration', '/api/alert/integration/cluster-a', 'POST', 'key-of-a'],
    ['REST', '/api/v1/incidents', 'GET', 'admin-token'],
    ['metrics', '/metrics', 'GET', 'metrics-token'],
  ])('ends after twenty wrong ones in a minute at %s, even with the right one', async (_name, path, method, right) => {
    const { at, guess, clock, retryAfter } = open();
    const send = at(path, method);
    expect(await guess(send, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    clock.time += 15_000;
    expect(await send(bearer('one-more'))).toBe(429);
    expect(await send(bearer(right))).toBe(429);
    expect(retryAfter()).toBe('45');
    expect(await send(bearer(right), '203.0.113.10')).toBe(200);
    clock.time += 45_000;
    expect(await send(bearer(right))).toBe(200);
  });

  it('is one count for all entrances, kinds of credential, and addresses of one IPv6 network', async () => {
    const { at, guess } = open();
    const [alerts, rest] = [at('/api/alert'), at('/api/v1/incidents', 'GET')];
    await guess(alerts, 8, '2001:db8:0:1::1');
    await guess(rest, 8, '2001:db8:0:1::2');
    for (const headers of [
      { 'x-api-key': 'wrong' },
      { 'x-signature': 'wrong' },
      { 'x-signature': createHmac('sha256', 'wrong').update(ALERTS).digest('hex') },
      { authorization: `Basic ${Buffer.from('prom:wrong').toString('base64')}` },
    ])
      expect(await alerts(headers, '2001:db8:0:1::3')).toBe(401);
    expect(await alerts(bearer('key-of-alerts'), '2001:db8:0:1::4')).toBe(429);
    expect(await alerts(bearer('key-of-alerts'), '2001:db8:0:2::4')).toBe(200);
  });

  it.each([
    ['a key', bearer('key-of-alerts')],
    ['a password', { authorization: `Basic ${Buffer.from('prom:geheim').toString('base64')}` }],
    ['a signature', { 'x-signature': createHmac('sha256', 'hmac-of-alerts').update(ALERTS).digest('hex') }],
  ])('does not lock out whoever has proved itself by %s from there before', async (_name, headers) => {
    const { at, guess } = open();
    const send = at('/api/alert');
    expect(await send(headers)).toBe(200);
    await guess(send, 25);
    expect(await send(headers)).toBe(200);
    expect(await send(bearer('key-of-others'))).toBe(429);
  });

  it('is told of by address behind a trusted proxy', async () => {
    const { at, guess } = open({ TRUST_PROXY: ['192.0.2.1'] });
    const send = at('/api/alert');
    const through =
      (address: string): Send =>
      (headers) =>
        send({ ...headers, 'x-forwarded-for': address }, '192.0.2.1');
    await guess(through(GUESSER), 25);
    expect(await through(GUESSER)(bearer('key-of-alerts'))).toBe(429);
    expect(await through('203.0.113.10')(bearer('key-of-alerts'))).toBe(200);
  });

  it('is remembered of a bounded number of networks, the latest', () => {
    const attempts = createAttempts({ now: () => 0 }, { networkOf: ({ url = '' }) => url });
    const wrong = (url: string) => attempts.judge({ url } as IncomingMessage, undefined);
    for (let n = 0; n < 21; n += 1) wrong('first');
    expect(wrong('first')).toEqual({ afterMs: 60_000 });
    for (let n = 0; n < 5000; n += 1) wrong(`stranger-${n}`);
    expect(wrong('first')).toBe('wrong');
  });

  it('is not what somebody does who sends no credential, and never closes health', async () => {
    const { at, guess } = open();
    const send = at('/api/alert');
    for (let n = 0; n < 25; n += 1) expect(await send({})).toBe(401);
    expect(await send(bearer('key-of-alerts'))).toBe(200);
    await guess(send, 25);
    expect(await at('/healthz', 'GET')({})).toBe(200);
    expect(await at('/readyz', 'GET')({})).toBe(200);
  });
});
