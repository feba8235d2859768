import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { ModelFailed } from '../../../src/diagnose/providers/model.ts';
import type { Deadlines } from '../../../src/diagnose/providers/watch.ts';
import { createWatchedFetch, type WatchedCall } from '../../../src/diagnose/providers/watched-fetch.ts';
import { type Loopback, startLoopback } from './loopback.ts';

const CALM: Deadlines = { firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 };

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(answer: Parameters<typeof startLoopback>[0]): Promise<Loopback> {
  server = await startLoopback(answer);
  return server;
}

interface Asked extends Partial<Deadlines> {
  readonly signal?: AbortSignal;
  readonly path?: string;
}

const text =
  (url: string) =>
  async ({ fetch }: WatchedCall): Promise<string> =>
    (await fetch(url)).text();

function ask(base: string, { signal = new AbortController().signal, path = '/x', ...limits }: Asked = {}) {
  const watched = createWatchedFetch({ fetch, baseUrl: base });
  return watched.call({ ...CALM, ...limits, signal }, text(`${watched.baseUrl}${path}`));
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof ModelFailed ? error.fault : `no ModelFailed: ${String(error)}`;
}

describe('a watched fetch', () => {
  it('hands over the answer of a server in time', async () => {
    const { url } = await open((_request, response) => response.end('hello'));
    expect(await ask(`${url}/`)).toBe('hello');
  });

  it('ends a call whose server says nothing', async () => {
    const { url } = await open(() => undefined);
    expect(await faultOf(ask(url, { firstByteMs: 60 }))).toBe('timeout_first_byte');
  });

  it('does not take headers for an answer', async () => {
    const { url } = await open((_request, response) => response.writeHead(200).flushHeaders());
    expect(await faultOf(ask(url, { firstByteMs: 60 }))).toBe('timeout_first_byte');
  });

  it('ends a call whose server falls silent in the middle', async () => {
    const { url } = await open((_request, response) => void response.writeHead(200).write('half'));
    expect(await faultOf(ask(url, { idleMs: 60 }))).toBe('timeout_idle');
  });

  it('stays as long as bytes trickle in, and not a moment longer than the whole may take', async () => {
    const { url } = await open((request, response) => {
      const timer = setInterval(() => response.write('.'), 30);
      response.on('close', () => clearInterval(timer));
      if (request.url === '/short') setTimeout(() => response.end(), 260);
    });
    expect(await ask(url, { idleMs: 120, path: '/short' })).toMatch(/^\.+$/);
    expect(await faultOf(ask(url, { idleMs: 120, totalMs: 300, path: '/long' }))).toBe('timeout_total');
  });

  it('does not blame the server for a process that stood still while the answer came', async () => {
    const { url } = await open((_request, response) => {
      response.write('first');
      setTimeout(() => response.end('second'), 40);
      const standStill = (): void => {
        for (const until = performance.now() + 300; performance.now() < until;);
      };
      setTimeout(() => setImmediate(standStill), 10);
    });
    expect(await ask(url, { idleMs: 150 })).toBe('firstsecond');
  });

  it('does not blame the server for a reader that takes its time', async () => {
    const { url } = await open((_request, response) => {
      response.write('first');
      setTimeout(() => response.end('second'), 20);
    });
    const watched = createWatchedFetch({ fetch, baseUrl: url });
    const limits = { ...CALM, idleMs: 60, signal: new AbortController().signal };
    const read = await watched.call(limits, async (call) => {
      const chunks: string[] = [];
      for await (const chunk of (await call.fetch(`${url}/x`)).body ?? []) {
        chunks.push(Buffer.from(chunk).toString());
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      return chunks.join('');
    });
    expect(read).toBe('firstsecond');
  });

  it('ends at once when nobody wants the answer any more, even if the work goes on', async () => {
    const { url } = await open(() => undefined);
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('secret reason')), 30);
    const watched = createWatchedFetch({ fetch, baseUrl: url });
    const stubborn = watched.call({ ...CALM, signal: caller.signal }, () => new Promise(() => undefined));
    // At once, or a deadline would have ended it.
    await expect(stubborn).rejects.toMatchObject({ fault: 'cancelled', message: 'the call was cancelled' });
  });

  it('asks nothing when it was cancelled before', async () => {
    const loopback = await open((_request, response) => response.end());
    expect(await faultOf(ask(loopback.url, { signal: AbortSignal.abort() }))).toBe('cancelled');
    expect(loopback.seen).toEqual([]);
  });

  it('follows no redirect', async () => {
    const loopback = await open((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await faultOf(ask(loopback.url))).toBe('misconfigured');
    expect(loopback.seen).toEqual(['GET /x']);
  });

  it('calls nothing outside its base URL', async () => {
    const loopback = await open((_request, response) => response.end('reached'));
    const watched = createWatchedFetch({ fetch, baseUrl: `${loopback.url}/v1` });
    const limits = { ...CALM, signal: new AbortController().signal };
    for (const path of ['/other', '/v1/../other', '/v10/x', '/v1'])
      expect(await faultOf(watched.call(limits, text(`${loopback.url}${path}`)))).toBe('misconfigured');
    expect(loopback.seen).toEqual([]);
    expect(await watched.call(limits, text(`${loopback.url}/v1/x`))).toBe('reached');
  });

  it('reads at most 64 KiB of an error and refuses an answer of more than 4 MiB', async () => {
    const { url } = await open((request, response) => {
      response.writeHead(request.url === '/error' ? 500 : 200);
      response.end('x'.repeat(5 * 1024 * 1024));
    });
    expect(await ask(url, { path: '/error' })).toHaveLength(64 * 1024);
    expect(await faultOf(ask(url, { path: '/long' }))).toBe('bad_response');
  });

  it('tells a broken connection from one that never was', async () => {
    const { url, close } = await open((request, response) => {
      if (request.url === '/half') response.write('half', () => request.socket.destroy());
      else request.socket.destroy();
    });
    expect(await faultOf(ask(url, { path: '/half' }))).toBe('stream_incomplete');
    expect(await faultOf(ask(url, { path: '/never' }))).toBe('unavailable');
    await close();
    await expect(ask(url)).rejects.toMatchObject({ fault: 'unavailable', retry: 'backoff' });
    await expect(ask(url)).rejects.toThrow(/^cannot reach 127\.0\.0\.1:\d+: connection refused$/);
  });

  it('turns whatever else goes wrong into a fault that quotes nothing', async () => {
    const { url } = await open((_request, response) => response.end('<html>secret</html>'));
    const watched = createWatchedFetch({ fetch, baseUrl: url });
    const limits = { ...CALM, signal: new AbortController().signal };
    const parsed = watched.call(limits, async (call) => JSON.parse(await text(`${url}/x`)(call)) as unknown);
    await expect(parsed).rejects.toMatchObject({
      fault: 'bad_response',
      message: 'the answer could not be read: SyntaxError',
    });
  });

  it("waits longer than Node's own fetch would when its deadlines are longer", async () => {
    const { url } = await open((_request, response) => setTimeout(() => response.end('late'), 1_500));
    const before = getGlobalDispatcher();
    setGlobalDispatcher(new Agent({ headersTimeout: 300, bodyTimeout: 300 }));
    try {
      const patient = { firstByteMs: 400_000, idleMs: 400_000, totalMs: 400_000 };
      const [ours, plain] = await Promise.all([ask(url, patient), faultOf(ask(url))]);
      expect([ours, plain]).toEqual(['late', 'unavailable']);
    } finally {
      setGlobalDispatcher(before);
    }
  });
});

describe('a base URL', () => {
  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['api.example.com/v1', 'is no URL'],
    ['file:///etc/passwd', 'neither http nor https'],
    ['https://user:pass@example.com/v1', 'a user or a password'],
    ['https://example.com/v1?key=1', 'a query'],
  ])('%j is refused and nothing is guessed', (baseUrl, why) => {
    const create = () => createWatchedFetch({ fetch, baseUrl });
    expect(create).toThrow(ModelFailed);
    expect(create).toThrow(why);
    expect(create).not.toThrow('pass@');
  });

  it('loses its last slashes', () => {
    expect(createWatchedFetch({ fetch, baseUrl: 'https://example.com/v1//' }).baseUrl).toBe('https://example.com/v1');
    expect(createWatchedFetch({ fetch, baseUrl: 'https://example.com' }).baseUrl).toBe('https://example.com');
  });
});
