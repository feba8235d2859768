import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourceFailed, failureFinding, isMissing } from '../../../src/diagnose/evidence/failure.ts';
import { type ReaderOptions, createReader } from '../../../src/diagnose/evidence/http.ts';

const SECRET = 'a-token-of-the-test';
const signal = new AbortController().signal;

let url = '';
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    answer(request, response);
  });
});

beforeAll(async () => {
  // Or it hangs up on a connection just as it is used again.
  server.keepAliveTimeout = 300_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  seen.length = 0;
  answer = (_, response) => response.end('{"ok":true}');
});

const reader = (more: Partial<ReaderOptions> = {}) =>
  createReader({
    name: 'prometheus',
    base: url,
    headers: { authorization: `Bearer ${SECRET}` },
    fetch,
    timeoutMs: 60_000,
    ...more,
  });

const failure = async (work: Promise<unknown>): Promise<SourceFailed> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceFailed);
  return error as SourceFailed;
};
const says = (status: number, body: string, type = 'application/json') => {
  answer = (_, response) => response.writeHead(status, { 'content-type': type }).end(body);
};

describe('reading from a configured address', () => {
  it('asks below the configured path, with the configured headers', async () => {
    await expect(
      reader({ base: `${url}/prom/` }).get(
        ['api', 'v1', 'query'],
        { query: 'up == 0', time: 5, no: undefined },
        signal,
      ),
    ).resolves.toEqual({ ok: true });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/prom/api/v1/query?query=up+%3D%3D+0&time=5' });
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
  });

  it('posts a form or JSON', async () => {
    await reader().post(['api', 'v1', 'query'], { form: { query: '{a="b&c"}', match: ['x', 'y'] } }, signal);
    await reader().post(['_search'], { query: { size: 1 }, json: { query: {} } }, signal);
    expect(seen.map(({ method, url: path, body }) => `${method} ${path} ${body}`)).toEqual([
      'POST /api/v1/query query=%7Ba%3D%22b%26c%22%7D&match=x&match=y',
      'POST /_search?size=1 {"query":{}}',
    ]);
    expect(seen[1]?.headers['content-type']).toBe('application/json');
  });

  it('turns credentials in the address into a header and shows them nowhere', async () => {
    const base = url.replace('://', '://reader:p%40ss%25@');
    const reading = reader({ base, headers: {} });
    await reading.get(['x'], {}, signal);
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('reader:p@ss%').toString('base64')}`);
    expect(reading.link(['graph'], { 'g0.expr': 'up' }, '#top')).toBe(`${url}/graph?g0.expr=up#top`);
  });

  it('prefers configured credentials to those in the address, in whatever case', async () => {
    const base = url.replace('://', '://reader:password@');
    await reader({ base, headers: { Authorization: 'Bearer configured' } }).get(['x'], {}, signal);
    expect(seen[0]?.headers.authorization).toBe('Bearer configured');
  });

  it('never leaves its address, whatever a name says', async () => {
    const reading = reader({ base: `${url}/k8s` });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom(
            '..',
            '.',
            '',
            '%2e%2e',
            '//evil.example',
            'http://evil.example/',
            '@evil.example',
            '?x',
            '#x',
          ),
        ),
        async (name) => {
          seen.length = 0;
          const outcome = await reading.get(['pods', name], { q: name }, signal).then(
            () => 'asked',
            (error: unknown) => (error as SourceFailed).fault.kind,
          );
          const expected = outcome === 'unaskable' ? [] : [`/k8s/pods/${encodeURIComponent(name)}`];
          expect(['asked', 'unaskable']).toContain(outcome);
          expect(seen.map((one) => one.url.split('?')[0])).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
    const refused = await failure(reading.get(['pods', '..'], {}, signal));
    expect(refused.fault.kind).toBe('unaskable');
  });

  it('refuses a base that is no http address, naming the variable', () => {
    expect(() => reader({ base: 'file:///etc/passwd' })).toThrow(/PROMETHEUS_URL/);
    expect(() => reader({ base: 'prometheus:9090' })).toThrow(/http:\/\//);
  });

  it('follows no redirect', async () => {
    answer = (request, response) =>
      request.url === '/there' ? response.end('{}') : response.writeHead(302, { location: '/there' }).end();
    const { fault, message } = await failure(reader().get(['here'], {}, signal));
    expect(fault.kind).toBe('redirected');
    expect(message).toContain('PROMETHEUS_URL');
    expect(seen).toHaveLength(1);
  });

  it.each([
    [401, '{"message":"no"}', /refused us \(401\): check PROMETHEUS_HEADERS: no/],
    [403, '', /check PROMETHEUS_HEADERS$/],
    [404, '', /is the address in PROMETHEUS_URL right\?/],
    [400, '{"status":"error","error":"parse error: unexpected <by>"}', /answered 400: parse error: unexpected <by>/],
    [502, '<html><b>Bad gateway</b></html>', /answered 502$/],
    [200, '<!doctype html><title>Sign in</title>', /web page/],
    [200, 'up 1', /no JSON/],
  ])('says what %i %s means', async (status, body, words) => {
    says(status, body);
    const { message } = await failure(reader().get(['x'], {}, signal));
    expect(message).toMatch(words);
  });

  it('repeats no credentials that a server repeats', async () => {
    says(403, `{"message":"bad token ${SECRET} for https://u:pw@host/x, Bearer ${SECRET}"}`);
    const { message } = await failure(reader().get(['x'], {}, signal));
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain('pw');
  });

  it('reads no more than it may', async () => {
    answer = (_, response) => {
      const more = (): void =>
        void (response.write('x'.repeat(4096)) ? setImmediate(more) : response.once('drain', more));
      response.on('close', () => response.removeAllListeners('drain'));
      more();
    };
    const { fault } = await failure(reader({ maxBytes: 10_000 }).get(['x'], {}, signal));
    expect(fault).toEqual({ kind: 'too_large', limitBytes: 10_000 });
    const text = await reader({ maxBytes: 10_000 }).text(['x'], {}, signal);
    expect([text.text.length, text.cut]).toEqual([10_000, true]);
  });

  it('gives up when the time is over, also in the middle of an answer', async () => {
    answer = () => undefined;
    expect((await failure(reader({ timeoutMs: 60 }).get(['x'], {}, signal))).message).toMatch(/within 0\.1 s/);
    answer = (_, response) => void response.write('{"a":');
    expect((await failure(reader({ timeoutMs: 60 }).get(['x'], {}, signal))).fault.kind).toBe('timeout');
    const stop = new AbortController();
    const asked = reader().get(['x'], {}, stop.signal);
    stop.abort();
    expect((await failure(asked)).fault.kind).toBe('aborted');
  });

  it('names what cannot be reached', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const { message } = await failure(reader({ base: `http://127.0.0.1:${port}` }).get(['x'], {}, signal));
    expect(message).toMatch(/cannot be reached \(ECONNREFUSED\): check PROMETHEUS_URL/);
  });

  it('tells a missing thing from other failures', async () => {
    says(404, '{"message":"pods \\"x\\" not found"}');
    expect(isMissing(await failure(reader().get(['x'], {}, signal)))).toBe(true);
    says(500, '{}');
    expect(isMissing(await failure(reader().get(['x'], {}, signal)))).toBe(false);
  });
});

describe('a failure as evidence', () => {
  const about = { now: 5 } as const;

  it('says in both languages who did not answer', () => {
    const error = new SourceFailed('loki', { kind: 'timeout', afterMs: 8000 });
    expect(failureFinding('loki', error, { ...about, locale: 'en-US' }, '{app="x"}')).toMatchObject({
      failed: true,
      at: 5,
      query: '{app="x"}',
      text: expect.stringContaining('Loki did not answer within 8 s'),
    });
    expect(failureFinding('loki', error, { ...about, locale: 'zh-CN' }).text).toContain('Loki 在 8 秒内没有回答');
  });

  it('cleans what an unknown error says', () => {
    const { text } = failureFinding('mcp:x', new Error('bad\n\u001B[31m http://u:pw@h/'), {
      ...about,
      locale: 'en-US',
    });
    expect(text).toBe('mcp:x could not be asked: bad [31m http://h/');
    expect(failureFinding('mcp:x', 'thrown', { ...about, locale: 'en-US' }).text).toBe('mcp:x could not be asked');
  });
});
