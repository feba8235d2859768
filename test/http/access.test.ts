import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Guard } from '../../src/http/ports.ts';
import { ALERTS, STRANGER, createEntrance, from, listening } from './app.ts';

const mount = (path: string, guard: Guard) => ({
  path,
  guard,
  handler: ((_req, res) => res.end('reached')) as import('express').RequestHandler,
});
const mounts = [
  mount('/api/v1', 'admin'),
  mount('/playground', 'admin'),
  mount('/lark/event', 'own'),
  mount('/hook', 'own-listed'),
];

const LOCAL = { host: 'localhost:8080' };
const concrete = (path: string): string => path.replace(':source', 'alertmanager').replace(':name', 'cluster-a');
const method = (methods: readonly string[]): string => (methods[0] === '*' ? 'GET' : (methods[0] ?? 'GET'));

describe('without credentials', () => {
  const { http } = createEntrance({ mounts });
  const closed = http.routes.filter(({ guard }) => guard !== 'open' && guard !== 'own' && guard !== 'own-listed');

  it('serves a known list of routes, each with its guard', () => {
    expect(http.routes.map(({ path, guard }) => `${guard} ${path}`)).toEqual([
      'alerts /api/alert',
      'alerts /api/alert/:source',
      'alerts /api/alert/integration/:name',
      'alerts /api/v2/alerts',
      'alerts /api/alert/api/v2/alerts',
      'open /healthz',
      'open /readyz',
      'metrics /metrics',
      'admin /api/v1',
      'admin /playground',
      'own /lark/event',
      'own-listed /hook',
    ]);
  });

  it.each(closed)('a stranger gets 401 at $path that names what to set', async ({ methods, path }) => {
    for (const headers of [{}, LOCAL]) {
      const answered = await from(STRANGER, http.handler, {
        method: method(methods),
        path: concrete(path),
        headers,
        body: ALERTS,
      });
      expect(answered.status).toBe(401);
      expect(answered.text).toMatch(/ADMIN_TOKEN|METRICS_TOKEN|ALERT_API_KEYS|zhiban integrations/);
      expect(answered.text).not.toContain('reached');
    }
  });

  it.each(closed)('a proxy on this machine does not open $path', async ({ methods, path }) => {
    for (const header of [
      'x-forwarded-for',
      'X-Forwarded-Proto',
      'forwarded',
      'X-Real-IP',
      'Via',
      'CF-Connecting-IP',
    ]) {
      const headers = { ...LOCAL, [header]: '127.0.0.1' };
      expect(
        (
          await from('127.0.0.1', http.handler, {
            method: method(methods),
            path: concrete(path),
            headers,
            body: ALERTS,
          })
        ).status,
      ).toBe(401);
    }
  });

  it.each(['/healthz', '/readyz'])('a stranger sees %s', async (path) => {
    expect((await from(STRANGER, http.handler, { path })).status).toBe(200);
  });

  it('finds nothing elsewhere', async () => {
    for (const path of [
      '/',
      '/api',
      '/api/alert/integration',
      '/api/alert/a/b',
      '/..%2f',
      '/%00',
      '/%E0',
      '//metrics',
    ]) {
      const answered = await from(STRANGER, http.handler, { path });
      expect([400, 401, 404, 405], `${path} ${answered.status}`).toContain(answered.status);
      expect(JSON.parse(answered.text)).toMatchObject({ code: answered.status, data: {} });
    }
  });
});

describe('a person’s browser', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const refusalPage: import('express').RequestHandler = (_req, res) => void res.type('html').send('<h1>why</h1>');
  const { http, lines } = createEntrance({ mounts, refusalPage });
  const ask = (path: string, headers: Record<string, string>, verb = 'GET') =>
    from(STRANGER, http.handler, { path, headers, method: verb });

  it('that may not come in is shown why, with the status, the header and the log line of every refusal', async () => {
    const { status, headers, text } = await ask('/playground', browser);
    expect([status, headers['www-authenticate'], text]).toEqual([401, 'Bearer', '<h1>why</h1>']);
    expect(lines.at(-1)).toMatchObject({ action: 'request_refused', status: 401, code: 'unauthorized' });
  });

  it.each([
    ['/playground', {}, 'GET'],
    ['/api/v1', { accept: 'application/json' }, 'GET'],
    ['/playground', { accept: 'text/event-stream' }, 'GET'],
    ['/playground', { ...browser }, 'POST'],
    ['/metrics', { ...browser }, 'GET'],
  ])('is told from API clients: %s %j %s gets JSON', async (path, headers, verb) => {
    const answered = await ask(path, headers, verb);
    expect(JSON.parse(answered.text)).toMatchObject({ code: 401, data: {} });
  });
});

describe('the loopback rule', () => {
  it('keeps out a proxy that hides behind our own address and is known only by its old protocol', async () => {
    const { port } = await listening({ mounts });
    const ask = async (version: string) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      socket.write(`GET /metrics HTTP/${version}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
      return (await once(socket, 'data')).join('').slice(9, 12);
    };
    expect([await ask('1.0'), await ask('1.1')]).toEqual(['401', '200']);
  });

  const { http } = createEntrance({ mounts });
  const status = async (peer: string, headers: Record<string, string>) =>
    (await from(peer, http.handler, { path: '/api/v1', headers })).status;

  it.each([
    ['127.0.0.1', { host: '127.0.0.1' }],
    ['::ffff:127.0.0.1', LOCAL],
    ['::1', { host: '[::1]:8080' }],
    ['127.0.0.1', { ...LOCAL, origin: 'http://localhost:8080' }],
    ['127.0.0.1', { ...LOCAL, origin: 'http://zhiban.example.com' }],
  ])('lets %s in with %j', async (peer, headers) => {
    expect(await status(peer, headers)).toBe(200);
  });

  it.each([
    ['an address of the network', '192.168.1.5', LOCAL],
    ['a name of somebody else (DNS rebinding)', '127.0.0.1', { host: 'evil.example.com' }],
    ['a name that begins like ours', '127.0.0.1', { host: 'localhost.evil.example.com' }],
    ['our public name', '127.0.0.1', { host: 'zhiban.example.com' }],
    ['a page of somebody else', '127.0.0.1', { ...LOCAL, origin: 'https://evil.example.com' }],
    ['a page of another local server', '127.0.0.1', { ...LOCAL, origin: 'http://localhost:3000' }],
    ['a sandboxed page', '127.0.0.1', { ...LOCAL, origin: 'null' }],
    ['an address that begins like loopback', '1127.0.0.1', LOCAL],
  ])('keeps out %s', async (_name, peer, headers) => {
    expect(await status(peer, headers)).toBe(401);
  });
});

describe('ADMIN_TOKEN and METRICS_TOKEN', () => {
  const tokens = { ADMIN_TOKEN: 'admin-token', METRICS_TOKEN: 'metrics-token' };
  const entrance = (session: boolean) =>
    createEntrance({ config: tokens, mounts, hasSession: () => session, loginPath: '/login' });
  const ask = (
    path: string,
    headers: Record<string, string> = {},
    options: { method?: string; session?: boolean; peer?: string } = {},
  ) =>
    from(options.peer ?? STRANGER, entrance(options.session ?? false).http.handler, {
      path,
      headers,
      method: options.method ?? 'GET',
    });

  it.each([
    ['/api/v1', 'admin-token', 200],
    ['/api/v1', 'metrics-token', 401],
    ['/api/v1', 'admin-toke', 401],
    ['/api/v1', '', 401],
    ['/metrics', 'metrics-token', 200],
    ['/metrics', 'admin-token', 200],
    ['/metrics', 'other', 401],
  ])('at %s decide about "%s" as %i', async (path, token, status) => {
    expect((await ask(path, { authorization: `Bearer ${token}` })).status).toBe(status);
  });

  it('are needed on this machine too once they are set', async () => {
    expect((await ask('/api/v1', LOCAL, { peer: '127.0.0.1' })).status).toBe(401);
  });

  it('may be replaced by a session, which changes things only from a page of ours', async () => {
    expect((await ask('/api/v1', {}, { session: true })).status).toBe(200);
    const post = (headers: Record<string, string>) => ask('/api/v1', headers, { session: true, method: 'POST' });
    expect((await post({ origin: 'http://zhiban.example.com' })).status).toBe(200);
    expect((await post({ origin: 'https://evil.example.com' })).status).toBe(401);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(401);
  });

  it('lead a browser to the login page and tell a script what to send', async () => {
    const page = await ask('/playground', { accept: 'text/html,*/*' });
    expect([page.status, page.headers['location']]).toEqual([302, '/login']);
    expect((await ask('/api/v1', { accept: 'application/json' })).text).toContain('ADMIN_TOKEN');
  });

  it('do not stand before handlers that prove the sender themselves, but ALLOWED_IPS may', async () => {
    expect((await ask('/lark/event')).text).toBe('reached');
    const { http } = createEntrance({ mounts, config: { ALLOWED_IPS: ['10.0.0.0/8'] } });
    expect((await from(STRANGER, http.handler, { path: '/hook/app/1' })).status).toBe(403);
    expect((await from('10.0.0.1', http.handler, { path: '/hook/app/1' })).text).toBe('reached');
  });
});
