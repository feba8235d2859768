import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { type Duplex, Writable, duplexPair } from 'node:stream';
import { onTestFinished } from 'vitest';
import { createAttempts } from '../../src/http/attempts.ts';
import { createHttp } from '../../src/http/http.ts';
import { createPeers } from '../../src/http/peer.ts';
import type { HttpConfig, HttpDeps } from '../../src/http/ports.ts';
import type { Arrival } from '../../src/incident/ports.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

export const CONFIG: HttpConfig = {
  PUBLIC_URL: 'http://zhiban.example.com',
  TRUST_PROXY: [],
  ALLOWED_IPS: [],
  ALERT_API_KEYS: [],
  ALERT_BASIC_AUTH: [],
  ALERT_HMAC_SECRET: [],
  ALERT_BOT_IDS: [],
};

export const STRANGER = '203.0.113.9';

export const ALERTS = JSON.stringify({
  version: '4',
  alerts: [{ status: 'firing', labels: { alertname: 'A', severity: 'critical' } }],
});

type Overrides = Partial<Omit<HttpDeps, 'config'>> & { readonly config?: Partial<HttpConfig> };

/** The entrance with everything behind it recorded: arrivals, log lines, a clock that stands. */
export function createEntrance(overrides: Overrides = {}) {
  const arrivals: Arrival[] = [];
  const lines: Record<string, unknown>[] = [];
  const clock = { time: 1_795_309_200_000, now: () => clock.time };
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const config = { ...CONFIG, ...overrides.config };
  const http = createHttp({
    clock,
    attempts: createAttempts(clock, createPeers(config.TRUST_PROXY, config.ALLOWED_IPS)),
    log: createLog('info', [], sink),
    metrics: createMetrics(),
    accept: async (arrival) => {
      arrivals.push(arrival);
      return { incidents: [{ id: 'INC-20261122-001' as never, status: 'open', created: true }] };
    },
    findTarget: async (chatId) => (chatId === 'oc_known' ? 'target-1' : undefined),
    findIntegration: async () => undefined,
    hasSession: () => false,
    readiness: async () => [{ name: 'store', ok: true, reason: 'writable' }],
    mounts: [],
    ...overrides,
    config,
  });
  return { http, arrivals, lines, clock };
}

/** The same, listening on a free loopback port until the test ends. */
export async function listening(overrides: Overrides = {}) {
  const entrance = createEntrance(overrides);
  const { port } = await entrance.http.listen('127.0.0.1', 0);
  onTestFinished(() => entrance.http.close(AbortSignal.timeout(100)));
  const url = `http://127.0.0.1:${port}`;
  const get = (path: string, method = 'GET') => fetch(url + path, { method });
  const post = (
    path: string,
    body: string | Buffer = ALERTS,
    headers: Record<string, string> = {},
    method: 'POST' | 'PUT' = 'POST',
  ) =>
    fetch(url + path, {
      method,
      body: new Uint8Array(Buffer.from(body)),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return { ...entrance, port, url, get, post };
}

export interface Answered {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/**
 * Sends a request over an in-memory connection whose other end says it is `peer`: Node's own parser and server run, no
 * port is opened.
 */
export function from(
  peer: string,
  handler: Parameters<typeof createServer>[1],
  raw: { method?: string; path: string; headers?: Record<string, string>; body?: string },
): Promise<Answered> {
  const [client, serverEnd] = duplexPair();
  Object.defineProperty(serverEnd, 'remoteAddress', { value: peer });
  createServer(handler).emit('connection', serverEnd);
  const { method = 'GET', path, headers = {}, body = '' } = raw;
  return new Promise((resolve, reject) => {
    const req = request(
      {
        method,
        path,
        headers: {
          host: 'zhiban.example.com',
          connection: 'close',
          'content-length': String(Buffer.byteLength(body)),
          ...headers,
        },
        createConnection: () => asSocket(client),
      },
      (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers as Record<string, string>, text }),
        );
      },
    );
    req.on('error', reject).end(body);
  });
}

/** The HTTP client asks only for a few of a socket's methods. */
const asSocket = (stream: Duplex) =>
  Object.assign(stream, {
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  }) as never;

/** Writes bytes as they are and resolves with everything that came back once the other end closes or `ms` have passed. */
export function rawExchange(
  port: number,
  write: (send: (bytes: string | Buffer) => boolean) => void,
  ms = 2000,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(done, ms);
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      done();
    });
    socket.on('connect', () => write((bytes) => socket.write(bytes)));
  });
}
