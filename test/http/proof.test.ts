import crypto, { createHash, createHmac } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHmacSecrets } from '../../src/http/credentials.ts';
import { ALERTS, STRANGER, createEntrance, from, listening } from './app.ts';

const sign = (secret: string, body: string): string => createHmac('sha256', secret).update(body).digest('hex');
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

/** Odd white space: a signature is over these bytes, not over what JSON makes of them. */
const ODD = `  { "version" : "4",\n\t"alerts":[ {"status":"firing","labels":{"alertname":"值班 é"}} ] }\r\n`;

const keys = { ALERT_API_KEYS: ['key-current', 'key-previous'] };
const pairs = { ALERT_BASIC_AUTH: ['prom:geheim:ä', 'old:pass'] };
const secrets = { ALERT_HMAC_SECRET: ['s-current', 's-previous'] };

describe('proof of origin', () => {
  it.each([
    ['a bearer key', keys, { authorization: 'Bearer key-current' }, 200],
    ['the previous key', keys, { authorization: 'bearer key-previous' }, 200],
    ['an X-API-Key', keys, { 'x-api-key': 'key-current' }, 200],
    ['a wrong key', keys, { authorization: 'Bearer key-currenT' }, 401],
    ['the start of a key', keys, { 'x-api-key': 'key' }, 401],
    ['an empty key', keys, { 'x-api-key': '' }, 401],
    ['no key', keys, {}, 401],
    ['both keys as one', keys, { 'x-api-key': 'key-current,key-previous' }, 401],
    ['a password', pairs, { authorization: basic('prom:geheim:ä') }, 200],
    ['the previous password', pairs, { authorization: basic('old:pass') }, 200],
    ['a wrong password', pairs, { authorization: basic('prom:pass') }, 401],
    ['a user alone', pairs, { authorization: basic('prom') }, 401],
    ['no password', pairs, {}, 401],
    ['a password where only keys count', keys, { authorization: basic('x:key-current') }, 401],
    ['a key where only passwords count', pairs, { authorization: 'Bearer prom:geheim:ä'.replace('ä', 'a') }, 401],
    ['a signature', secrets, { 'x-signature': sign('s-current', ODD) }, 200],
    ['a signature as GitHub writes it', secrets, { 'x-hub-signature-256': `sha256=${sign('s-current', ODD)}` }, 200],
    [
      'a signature as Grafana writes it',
      secrets,
      { 'x-grafana-alerting-signature': sign('s-previous', ODD).toUpperCase() },
      200,
    ],
    ['a signature under another secret', secrets, { 'x-signature': sign('s-other', ODD) }, 401],
    [
      'a signature of another body',
      secrets,
      { 'x-signature': sign('s-current', JSON.stringify(JSON.parse(ODD))) },
      401,
    ],
    ['a short signature', secrets, { 'x-signature': sign('s-current', ODD).slice(0, 62) }, 401],
    ['an empty signature', secrets, { 'x-signature': '' }, 401],
    ['no signature', secrets, {}, 401],
    ['any one of several kinds', { ...keys, ...pairs, ...secrets }, { authorization: basic('old:pass') }, 200],
    ['none of several kinds', { ...keys, ...pairs, ...secrets }, { 'x-signature': sign('x', ODD) }, 401],
  ])('with %s', async (_name, config, headers, status) => {
    const { post, arrivals } = await listening({ config });
    const res = await post('/api/alert', ODD, headers);
    expect(res.status).toBe(status);
    expect(arrivals).toHaveLength(status === 200 ? 1 : 0);
  });

  it('names in a refusal what would be accepted', async () => {
    const { post } = await listening({ config: { ...keys, ...secrets } });
    const res = await post('/api/alert');
    expect(res.headers.get('www-authenticate')).toBe('Bearer');
    expect(await res.json()).toMatchObject({
      code: 401,
      data: {},
      message: expect.stringMatching(/ALERT_API_KEYS.*ALERT_HMAC_SECRET/),
    });
  });

  it('refuses a stranger before reading the body', async () => {
    const { http } = createEntrance({ config: keys });
    const { status } = await from(STRANGER, http.handler, {
      method: 'POST',
      path: '/api/alert',
      headers: { 'content-length': '5000000' },
    });
    expect(status).toBe(401);
  });
});

describe('a named integration', () => {
  const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
  const findIntegration = async (name: string) =>
    name === 'cluster-a'
      ? { name, keyHashes: [digest('key-a'), digest('key-a-old')], hmacSecrets: ['hs'], source: 'alertmanager' }
      : undefined;

  it.each([
    ['its key', '/api/alert/integration/cluster-a', { authorization: 'Bearer key-a' }, 200],
    ['its previous key', '/api/alert/integration/cluster-a', { 'x-api-key': 'key-a-old' }, 200],
    ['its signature', '/api/alert/integration/cluster-a', { 'x-signature': sign('hs', ALERTS) }, 200],
    ['the shared key', '/api/alert/integration/cluster-a', { authorization: 'Bearer key-current' }, 401],
    ['no key, on this machine', '/api/alert/integration/cluster-a', {}, 401],
    [
      'a key nobody has for a name nobody has',
      '/api/alert/integration/cluster-b',
      { authorization: 'Bearer key-a' },
      401,
    ],
    ['its key at the shared address', '/api/alert', { authorization: 'Bearer key-a' }, 401],
  ])('with %s', async (_name, path, headers, status) => {
    const used: string[] = [];
    const integrationUsed = (integration: string): void => void used.push(integration);
    const { post, arrivals } = await listening({ config: keys, findIntegration, integrationUsed });
    const res = await post(path, ALERTS, headers);
    expect(res.status).toBe(status);
    expect(used).toEqual(status === 200 ? ['cluster-a'] : []);
    expect(arrivals.map(({ alerts }) => alerts[0]?.integration)).toEqual(status === 200 ? ['cluster-a'] : []);
  });

  it('looks the same when it does not exist and when the key is wrong', async () => {
    const { post } = await listening({ findIntegration });
    const message = async (path: string) =>
      ((await (await post(path, ALERTS, { 'x-api-key': 'no' })).json()) as { message: string }).message;
    expect(await message('/api/alert/integration/cluster-a')).toBe(await message('/api/alert/integration/cluster-b'));
  });

  it('has its secret made ready for the first request alone, whatever proves the others', async () => {
    const { post } = await listening({ findIntegration });
    const made = countKeys();
    for (const headers of [{ 'x-signature': sign('hs', ALERTS) }, { 'x-api-key': 'key-a' }, { 'x-api-key': 'key-a' }]) {
      expect((await post('/api/alert/integration/cluster-a', ALERTS, headers)).status).toBe(200);
    }
    expect(made()).toBe(1);
  });

  it('is proven by the secret it has now and by no earlier one', async () => {
    const rows = { hmacSecrets: ['before'] };
    const { post } = await listening({
      findIntegration: async (name) => ({ name, keyHashes: [], ...rows }),
    });
    const signed = async (secret: string) =>
      (await post('/api/alert/integration/cluster-a', ALERTS, { 'x-signature': sign(secret, ALERTS) })).status;
    expect(await signed('before')).toBe(200);
    rows.hmacSecrets = ['after'];
    expect([await signed('before'), await signed('after')]).toEqual([401, 200]);
    rows.hmacSecrets = [];
    expect(await signed('after')).toBe(401);
  });

  it('has its secret forgotten when a thousand others came after it', () => {
    const secretOf = createHmacSecrets();
    const first = secretOf('s-0');
    for (let at = 1; at < 1000; at += 1) secretOf(`s-${at}`);
    expect(secretOf('s-0')).toBe(first);
    secretOf('s-1000');
    expect(secretOf('s-0')).not.toBe(first);
  });
});

/** Counts the HMAC keys that are made from now on. */
function countKeys(): () => number {
  const make = crypto.createSecretKey;
  let made = 0;
  const replace = (by: typeof make): void => {
    crypto.createSecretKey = by;
    syncBuiltinESMExports();
  };
  const counting = (...given: unknown[]) => {
    made += 1;
    return Reflect.apply(make, crypto, given);
  };
  replace(counting as typeof make);
  onTestFinished(() => replace(make));
  return () => made;
}

describe('ALLOWED_IPS', () => {
  const config = { ...keys, ALLOWED_IPS: ['10.0.0.0/8', '2001:db8::/32', '198.51.100.7'] };
  const send = (peer: string, headers: Record<string, string> = {}, trust: readonly string[] = []) =>
    from(peer, createEntrance({ config: { ...config, TRUST_PROXY: trust } }).http.handler, {
      method: 'POST',
      path: '/api/alert',
      body: ALERTS,
      headers: { 'x-api-key': 'key-current', ...headers },
    });

  it.each([
    ['10.1.2.3', 200],
    ['::ffff:10.1.2.3', 200],
    ['2001:db8::7', 200],
    ['198.51.100.7', 200],
    ['198.51.100.8', 403],
    ['::ffff:11.0.0.1', 403],
    ['not an address', 403],
  ])('decides about %s as %i', async (peer, status) => {
    const answered = await send(peer);
    expect(answered.status).toBe(status);
    expect(answered.text.includes('IP not allowed')).toBe(status === 403);
  });

  it('is checked as well as the credential', async () => {
    expect((await send('10.1.2.3', { 'x-api-key': 'wrong' })).status).toBe(401);
  });

  it.each([
    ['a forged header, no proxy trusted', STRANGER, '10.1.2.3', [], 403],
    ['a header of a trusted proxy', '192.0.2.1', '10.1.2.3', ['192.0.2.0/24'], 200],
    ['a header of another than the trusted proxy', STRANGER, '10.1.2.3', ['192.0.2.0/24'], 403],
    ['a forged first hop through a trusted proxy', '192.0.2.1', `10.1.2.3, ${STRANGER}`, ['192.0.2.0/24'], 403],
    ['two trusted proxies', '192.0.2.1', '10.1.2.3, 192.0.2.9', ['192.0.2.0/24'], 200],
    ['nonsense from a trusted proxy', '192.0.2.1', '10.1.2.3, nonsense', ['192.0.2.0/24'], 403],
  ])('goes by the real sender: %s', async (_name, peer, forwarded, trust, status) => {
    expect((await send(peer, { 'x-forwarded-for': forwarded }, trust)).status).toBe(status);
  });

  it('takes X-Real-IP from a trusted proxy only', async () => {
    expect((await send('192.0.2.1', { 'x-real-ip': '10.1.2.3' }, ['192.0.2.1'])).status).toBe(200);
    expect((await send(STRANGER, { 'x-real-ip': '10.1.2.3' }, ['192.0.2.1'])).status).toBe(403);
  });
});
