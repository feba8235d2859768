import { describe, expect, it } from 'vitest';
import type { AcceptAlerts } from '../../src/incident/ports.ts';
import { ALERTS, STRANGER, createEntrance, from, listening, rawExchange } from './app.ts';

describe('health', () => {
  it('is ready with a reason for each part, and not when one fails', async () => {
    const parts = [
      { name: 'store', ok: true, reason: 'writable' },
      { name: 'routes', ok: false, reason: 'no route to lark; run zhiban bind' },
    ];
    const good = await (await listening()).get('/readyz');
    expect([good.status, await good.json()]).toMatchObject([200, { data: { parts: [parts[0]] } }]);
    const bad = await (await listening({ readiness: async () => parts })).get('/readyz');
    expect([bad.status, await bad.json()]).toMatchObject([
      503,
      { message: 'routes: no route to lark; run zhiban bind', data: { parts } },
    ]);
  });

  it('stays ready when only something minor is wrong, and says what', async () => {
    const parts = [{ name: 'targets', ok: false, reason: 'dead: ops', minor: true as const }];
    const answered = await (await listening({ readiness: async () => parts })).get('/readyz');
    expect([answered.status, await answered.json()]).toMatchObject([200, { message: 'ready, but targets: dead: ops' }]);
  });

  it('is alive whatever the parts say', async () => {
    const { get } = await listening({ readiness: () => Promise.reject(new Error('gone')) });
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(500);
  });
});

describe('pages', () => {
  it('carry a strict policy and tell nothing about the server', async () => {
    const { http } = createEntrance();
    const { headers } = await from(STRANGER, http.handler, { path: '/anything' });
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('of mounted rooms that fail are answered by the same table', async () => {
    const handler = (): never => {
      throw new Error('secret detail');
    };
    const { http, lines } = createEntrance({ mounts: [{ path: '/broken', guard: 'own', handler }] });
    const { status, text } = await from(STRANGER, http.handler, { path: '/broken' });
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(lines[0]).toMatchObject({ level: 'error', action: 'request_refused', err: { message: 'secret detail' } });
  });
});

describe('stopping', () => {
  /** `begun` when the first alert is about to be stored. */
  const withAccept = async (accept: () => ReturnType<AcceptAlerts>) => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    return { begun, ...(await listening({ accept: () => (resolve(), accept()) })) };
  };

  it('answers what was begun, says so in readyz, takes nothing new', async () => {
    let commit = (): void => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    const { http, post, url, begun } = await withAccept(async () => (await committed, { incidents: [] }));
    const pending = post('/api/alert');
    await begun;
    const closed = http.close();
    expect((await from('127.0.0.1', http.handler, { path: '/readyz' })).status).toBe(503);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
    commit();
    const res = await pending;
    expect([res.status, res.headers.get('connection')]).toEqual([200, 'close']);
    await closed;
  });

  it('cuts what hangs when the deadline passes', async () => {
    const { http, post, begun } = await withAccept(() => new Promise(() => undefined));
    const pending = post('/api/alert').catch((err: unknown) => err);
    await begun;
    await http.close(AbortSignal.timeout(100));
    expect(await pending).toBeInstanceOf(Error);
  });
});

describe('bytes that are no request', () => {
  it('get 400 and hurt nobody', async () => {
    const { port, post } = await listening();
    expect(await rawExchange(port, (send) => send('\x16\x03\x01\x02\x00nonsense\r\n\r\n'))).toMatch(/^HTTP\/1\.1 400 /);
    expect(
      await rawExchange(port, (send) =>
        send(`POST /api/alert HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
      ),
    ).toMatch(/^HTTP\/1\.1 400 /);
    expect((await post('/api/alert', ALERTS)).status).toBe(200);
  });

  it('that stop in the middle of a body leave no alert', async () => {
    const { port, arrivals, get } = await listening();
    await rawExchange(
      port,
      (send) => send(`POST /api/alert HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n${ALERTS}`),
      200,
    );
    expect((await get('/healthz')).status).toBe(200);
    expect(arrivals).toEqual([]);
  });
});

describe('listening', () => {
  it('on a port that is taken says so and what to set', async () => {
    const { port, stop } = await taken();
    const { http } = createEntrance();
    await expect(http.listen('127.0.0.1', port)).rejects.toThrow(
      `Port ${port} is taken by another program. Stop that one, or set PORT to a free one.`,
    );
    await stop();
  });

  it('on an address of another machine names HOST', async () => {
    const { http } = createEntrance();
    await expect(http.listen(STRANGER, 0)).rejects.toThrow(`HOST ${STRANGER} is no address of this machine`);
  });
});

async function taken() {
  const other = createEntrance().http;
  const { port } = await other.listen('127.0.0.1', 0);
  return { port, stop: () => other.close() };
}
