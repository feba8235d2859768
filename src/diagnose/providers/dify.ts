import type { Edges } from '../../types.ts';
import { type AppKind, createApps } from './dify/app.ts';
import { answer, type Asking } from './dify/answer.ts';
import { takesFeedback } from './dify/conclude.ts';
import { createHeard, type Heard } from './dify/heard.ts';
import { inspect } from './dify/inspect.ts';
import { createService, pathId } from './dify/service.ts';
import { excerptOf } from './excerpt.ts';
import {
  type Model,
  ModelFailed,
  type ModelHealth,
  type ModelReply,
  type ModelRequest,
  type ModelVerdict,
} from './model.ts';
import type { Deadlines } from './watch.ts';
import { createWatchedFetch, type WatchedFetch } from './watched-fetch.ts';

export interface DifyOptions {
  /** `dify`, `dify:second`. */
  readonly name: string;
  /** With its `/v1`. */
  readonly baseUrl: string;
  /** Of one app: `app-…`. */
  readonly apiKey: string;
  /** Deadline of one call, ms. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly promptTokens: number;
  readonly edges: Pick<Edges, 'clock' | 'fetch'>;
  /** Longest silence within an answer, ms; Dify sends a keep-alive every 10 s. */
  readonly idleMs?: number;
  /** How long the second of two last events is waited for, ms. */
  readonly graceMs?: number;
  /** Between two looks at a run whose stream broke, ms. */
  readonly pollMs?: number;
}

const IDLE_MS = 45_000;
const GRACE_MS = 2000;
const POLL_MS = 1000;
/** Of a probe, a stop, a verdict. */
const ASIDE: Deadlines = { firstByteMs: 10_000, idleMs: 10_000, totalMs: 10_000 };

/**
 * One Dify app of whatever kind, or an HTTP service that stands in for one. Always asks for a stream; tells Dify to
 * stop when nobody wants the answer any more. Throws `ModelFailed` `misconfigured` when the base URL cannot be one.
 */
export function createDify(options: DifyOptions): Model {
  const { name, apiKey, timeoutMs, concurrency, promptTokens, edges } = options;
  const http = createWatchedFetch({ fetch: edges.fetch, baseUrl: options.baseUrl });
  const quote: Dify['quote'] = (said, prompt = []) => excerptOf(said, { secrets: [apiKey], prompt });
  const service = createService({ baseUrl: http.baseUrl, apiKey, clock: edges.clock, quote });
  const apps = createApps(service, edges.clock);
  const { graceMs = GRACE_MS, pollMs = POLL_MS, idleMs = IDLE_MS } = options;
  // The first byte comes at once from a stream, and at the end from what cannot stream.
  const limits = { firstByteMs: timeoutMs, idleMs, totalMs: timeoutMs };
  const dify: Dify = { http, service, apps, quote, graceMs, pollMs, limits };
  return {
    name,
    kind: 'dify',
    timeoutMs,
    concurrency,
    promptTokens,
    formats: ['prompt'],
    tools: false,
    complete: (request) => complete(dify, request),
    probe: (signal) => probe(dify, signal),
    feedback: (verdict, signal) => tellVerdict(dify, verdict, signal),
  };
}

interface Dify extends Asking {
  readonly http: WatchedFetch;
  readonly quote: (said: string, prompt?: readonly string[]) => string;
  readonly limits: Deadlines;
}

async function complete(dify: Dify, request: ModelRequest): Promise<ModelReply> {
  const said = [request.system, ...request.messages.map(({ text }) => text)];
  const heard: Heard = createHeard((words) => dify.quote(words, [...said, heard.text]));
  try {
    const limits = { ...dify.limits, signal: request.signal };
    return await dify.http.call(limits, (call) => answer(dify, call, request, heard));
  } catch (error) {
    if (!isOver(heard)) void stop(dify, heard, request.subject).catch(() => undefined);
    if (error instanceof ModelFailed && error.fault === 'misconfigured') dify.apps.forget();
    throw error;
  }
}

/** Nothing runs there any more; one that waits for a person does. */
const isOver = ({ run, messageEnded, failure }: Heard): boolean =>
  run !== undefined || messageEnded || (failure !== undefined && failure.fault !== 'refused');

/** Whether Dify goes on when its client is gone is not documented: it is told, by the same user, or it would not listen. */
async function stop({ http, service, quote }: Dify, { taskId, kind }: Heard, user: string): Promise<void> {
  if (taskId === undefined || kind === undefined) return;
  const path = `${STOP_BELOW[kind]}/${pathId(taskId)}/stop`;
  const { signal } = new AbortController();
  await http.call({ ...ASIDE, signal }, async (call) => (await service.post(call, path, { user }, quote)).text());
}

const STOP_BELOW: Readonly<Record<AppKind, string>> = {
  chat: '/chat-messages',
  'agent-chat': '/chat-messages',
  'advanced-chat': '/chat-messages',
  agent: '/chat-messages',
  completion: '/completion-messages',
  workflow: '/workflows/tasks',
};

async function probe({ http, apps }: Dify, signal: AbortSignal): Promise<ModelHealth> {
  apps.forget();
  try {
    return await http.call({ ...ASIDE, signal }, async (call) => inspect((await apps.find(call)).app));
  } catch (error) {
    if (!(error instanceof ModelFailed) || error.fault === 'cancelled') throw error;
    return { ok: false, problems: [error.message] };
  }
}

function tellVerdict({ http, apps, service, quote }: Dify, verdict: ModelVerdict, signal: AbortSignal): Promise<void> {
  const { messageId, subject, liked, words } = verdict;
  return http.call({ ...ASIDE, signal }, async (call) => {
    const { app } = await apps.find(call);
    if (!takesFeedback(app.kind)) return;
    const content = words === undefined ? {} : { content: words };
    const body = { rating: liked ? 'like' : 'dislike', user: subject, ...content };
    await (await service.post(call, `/messages/${pathId(messageId)}/feedbacks`, body, quote)).text();
  });
}
