import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import {
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
  request as httpRequest,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/console/api/routes.ts';
import { ALERT_ROUTES } from '../../src/http/alert-routes.ts';
import { type Running, SERVER_READY, startProgram } from '../support/process.ts';

const SRC = join(import.meta.dirname, '..', '..', 'src');
const TOKENS = { ADMIN_TOKEN: 'an-admin-token-of-the-test', ALERT_API_KEYS: 'an-alert-key-of-the-test' };
const HEALTH = ['/healthz', '/readyz'];
/** Where people without a session prove who they are; their looks and nothing else come along. */
const SIGN_IN = ['/login', '/logout', '/assets/'];

interface Address {
  readonly method: string;
  readonly path: string;
}

/** Every address there is: the tables, and whatever any file of ours gives to a router by name. */
function addresses(): readonly Address[] {
  const registered = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const found = readFileSync(join(SRC, file), 'utf8').matchAll(
        /\b(?:router|app|own)(?:\.(get|post|put|patch|delete|all|use))?\(\s*'(\/[^']*)'/g,
      );
      const below = file.startsWith(join('console', 'api')) ? '/api/v1' : '';
      return [...found].map(([, verb = 'get', path = '']) => ({ method: verb, path: `${below}${path}` }));
    });
  const own = ['/healthz', '/readyz', '/metrics', '/api/v1', '/'].map((path) => ({ method: 'get', path }));
  const alerts = ALERT_ROUTES.flatMap(({ methods, path }) => methods.map((method) => ({ method, path })));
  const rest = ROUTES.map(({ method, path }) => ({ method, path: `/api/v1${path}` }));
  return [...own, ...alerts, ...rest, ...registered].map(({ method, path }) => ({
    method: method === 'all' || method === 'use' ? 'GET' : method.toUpperCase(),
    path: path
      .replace('/:version', '/any/base.css')
      .replace(/:source/, 'alertmanager')
      .replaceAll(/:\w+/g, 'x'),
  }));
}

const stranger = Object.values(networkInterfaces())
  .flat()
  .find((one) => one !== undefined && !one.internal && one.family === 'IPv4')?.address;

describe.each([
  ['nothing configured', {}],
  ['tokens configured', TOKENS],
])('without credentials, %s', (name, environment) => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-strangers-'));
  let server: Running;
  const closing: Server[] = [];

  beforeAll(async () => {
    server = await startProgram(
      join(SRC, 'main.ts'),
      { DATA_DIR: folder, HOST: '0.0.0.0', PORT: '0', LOCALE: 'en-US', ...environment },
      { ready: SERVER_READY },
    );
  });
  afterAll(async () => {
    for (const proxy of closing) proxy.close();
    await server?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Addresses that answered anything but a refusal; even "not found" would mean that somebody was let in to look. */
  const answering = async (base: string): Promise<readonly string[]> => {
    const all = addresses();
    expect(all.length).toBeGreaterThan(50);
    const answered = new Set<string>();
    for (const { method, path } of all) {
      const body = method === 'GET' ? {} : { body: '{"alerts":[]}', headers: { 'content-type': 'application/json' } };
      const response = await fetch(`${base}${path}`, { method, redirect: 'manual', ...body });
      await response.arrayBuffer();
      if (response.status !== 401 && response.status !== 403) answered.add(path);
    }
    const signIn = name === 'tokens configured' ? SIGN_IN : [];
    return [...answered].filter((path) => !signIn.some((start) => path.startsWith(start)));
  };

  it('answers a person on this machine, so that what follows means something', async () => {
    const local = await fetch(`http://127.0.0.1:${server.port}/api/v1/incidents`, {
      headers: { authorization: `Bearer ${TOKENS.ADMIN_TOKEN}` },
    });
    expect(local.status).toBe(200);
  });

  it.skipIf(stranger === undefined && process.env['CI'] === undefined)(
    'only health answers a peer from the network',
    async () => {
      expect(await answering(`http://${stranger}:${server.port}`)).toEqual(HEALTH);
    },
  );

  it.each([
    ['keeps the Host it was asked for', true],
    ['names its upstream as Host', false],
  ])('only health answers through a proxy on this machine that %s', async (_words, keepsHost) => {
    const proxy = await startProxy(server.port, keepsHost);
    closing.push(proxy);
    expect(await answering(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)).toEqual(HEALTH);
  });
});

/** Forwards everything, and says for whom, as nginx and Caddy do. */
async function startProxy(upstream: number, keepsHost: boolean): Promise<Server> {
  const proxy = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { host, connection: _hop, ...headers } = request.headers;
    const forwarded = httpRequest(
      {
        host: '127.0.0.1',
        port: upstream,
        method: request.method,
        path: request.url,
        headers: {
          ...headers,
          host: keepsHost ? host : `127.0.0.1:${upstream}`,
          'x-forwarded-for': request.socket.remoteAddress ?? '',
        },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}
