import type { Edges } from '../../types.ts';
import { ModelFailed, type ModelReply, type ModelRequest } from './model.ts';
import { openAiFault } from './openai-faults.ts';
import { incomplete } from './incomplete.ts';
import { type chatBody, formatOf } from './openai-request.ts';
import { createAnswer } from './openai-stream.ts';
import { failureOfRefusal, readRefusal, type Refusal, refusalIn } from './refusal.ts';
import type { WatchedCall } from './watched-fetch.ts';

export interface Endpoint {
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
  readonly clock: Edges['clock'];
}

/** One request. What the endpoint refuses before it answers is told, since it may take another dialect. */
export async function completeOnce(
  endpoint: Endpoint,
  call: WatchedCall,
  body: ReturnType<typeof chatBody>,
  request: ModelRequest,
): Promise<{ readonly reply: ModelReply } | { readonly refusal: Refusal }> {
  const { client, APIError, refusal } = await openClient(endpoint, call);
  const answer = createAnswer(request.onText);
  try {
    const stream = await client.chat.completions.create(body, { signal: call.signal });
    for await (const chunk of stream) answer.add(chunk);
  } catch (error) {
    const refused = refusal();
    if (refused !== undefined) return { refusal: refused };
    // An error told within the stream.
    if (error instanceof APIError && error.error !== undefined) {
      throw failureOf(refusalIn({ error: error.error }, 0, ''), endpoint, request, answer.text());
    }
    if (error instanceof SyntaxError && answer.chunks() > 0) throw incomplete('within a chunk');
    throw error;
  }
  if (answer.chunks() === 0) throw new ModelFailed('the endpoint sent no stream of chunks', 'bad_response');
  return { reply: answer.finish(endpoint.model) };
}

/** The failure behind a refusal of this request; `heard`: what of an answer had come. */
export function failureOf(refusal: Refusal, { key }: Endpoint, request: ModelRequest, heard = ''): ModelFailed {
  const prompt = [request.system, ...request.messages.map(({ text }) => text), heard];
  return failureOfRefusal(refusal, openAiFault(refusal, formatOf(request) !== 'prompt'), { secrets: [key], prompt });
}

export const headersOf = ({ key }: Endpoint) => ({
  accept: 'text/event-stream, application/json',
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
});

/**
 * The package's client for one call. What is left out it would take from the environment (base URL, keys, headers), so
 * everything is given, and the headers are ours alone.
 */
async function openClient(endpoint: Endpoint, call: WatchedCall) {
  const { OpenAI, APIError } = await import('openai');
  let refusal: Refusal | undefined;
  const client = new OpenAI({
    baseURL: endpoint.baseUrl,
    apiKey: endpoint.key,
    adminAPIKey: null,
    webhookSecret: null,
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
    // The deadlines are the watched fetch's.
    timeout: 2 ** 31 - 1,
    fetch: async (input, init) => {
      const response = await call.fetch(input, { ...init, headers: headersOf(endpoint) });
      if (response.ok) return response;
      refusal = await readRefusal(response, endpoint.clock.now());
      throw new Error('refused');
    },
  });
  return { client, APIError, refusal: () => refusal };
}
