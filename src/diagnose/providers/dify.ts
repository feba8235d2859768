import type { Edges } from '../../types.ts';
import { type AppKind, createApps } from './dify/app.ts';
import { answer, type Asking } from './dify/answer.ts';
import { takesFeedback } from './dify/conclude.ts';
import { createHeard, type Heard } from './dify/heard.ts';
import { inspect } from './dify/inspect.ts';
import { createService, pathId } from './dify/service.ts';
import { excerptOf } from './excerpt.ts';
import { type Model, ModelFailed, type ModelReply, type ModelRequest } from './model.ts';
import { createWatchedFetch } from './watched-fetch.ts';

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
const ASIDE_MS = 10_000;

/**
 * One Dify app of whatever kind, or an HTTP service that stands in for one. Always asks for a stream; tells Dify to
 * stop when nobody wants the answer any more. Throws `ModelFailed` `misconfigured` when the base URL cannot be one.
 */
export function createDify(options: DifyOptions): Model {
  const { edges, timeoutMs, name } = options;
  const http = createWatchedFetch({ fetch: edges.fetch, baseUrl: options.baseUrl });
  const quote = (said: string, prompt: readonly string[] = []): string =>
    excerptOf(said, { secrets: [options.apiKey], prompt });
  const service = createService({ baseUrl: http.baseUrl, apiKey: options.apiKey, clock: edges.clock, quote });
  const apps = createApps(service, edges.clock);
  // The first byte comes at once from a stream, and at the end from what cannot stream.
  const limits = { firstByteMs: timeoutMs, idleMs: options.idleMs ?? IDLE_MS, totalMs: timeoutMs };
  const aside = { firstByteMs: ASIDE_MS, idleMs: ASIDE_MS, totalMs: ASIDE_MS };
  const asking: Asking = { service, apps, graceMs: options.graceMs ?? GRACE_MS, pollMs: options.pollMs ?? POLL_MS };

  /** Whether Dify goes on when its client is gone is not documented: it is told, by the same user, or it would not listen. */
  async function stop({ taskId }: Heard, kind: AppKind, user: string): Promise<void> {
    if (taskId === undefined) return;
    const path = `${STOP_BELOW[kind]}/${pathId(taskId)}/stop`;
    const signal = new AbortController().signal;
    await http.call({ ...aside, signal }, async (call) => (await service.post(call, path, { user }, quote)).text());
  }

  async function complete(request: ModelRequest): Promise<ModelReply> {
    const said = [request.system, ...request.messages.map(({ text }) => text)];
    const heard: Heard = createHeard((words) => quote(words, [...said, heard.text]));
    try {
      return await http.call({ ...limits, signal: request.signal }, (call) => answer(asking, call, request, heard));
    } catch (error) {
      if (!isOver(heard)) void stop(heard, heard.kind ?? 'workflow', request.subject).catch(() => undefined);
      if (error instanceof ModelFailed && error.fault === 'misconfigured') apps.forget();
      throw error;
    }
  }

  return {
    name,
    kind: 'dify',
    timeoutMs,
    concurrency: options.concurrency,
    promptTokens: options.promptTokens,
    formats: ['prompt'],
    tools: false,
    complete,
    probe: async (signal) => {
      apps.forget();
      try {
        return await http.call({ ...aside, signal }, async (call) => inspect((await apps.find(call)).app));
      } catch (error) {
        if (!(error instanceof ModelFailed) || error.fault === 'cancelled') throw error;
        return { ok: false, problems: [error.message] };
      }
    },
    feedback: ({ messageId, subject, liked, words }, signal) =>
      http.call({ ...aside, signal }, async (call) => {
        const { app } = await apps.find(call);
        if (!takesFeedback(app.kind)) return;
        const content = words === undefined ? {} : { content: words };
        const verdict = { rating: liked ? 'like' : 'dislike', user: subject, ...content };
        await (await service.post(call, `/messages/${pathId(messageId)}/feedbacks`, verdict, quote)).text();
      }),
  };
}

const STOP_BELOW: Readonly<Record<AppKind, string>> = {
  chat: '/chat-messages',
  'agent-chat': '/chat-messages',
  'advanced-chat': '/chat-messages',
  agent: '/chat-messages',
  completion: '/completion-messages',
  workflow: '/workflows/tasks',
};

/** Nothing runs there any more; one that waits for a person does. */
const isOver = ({ run, messageEnded, failure }: Heard): boolean =>
  run !== undefined || messageEnded || (failure !== undefined && failure.fault !== 'refused');
