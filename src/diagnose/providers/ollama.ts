import type { Edges } from '../../types.ts';
import { fewestTokens, estimateTokens } from './estimate.ts';
import type { Confidential } from './excerpt.ts';
import type { Model, ModelReply, ModelRequest } from './model.ts';
import { ollamaFailure } from './ollama-faults.ts';
import { probeOllama } from './ollama-probe.ts';
import { formatAsked, ollamaBody, promptOf, type Think } from './ollama-request.ts';
import { createOllamaAnswer } from './ollama-stream.ts';
import { readRefusal, refusalIn } from './refusal.ts';
import { createWatchedFetch, type WatchedCall } from './watched-fetch.ts';

export interface OllamaOptions {
  /** `ollama`, `ollama:gpu-1`. */
  readonly name: string;
  /** The server's root: `http://127.0.0.1:11434`. */
  readonly baseUrl: string;
  readonly model: string;
  /** The window in tokens, the same in every call, since another one reloads the model; 16,384. */
  readonly numCtx?: number;
  /** Whether the model is told to think; `omit`, which leaves it to the model. gpt-oss knows levels only. */
  readonly think?: Think;
  /** How long the model stays loaded, as Ollama writes it; `30m`. */
  readonly keepAlive?: string;
  /** Of one call; 300 s. */
  readonly timeoutMs?: number;
  /** 1, as many as Ollama serves at once by itself. */
  readonly concurrency?: number;
  /** Until the first byte of an answer, which comes when the prompt has been read; three fifths of the whole, at least 180 s. */
  readonly firstByteMs?: number;
  /** Longest silence within an answer; a fifth of the whole, at least 60 s. */
  readonly idleMs?: number;
  readonly edges: Pick<Edges, 'fetch' | 'clock'>;
}

/**
 * An Ollama server by its own protocol, since its OpenAI-compatible one can neither set the window nor tell of errors
 * within a stream. Throws `ModelFailed` `misconfigured` when the base URL cannot be one.
 */
export function createOllama(options: OllamaOptions): Model {
  const { name, baseUrl, model, numCtx = 16_384, timeoutMs = 300_000, concurrency = 1 } = options;
  const { think = 'omit', keepAlive = '30m', edges } = options;
  const web = createWatchedFetch({ fetch: edges.fetch, baseUrl });
  const server: Server = { url: web.baseUrl, model, numCtx, think, keepAlive, clock: edges.clock };
  // Not even headers come before the model is loaded and has read the prompt.
  const firstByteMs = options.firstByteMs ?? Math.max(180_000, timeoutMs * 0.6);
  const deadlines = { firstByteMs, idleMs: options.idleMs ?? Math.max(60_000, timeoutMs / 5), totalMs: timeoutMs };
  return {
    name,
    kind: 'ollama',
    timeoutMs,
    concurrency,
    promptTokens: promptTokensOf(numCtx),
    formats: ['schema', 'json_object', 'prompt'],
    tools: true,
    probe: (signal) => probeOllama(web, { model, numCtx, clock: edges.clock }, signal),
    complete: (request) =>
      web.call({ ...deadlines, signal: request.signal }, (call) => complete(server, call, request)),
  };
}

/** What is left of the window beside the answer and a tenth in reserve; more than 8,000 takes a local model too long. */
const promptTokensOf = (numCtx: number): number =>
  Math.max(500, Math.min(8_000, Math.floor(numCtx * 0.9) - ANSWER_TOKENS));
const ANSWER_TOKENS = 1_200;

interface Server {
  readonly url: string;
  readonly model: string;
  readonly numCtx: number;
  readonly think: Think;
  readonly keepAlive: string;
  readonly clock: Edges['clock'];
}

async function complete(server: Server, call: WatchedCall, request: ModelRequest): Promise<ModelReply> {
  const asked = { formatAsked: formatAsked(request), model: server.model };
  const hidden = (heard = ''): Confidential => ({ secrets: [], prompt: [...promptOf(request), heard] });
  const response = await call.fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ollamaBody(request, server)),
  });
  if (!response.ok) throw ollamaFailure(await readRefusal(response, server.clock.now()), asked, hidden());
  const answer = createOllamaAnswer(request.onText);
  for await (const line of linesOf(response)) {
    const error = answer.add(line);
    if (error !== undefined) throw ollamaFailure(refusalIn({ error }, 0, ''), asked, hidden(answer.text()));
  }
  const reply = answer.finish(server.model, request.maxOutputTokens);
  return isCut(reply, promptOf(request), server.numCtx) ? { ...reply, ...CUT } : reply;
}

const CUT = {
  promptCut: true,
  warnings: ['the server seems to have cut the prompt: its window may be smaller'],
} as const;

/** No field tells; the count of tokens read gives it away. */
function isCut({ usage: { tokensIn } }: ModelReply, prompt: readonly string[], numCtx: number): boolean {
  if (tokensIn === undefined) return false;
  const text = prompt.join('\n');
  const most = estimateTokens(text);
  return tokensIn >= numCtx - 1 || tokensIn < fewestTokens(text) || (most > numCtx && tokensIn < most * 0.6);
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  // What stands after the last line's end was cut off, or is a whole line without one.
  if (rest.trim() !== '') yield rest;
}
