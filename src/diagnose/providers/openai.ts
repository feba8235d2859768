import type { Edges } from '../../types.ts';
import { FORMATS, type Model, ModelFailed, type ModelReply, type ModelRequest } from './model.ts';
import { completeOnce, type Endpoint, failureOf, headersOf } from './openai-call.ts';
import { FIRST_DIALECT, nextDialect } from './openai-faults.ts';
import { probeOpenAi } from './openai-probe.ts';
import { chatBody } from './openai-request.ts';
import { createWatchedFetch, type WatchedCall } from './watched-fetch.ts';

export interface OpenAiOptions {
  /** `openai`, `openai:deepseek`. */
  readonly name: string;
  /** With its version: `https://api.deepseek.com/v1`. */
  readonly baseUrl: string;
  /** Absent for servers that want none. */
  readonly apiKey?: string;
  readonly model: string;
  /** Of one call; 90 s. */
  readonly timeoutMs?: number;
  /** 4. */
  readonly concurrency?: number;
  /** Of a prompt, estimated; 16,000. */
  readonly promptTokens?: number;
  /** Until the first byte of an answer; half of the whole, at least 30 s. */
  readonly firstByteMs?: number;
  /** Longest silence within an answer; a third of the whole, at least 30 s. */
  readonly idleMs?: number;
  readonly edges: Pick<Edges, 'fetch' | 'clock'>;
}

/**
 * An endpoint that speaks OpenAI's chat completions: OpenAI, DeepSeek, Qwen, vLLM, LM Studio. A field that it refuses
 * by name is left out from then on. Throws `ModelFailed` `misconfigured` when address or key cannot be ones.
 */
export function createOpenAi(options: OpenAiOptions): Model {
  const { name, baseUrl, model, timeoutMs = 90_000, concurrency = 4, promptTokens = 16_000, edges } = options;
  const web = createWatchedFetch({ fetch: edges.fetch, baseUrl });
  const endpoint: Endpoint = { baseUrl: web.baseUrl, key: keyOf(options), model, clock: edges.clock };
  const complete = createCompletion(endpoint);
  const deadlines = {
    firstByteMs: options.firstByteMs ?? Math.max(30_000, timeoutMs / 2),
    idleMs: options.idleMs ?? Math.max(30_000, timeoutMs / 3),
    totalMs: timeoutMs,
  };
  return {
    name,
    kind: 'openai',
    timeoutMs,
    concurrency,
    promptTokens,
    formats: FORMATS,
    tools: true,
    probe: (signal) => probeOpenAi(web, { ...endpoint, headers: headersOf(endpoint) }, signal),
    complete: (request) => web.call({ ...deadlines, signal: request.signal }, (call) => complete(call, request)),
  };
}

/** The package refuses an empty key; servers that want none ignore this word. */
function keyOf({ apiKey = '' }: OpenAiOptions): string {
  const key = apiKey.trim() || 'none';
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ModelFailed('the API key holds characters that no key has', 'misconfigured');
}

/** Remembers which fields the endpoint takes: a refusal that names one costs one more request, once. */
function createCompletion(endpoint: Endpoint) {
  let dialect = FIRST_DIALECT;
  return async (call: WatchedCall, request: ModelRequest): Promise<ModelReply> => {
    for (;;) {
      const tried = dialect;
      const outcome = await completeOnce(endpoint, call, chatBody(request, endpoint.model, tried), request);
      if ('reply' in outcome) return outcome.reply;
      const next = nextDialect(tried, outcome.refusal);
      if (next === undefined) throw failureOf(outcome.refusal, endpoint, request);
      dialect = next;
    }
  };
}
