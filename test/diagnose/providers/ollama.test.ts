import { afterEach, describe, expect, it } from 'vitest';
import { createOllama, type OllamaOptions } from '../../../src/diagnose/providers/ollama.ts';
import type { ModelFault } from '../../simulators/model-faults.ts';
import { type OllamaOptions as Served, type OllamaSimulator, startOllamaSimulator } from '../../simulators/ollama.ts';
import { startLoopback } from './loopback.ts';
import { failure, request } from './asking.ts';

const edges = { fetch, clock: { now: () => Date.now() } };
const SCHEMA = { type: 'object', required: ['summary'], properties: { summary: { type: 'string' } } };

let simulator: OllamaSimulator | undefined;
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

async function open(served: Served = {}, options: Partial<OllamaOptions> = {}) {
  simulator = await startOllamaSimulator(served);
  const model = createOllama({ name: 'ollama', baseUrl: simulator.url, model: 'qwen3:8b', edges, ...options });
  return { server: simulator, model };
}

describe('what an Ollama server is asked', () => {
  it('is one chat with a fixed window that is never cut in silence', async () => {
    const { server, model } = await open();
    await model.complete(request());
    expect(server.asks[0]?.body).toEqual({
      model: 'qwen3:8b',
      stream: true,
      keep_alive: '30m',
      truncate: false,
      shift: false,
      options: { num_ctx: 16_384, num_predict: 1200, temperature: 0 },
      messages: [
        { role: 'system', content: 'You help.' },
        { role: 'user', content: 'Why is checkout slow?' },
      ],
    });
  });

  it.each([
    ['schema', SCHEMA],
    ['json_object', 'json'],
    ['prompt', undefined],
  ] as const)('asks for the form %s', async (format, expected) => {
    const { server, model } = await open();
    await model.complete(request({ schema: SCHEMA, format }));
    expect(server.asks[0]?.body['format']).toEqual(expected);
    expect(model.formats).not.toContain('strict_schema');
  });

  it.each([
    ['omit', undefined],
    [false, false],
    ['low', 'low'],
  ] as const)('tells it to think as configured: %s', async (think, expected) => {
    const { server, model } = await open({}, { think });
    await model.complete(request());
    expect(server.asks[0]?.body['think']).toBe(expected);
  });

  it('leaves room in the window for the answer', () => {
    const of = (numCtx?: number) =>
      createOllama({
        name: 'ollama',
        baseUrl: 'http://x',
        model: 'm',
        edges,
        ...(numCtx === undefined ? {} : { numCtx }),
      });
    expect(of(4_096).promptTokens + 1_200).toBeLessThanOrEqual(4_096 * 0.9);
    expect(of().promptTokens).toBe(8_000);
  });
});

describe('what an Ollama server says', () => {
  it.each([
    ['cut inside characters and lines', { chunkBytes: 2 }],
    ['with its end before its last words', { swapEnds: true }],
    ['with thinking before it', { shape: 'think' }],
    ['without a reason for its end, as older ones do', { finish: null }],
  ] as const satisfies readonly (readonly [string, ModelFault])[])('is read whole: %s', async (_how, fault) => {
    const { server, model } = await open();
    server.answer(() => ({ text: '连接池耗尽：the pool is empty', thinking: 'secret thoughts' }));
    server.next(fault);
    const grown: string[] = [];
    const reply = await model.complete(request({ onText: (text) => grown.push(text) }));
    expect(reply.text).toBe('连接池耗尽：the pool is empty');
    expect(grown.join('')).not.toMatch(/think|Hm|secret/);
  });

  it('may be calls of tools, with objects for input', async () => {
    const { server, model } = await open();
    const tool = { name: 'query', description: 'Reads a metric', parameters: { type: 'object', properties: {} } };
    server.answer(() => ({
      toolCalls: [
        { name: 'query', input: { metric: '磁盘' } },
        { name: 'query', input: {} },
      ],
    }));
    const { toolCalls } = await model.complete(request({ tools: [tool] }));
    expect(toolCalls).toEqual([
      { id: 'call_0', name: 'query', input: { metric: '磁盘' } },
      { id: 'call_1', name: 'query', input: {} },
    ]);
    const more = [
      { role: 'assistant', text: '', toolCalls: toolCalls.slice(0, 1) },
      { role: 'tool', callId: 'call_0', name: 'query', text: '1' },
    ] as const;
    await model.complete(request({ tools: [tool], messages: [...request().messages, ...more] }));
    expect(server.asks[1]?.messages.slice(2)).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'call_0', function: { name: 'query', arguments: { metric: '磁盘' } } }],
      },
      { role: 'tool', content: '1', tool_name: 'query', tool_call_id: 'call_0' },
    ]);
  });

  it.each([
    ['nothing', { shape: 'empty' }, 'bad_response'],
    ['cut at the output limit', { shape: 'truncated' }, 'truncated'],
    ['only that it is loaded', { finish: 'load' }, 'bad_response'],
    ['broken off within a line', { cutWithin: 3 }, 'stream_incomplete'],
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

  it('is a truncated one when an older server stops at the limit without a word', async () => {
    const { server, model } = await open();
    server.answer('x'.repeat(400));
    server.next({ finish: null });
    expect((await failure(model.complete(request({ maxOutputTokens: 100 })))).fault).toBe('truncated');
  });

  it.each([
    [503, 'server busy, please try again.  maximum pending requests exceeded', 'rate_limited', 'backoff'],
    [503, 'starting', 'unavailable', 'backoff'],
    [500, 'llama runner process has terminated', 'unavailable', 'backoff'],
    [400, '"qwen3:8b" does not support thinking', 'misconfigured', 'never'],
    [400, 'the input length exceeds the context length', 'too_long', 'never'],
    [400, 'invalid JSON schema in format', 'format_unsupported', 'never'],
    [400, 'what?', 'bad_response', 'never'],
    [401, 'unauthorized', 'auth', 'never'],
    [404, '404 page not found', 'misconfigured', 'never'],
  ] as const)('is understood when it is %i %s', async (status, error, fault, retry) => {
    const { server, model } = await open();
    server.next({ refuse: { status, body: { error } } });
    const asked = request({ schema: SCHEMA, format: 'schema' });
    expect(await failure(model.complete(asked))).toMatchObject({ fault, retry });
  });

  it('is an error when it tells of one half-way', async () => {
    const { server, model } = await open();
    server.answer('a longer answer than one piece of it');
    server.next({ errorAfter: { frames: 2, error: 'llama runner process has terminated' } });
    expect(await failure(model.complete(request()))).toMatchObject({
      fault: 'unavailable',
      message: 'the endpoint failed within its answer: llama runner process has terminated',
    });
  });

  it('is that the prompt is too long, rather than an answer to half of it', async () => {
    const { model } = await open({}, { numCtx: 2_000 });
    const messages = [{ role: 'user', text: '连接池'.repeat(5_000) }] as const;
    expect((await failure(model.complete(request({ messages })))).fault).toBe('too_long');
  });

  it.each([
    ['the window was reached', { window: 1_000, cuts: true }, 9_000, true],
    ['everything fits', {}, 9_000, undefined],
  ] as const)('shows whether the prompt was cut in silence: %s', async (_what, served, length, cut) => {
    const { model } = await open(served);
    const reply = await model.complete(request({ messages: [{ role: 'user', text: 'x1 '.repeat(length / 3) }] }));
    expect(reply.promptCut).toBe(cut);
    expect(reply.warnings).toHaveLength(cut === true ? 1 : 0);
  });
});

describe('a probe of an Ollama server', () => {
  const { signal } = new AbortController();

  it('says what it is', async () => {
    const { model } = await open();
    expect(await model.probe(signal)).toEqual({ ok: true, found: 'qwen3:8b, Ollama 0.12.3', problems: [] });
  });

  it('names the command for a model that is not there', async () => {
    const { model } = await open({ pulled: ['llama3.2:latest'] });
    const line = 'the model is not there: run `ollama pull qwen3:8b` on its server';
    expect(await model.probe(signal)).toMatchObject({ ok: false, problems: [line] });
    expect(await failure(model.complete(request()))).toMatchObject({ fault: 'model_missing', message: line });
  });

  it('knows the model without its tag', async () => {
    const { model } = await open({ pulled: ['llama3.2:latest'] }, { model: 'llama3.2' });
    expect((await model.probe(signal)).ok).toBe(true);
  });

  it('says when the window is smaller than asked for, and when there is no graphics card', async () => {
    const { model } = await open({ window: 4_096 });
    await model.complete(request());
    const { ok, problems } = await model.probe(signal);
    expect(ok).toBe(true);
    expect(problems).toEqual([
      'the model is loaded with a window of 4096 tokens, less than OLLAMA_NUM_CTX=16384: lower it to that',
      'the model runs on the CPU alone: expect minutes for an answer',
    ]);
  });

  it('notices when something else answers', async () => {
    const other = await startLoopback((_request, response) => response.end('<html></html>'));
    const model = createOllama({ name: 'ollama', baseUrl: other.url, model: 'qwen3:8b', edges });
    expect((await model.probe(signal)).ok).toBe(false);
    await other.close();
  });
});
