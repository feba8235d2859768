import type { JsonObject } from '../../json.ts';
import { ModelFailed, type ModelReply, type ModelRequest } from '../model.ts';
import type { WatchedCall } from '../watched-fetch.ts';
import type { App, AppKind, Apps } from './app.ts';
import { conclude } from './conclude.ts';
import type { Heard } from './heard.ts';
import { listen } from './listen.ts';
import { fillFor, hasQuery, promptOf } from './prompt.ts';
import { DifyRefused } from './refusal.ts';
import type { Service } from './service.ts';

export interface Asking {
  readonly service: Service;
  readonly apps: Apps;
  readonly graceMs: number;
  readonly pollMs: number;
}

/** More than any sequence of a lost conversation, a changed app and two guesses. */
const MOST_TRIES = 4;

/**
 * Asks the app behind the key. A refusal because of what we remembered (its kind, its form, a conversation that is
 * gone) leads to another try with what is known now: such a refusal comes before any model is paid.
 * `heard` grows as the answer does. Throws `ModelFailed`.
 */
export async function answer(
  asking: Asking,
  call: WatchedCall,
  request: ModelRequest,
  heard: Heard,
): Promise<ModelReply> {
  let { conversation } = request;
  for (let tries = 1; ; tries += 1) {
    const found = await asking.apps.find(call);
    try {
      return await once(asking, call, { request, app: found.app, conversation, heard });
    } catch (error) {
      if (!(error instanceof ModelFailed) || heard.taskId !== undefined || tries >= MOST_TRIES) throw error;
      if (conversation !== undefined && hasQuery(found.app.kind) && isLost(error)) conversation = undefined;
      else if (!asking.apps.reconsider(found, error)) throw error;
    }
  }
}

const isLost = (failure: ModelFailed): boolean => failure instanceof DifyRefused && LOST.has(failure.difyCode ?? '');

const LOST: ReadonlySet<string> = new Set(['not_found', 'conversation_completed']);

interface Try {
  readonly request: ModelRequest;
  readonly app: App;
  readonly conversation: string | undefined;
  readonly heard: Heard;
}

async function once({ service, graceMs, pollMs }: Asking, call: WatchedCall, ask: Try): Promise<ModelReply> {
  const { request, app, conversation, heard } = ask;
  const prompt = promptOf(request, conversation !== undefined && hasQuery(app.kind));
  const { inputs, warnings, clipped } = fillFor(app, request, prompt);
  heard.kind = app.kind;
  const response = await service.post(call, PATHS[app.kind], bodyOf(ask, prompt, inputs), heard.quote);
  await listen(response, heard, app, request, graceMs).catch((error: unknown) => {
    // The run goes on behind a broken connection.
    if (!(error instanceof ModelFailed && error.fault === 'stream_incomplete') || heard.runId === undefined)
      throw error;
  });
  const reply = await conclude(heard, { service, call, app, request, pollMs }, [...warnings]);
  return clipped.length === 0 ? reply : { ...reply, promptCut: true };
}

function bodyOf({ request, app, conversation }: Try, prompt: string, inputs: JsonObject): JsonObject {
  const body = { inputs, response_mode: 'streaming', user: request.subject };
  if (!hasQuery(app.kind)) return body;
  // A name for the conversation would cost another call of the model.
  return { ...body, query: prompt, conversation_id: conversation ?? '', auto_generate_name: false };
}

const PATHS: Readonly<Record<AppKind, string>> = {
  chat: '/chat-messages',
  'agent-chat': '/chat-messages',
  'advanced-chat': '/chat-messages',
  agent: '/chat-messages',
  completion: '/completion-messages',
  workflow: '/workflows/run',
};
