import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAi, type OpenAiOptions } from '../../../src/diagnose/providers/openai.ts';
import type { ModelFault } from '../../simulators/model-faults.ts';
import { type OpenAiOptions as Served, type OpenAiSimulator, startOpenAiSimulator } from '../../simulators/openai.ts';
import { failure, request } from './asking.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const edges = { fetch, clock: { now: () => NOW } };
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['summary'],
  properties: { summary: { type: 'string' } },
};

let simulator: OpenAiSimulator | undefined;
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

async function open(served: Served = {}, options: Partial<OpenAiOptions> = {}) {
  simulator = await startOpenAiSimulator(served);
  const model = createOpenAi({
    name: 'openai',
    baseUrl: simulator.url,
    apiKey: 'key-1',
    model: 'sim-1',
    edges,
    ...options,
  });
  return { server: simulator, model };
}

describe('what an OpenAI-compatible endpoint is asked', () => {
  it('is one streamed completion, at temperature 0, with our headers and no others', async () => {
    const { server, model } = await open();
    await model.complete(request());
    expect(server.asks[0]?.body).toEqual({
      model: 'sim-1',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      max_tokens: 1200,
      messages: [
        { role: 'system', content: 'You help.' },
        { role: 'user', content: 'Why is checkout slow?' },
      ],
    });
    const { authorization, ...headers } = server.received[0]?.headers ?? {};
    expect(authorization).toBe('Bearer key-1');
    expect(Object.keys(headers).filter((name) => /stainless|openai|x-/.test(name))).toEqual([]);
  });

  it.each([
    ['strict_schema', { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA, strict: true } }],
    ['schema', { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA } }],
    ['json_object', { type: 'json_object' }],
    ['prompt', undefined],
  ] as const)('asks for the form %s', async (format, expected) => {
    const { server, model } = await open();
    await model.complete(request({ schema: SCHEMA, format }));
    expect(server.asks[0]?.body['response_format']).toEqual(expected);
  });

  it('asks for no form without a schema', async () => {
    const { server, model } = await open();
    await model.complete(request({ format: 'json_object' }));
    expect(server.asks[0]?.body).not.toHaveProperty('response_format');
  });

  it('shows a word for a key to servers that want none', async () => {
    const { server, model } = await open({}, { apiKey: '' });
    await model.complete(request());
    expect(server.received[0]?.headers.authorization).toBe('Bearer none');
  });

  it('is untouched by the environment', async () => {
    const { server, model } = await open();
    const other = await startOpenAiSimulator();
    const planted: Record<string, string> = {
      OPENAI_BASE_URL: other.url,
      OPENAI_API_KEY: 'planted-key',
      OPENAI_ADMIN_KEY: 'planted-key',
      OPENAI_ORG_ID: 'planted-org',
      OPENAI_PROJECT_ID: 'planted-project',
      OPENAI_CUSTOM_HEADERS: 'x-planted: planted\nauthorization: Bearer planted-key',
      OPENAI_LOG: 'debug',
    };
    const printed: unknown[] = [];
    const [before, { debug, info, warn }] = [{ ...process.env }, console];
    try {
      Object.assign(process.env, planted);
      Object.assign(console, { debug: (...args: unknown[]) => void printed.push(args) });
      Object.assign(console, { info: console.debug, warn: console.debug });
      await model.complete(request());
      await model.probe(new AbortController().signal);
    } finally {
      Object.assign(console, { debug, info, warn });
      for (const name of Object.keys(planted)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
      await other.close();
    }
    expect(other.received).toEqual([]);
    expect(server.received).toHaveLength(2);
    for (const { headers } of server.received) {
      expect(headers.authorization).toBe('Bearer key-1');
      expect(JSON.stringify(headers)).not.toContain('planted');
    }
    expect(printed).toEqual([]);
  });

  it.each(['', undefined])('never goes anywhere without a base URL: %j', (baseUrl = '') => {
    const create = () => createOpenAi({ name: 'openai', baseUrl, apiKey: 'key-1', model: 'sim-1', edges });
    expect(create).toThrow('the base URL is empty');
  });

  it('refuses a key that would break a header, without repeating it', () => {
    const create = () => createOpenAi({ name: 'openai', baseUrl: 'http://x', apiKey: 'sk-1\nx: y', model: 'm', edges });
    expect(create).toThrow('the API key holds characters that no key has');
  });
});

describe('what an OpenAI-compatible endpoint does not take', () => {
  it.each([
    ['stream_options', undefined],
    ['temperature', undefined],
    ['max_tokens', 1200],
  ] as const)('is left out from then on: %s', async (field, newerLimit) => {
    const { server, model } = await open({ refuses: [field] });
    expect((await model.complete(request())).text).toMatch(/^You said/);
    await model.complete(request());
    expect(server.asks.map(({ body }) => field in body)).toEqual([true, false, false]);
    expect(server.asks[2]?.body['max_completion_tokens']).toBe(newerLimit);
  });

  it('may be several fields', async () => {
    const { server, model } = await open({ refuses: ['stream_options', 'max_tokens', 'temperature'] });
    await model.complete(request());
    expect(server.asks).toHaveLength(4);
  });

  it('may be all of them, and then it is asked no more', async () => {
    const { server, model } = await open({
      refuses: ['stream_options', 'max_tokens', 'max_completion_tokens', 'temperature'],
    });
    expect((await failure(model.complete(request()))).fault).toBe('bad_response');
    expect(server.asks.length).toBeLessThan(6);
  });

  it.each([
    ['strict_schema', 'strict', 'format_unsupported'],
    ['schema', 'json_schema', 'format_unsupported'],
    ['json_object', 'json_object', 'format_unsupported'],
    ['prompt', 'messages', 'bad_response'],
  ] as const)('is told when it is the form %s', async (format, refused, fault) => {
    const { model, server } = await open({ refuses: [refused] });
    expect((await failure(model.complete(request({ schema: SCHEMA, format })))).fault).toBe(fault);
    expect(server.asks).toHaveLength(1);
  });

  it.each([400, 404, 422, 501])('is told by status %i too, when the words fit', async (status) => {
    const { server, model } = await open();
    server.next({ refuse: { status, body: 'guided decoding with json_schema is disabled' } });
    const asked = request({ schema: SCHEMA, format: 'schema' });
    expect((await failure(model.complete(asked))).fault).toBe('format_unsupported');
  });
});

describe('what an OpenAI-compatible endpoint says', () => {
  it.each([
    ['cut inside characters and separators', { chunkBytes: 2 }],
    ['with CRLF', { crlf: true, chunkBytes: 7 }],
    ['with comments between', { pingEvery: 4, pace: 3 }],
    ['with its end before its last words', { swapEnds: true }],
    ['with thinking before it', { shape: 'think' }],
  ] as const satisfies readonly (readonly [string, ModelFault])[])('is read whole: %s', async (_how, fault) => {
    const { server, model } = await open();
    server.answer(() => ({ text: '连接池耗尽：the pool is empty', reasoning: 'secret thoughts' }));
    server.next(fault);
    const grown: string[] = [];
    const reply = await model.complete(request({ onText: (text) => grown.push(text) }));
    expect(reply.text).toBe('连接池耗尽：the pool is empty');
    expect(grown.join('')).not.toMatch(/think|Hm|secret/);
  });

  it('is handed over as it is when only its shape is odd', async () => {
    const { server, model } = await open();
    server.answer('{"summary":"full"}');
    server.next({ shape: 'fenced' }, { shape: 'double-encoded' });
    expect((await model.complete(request())).text).toContain('```json');
    expect(JSON.parse((await model.complete(request())).text)).toBe('{"summary":"full"}');
  });

  it('may be calls of tools', async () => {
    const { server, model } = await open();
    const tool = { name: 'query', description: 'Reads a metric', parameters: { type: 'object', properties: {} } };
    server.answer(() => ({
      toolCalls: [
        { name: 'query', input: { metric: '磁盘', window: '15m' } },
        { name: 'query', input: {} },
      ],
    }));
    server.next({ chunkBytes: 5 });
    const { text, toolCalls } = await model.complete(request({ tools: [tool] }));
    expect([text, toolCalls]).toEqual([
      '',
      [
        { id: 'call_sim_0', name: 'query', input: { metric: '磁盘', window: '15m' } },
        { id: 'call_sim_1', name: 'query', input: {} },
      ],
    ]);
    await model.complete(
      request({
        tools: [tool],
        messages: [
          ...request().messages,
          { role: 'assistant', text: '', toolCalls },
          { role: 'tool', callId: 'call_sim_0', name: 'query', text: '{"value":1}' },
        ],
      }),
    );
    expect(server.asks[1]?.body['tools']).toEqual([{ type: 'function', function: tool }]);
    expect(server.asks[1]?.messages.slice(2)).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: toolCalls.map(({ id, name, input }) => ({
          id,
          type: 'function',
          function: { name, arguments: JSON.stringify(input) },
        })),
      },
      { role: 'tool', content: '{"value":1}', tool_call_id: 'call_sim_0' },
    ]);
  });

  it.each([
    ['nothing', { shape: 'empty' }, 'bad_response'],
    ['thinking alone', { shape: 'think', cutAfter: 4 }, 'stream_incomplete'],
    ['cut at the output limit', { shape: 'truncated' }, 'truncated'],
    ['withheld by a filter', { finish: 'content_filter' }, 'refused'],
    ['without a reason for its end', { finish: null }, 'stream_incomplete'],
    ['ended because the server ran out', { finish: 'insufficient_system_resource' }, 'stream_incomplete'],
    ['broken off within a chunk', { cutWithin: 4 }, 'stream_incomplete'],
    ['no stream', { unstreamed: true }, 'bad_response'],
    ['a page', { html: 200 }, 'bad_response'],
  ] as const satisfies readonly (readonly [string, ModelFault, string])[])(
    'is no answer when it is %s',
    async (_what, fault, expected) => {
      const { server, model } = await open();
      server.answer('{"summary":"the pool is exhausted and that is all there is to say"}');
      server.next(fault);
      expect((await failure(model.complete(request()))).fault).toBe(expected);
    },
  );

  it.each([
    [401, { code: 'invalid_api_key' }, 'auth', 'never'],
    [402, { message: 'Insufficient Balance' }, 'quota', 'never'],
    [403, { message: 'no' }, 'auth', 'never'],
    [404, { code: 'model_not_found', message: 'no model' }, 'model_missing', 'never'],
    [404, { message: 'Not Found' }, 'misconfigured', 'never'],
    [400, { code: 'context_length_exceeded' }, 'too_long', 'never'],
    [413, { message: 'too large' }, 'too_long', 'never'],
    [400, { code: 'data_inspection_failed' }, 'refused', 'never'],
    [400, { message: 'what?' }, 'bad_response', 'never'],
    [429, { code: 'insufficient_quota', message: 'You exceeded your current quota' }, 'quota', 'never'],
    [429, { message: 'concurrency' }, 'rate_limited', 'backoff'],
    [500, { message: 'oops' }, 'unavailable', 'backoff'],
    [503, { message: 'overloaded' }, 'unavailable', 'backoff'],
  ] as const)('is understood when it is %i %j', async (status, error, fault, retry) => {
    const { server, model } = await open();
    server.next({ refuse: { status, body: { error } } });
    expect(await failure(model.complete(request()))).toMatchObject({ fault, retry });
  });

  it.each([
    ['7', 7_000],
    ['Sun, 22 Nov 2026 08:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 07:00:00 GMT', 0],
    ['99999', 3_600_000],
  ])('is waited for as it asks: Retry-After %s', async (after, afterMs) => {
    const { server, model } = await open();
    server.next({ refuse: { status: 429, body: 'slow down' }, headers: { 'retry-after': after } });
    expect(await failure(model.complete(request()))).toMatchObject({ fault: 'rate_limited', retry: { afterMs } });
  });

  it('is an error when it tells of one half-way', async () => {
    const { server, model } = await open();
    server.answer('a longer answer than one piece of it');
    server.next(
      { errorAfter: { frames: 3, error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } } },
      { errorAfter: { frames: 0, error: { message: 'engine died' } } },
    );
    expect((await failure(model.complete(request()))).fault).toBe('rate_limited');
    expect((await failure(model.complete(request()))).message).toBe(
      'the endpoint failed within its answer: engine died',
    );
  });

  it('is no answer when it is longer than any', async () => {
    const { server, model } = await open();
    server.answer('x'.repeat(200_001));
    expect((await failure(model.complete(request()))).fault).toBe('bad_response');
  });

  it('tells admins in its own words what is wrong, on one line and without markup', async () => {
    const { server, model } = await open({ models: ['other'] });
    const missing = await failure(model.complete(request()));
    expect(missing.message).toContain('The model `sim-1` does not exist');
    server.next({ html: 502 }, { refuse: { status: 500, body: 'a\n\u001b[31mb\tc'.padEnd(500, 'x') } });
    expect((await failure(model.complete(request()))).message).toBe('the endpoint answered 502: 502 Bad Gateway');
    expect((await failure(model.complete(request()))).message).toMatch(
      /^the endpoint answered 500: a \[31mb c[x]{100,160}$/,
    );
  });
});

describe('a probe of an OpenAI-compatible endpoint', () => {
  const { signal } = new AbortController();

  it('finds the model', async () => {
    const { model } = await open();
    expect(await model.probe(signal)).toEqual({ ok: true, found: 'sim-1', problems: [] });
  });

  it('says which models there are when ours is none of them', async () => {
    const { model } = await open({ models: ['a', 'b'] });
    expect((await model.probe(signal)).problems).toEqual(['the endpoint does not list the model sim-1; it has a, b']);
  });

  it('takes an endpoint without a list at its word, and says that nothing was checked', async () => {
    const { model } = await open({ unlisted: true });
    expect(await model.probe(signal)).toMatchObject({ ok: true, problems: [expect.stringContaining('such as /v1')] });
  });

  it('says what to check when the key is wrong, and does not say the key', async () => {
    const { model } = await open({ apiKey: 'key-2' });
    const { ok, problems } = await model.probe(signal);
    expect(ok).toBe(false);
    expect(problems.join()).toMatch(/401.*check the API key/);
    expect(problems.join()).not.toContain('key-1');
  });
});
