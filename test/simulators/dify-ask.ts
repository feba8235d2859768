import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Answering, blockingJson, eventsOf, runJson, usageOf } from './dify-events.ts';
import { inputsOf } from './dify-form.ts';
import {
  type Ask,
  type DifyFault,
  type DifyKind,
  isJson,
  type Json,
  Refusal,
  type Said,
  type World,
} from './dify-world.ts';
import { stream } from './dify-wire.ts';

const ENDPOINTS: Readonly<Record<string, readonly DifyKind[]>> = {
  '/chat-messages': ['chat', 'agent-chat', 'advanced-chat', 'agent'],
  '/workflows/run': ['workflow'],
  '/completion-messages': ['completion'],
};
const WRONG_KIND: Readonly<Record<string, string>> = {
  '/chat-messages': 'not_chat_app',
  '/workflows/run': 'not_workflow_app',
  '/completion-messages': 'app_unavailable',
};

export const isAsk = (path: string): boolean => path in ENDPOINTS;

/** One question to the app: checked as the platform checks it, answered as a stream or whole. */
export async function answerAsk(world: World, path: string, body: Json, response: ServerResponse): Promise<void> {
  const fault = { ...world.always, ...world.faults.shift() };
  if (fault.refuse !== undefined) throw new Refusal(fault.refuse.status, fault.refuse.code, fault.refuse.message ?? '');
  if (await spoiled(fault, response)) return;
  const streaming = modeOf(world, path, body);
  const ask = readAsk(world, path, body);
  world.asks.push(ask);
  const answering = await begin(world, ask, fault);
  if (fault.envelope !== undefined) return sendJson(response, 200, envelopeOf(answering, fault.envelope));
  if (!streaming || fault.blocking === true) return sendJson(response, 200, blockingJson(answering));
  const stop = new AbortController();
  world.tasks.set(ask.taskId, { user: ask.user, stop });
  await stream(response, eventsOf(answering, fault), fault, stop.signal);
}

/** Something between the platform and its caller answers instead, or nobody does. */
async function spoiled(fault: DifyFault, response: ServerResponse): Promise<boolean> {
  if (fault.silent === true) {
    await new Promise((done) => response.once('close', done));
    return true;
  }
  if (fault.redirect !== undefined) response.writeHead(302, { location: fault.redirect }).end();
  else if (fault.html !== undefined) {
    response.writeHead(fault.html, { 'content-type': 'text/html', ...fault.headers });
    response.end(`<html><head><title>${fault.html} Gateway</title></head><body>nginx</body></html>`);
  } else return false;
  return true;
}

function modeOf({ app }: World, path: string, body: Json): boolean {
  if (ENDPOINTS[path]?.includes(app.mode) !== true) {
    const message = 'Please check if your app mode matches the right API route.';
    throw new Refusal(400, WRONG_KIND[path] ?? 'app_unavailable', message);
  }
  const mode = body['response_mode'] ?? 'blocking';
  if (mode !== 'blocking' && mode !== 'streaming') throw new Refusal(400, 'invalid_param', 'response_mode is invalid');
  if (mode === 'blocking' && (app.mode === 'agent-chat' || app.mode === 'agent')) {
    throw new Refusal(400, 'bad_request', 'Agent Chat App does not support blocking mode');
  }
  return mode === 'streaming';
}

function readAsk(world: World, path: string, body: Json): Ask {
  const { user, query } = body;
  if (typeof user !== 'string' || user === '') throw new Refusal(400, 'invalid_param', 'Arg user must be provided.');
  if (path === '/chat-messages' && (typeof query !== 'string' || query === '')) {
    throw new Refusal(400, 'invalid_param', 'query is required');
  }
  const inputs = inputsOf(world.app.form, body['inputs']);
  const said = typeof query === 'string' ? query : wordsOf(inputs['query']);
  const conversationId = path === '/chat-messages' ? conversationOf(world, body['conversation_id'], user, said) : '';
  return { kind: world.app.mode, query: said, inputs, user, conversationId, taskId: randomUUID() };
}

function conversationOf({ conversations }: World, given: unknown, user: string, query: string): string {
  if (given === undefined || given === null || given === '') {
    const id = randomUUID();
    conversations.set(id, { user, completed: false, queries: [query] });
    return id;
  }
  const known = conversations.get(wordsOf(given));
  if (known?.user !== user) throw new Refusal(404, 'not_found', 'Conversation Not Exists.');
  if (known.completed) {
    throw new Refusal(400, 'conversation_completed', 'The conversation has ended. Please start a new conversation.');
  }
  known.queries.push(query);
  return wordsOf(given);
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : '');

async function begin(world: World, ask: Ask, fault: DifyFault): Promise<Answering> {
  const said = shaped(await world.answer(ask), fault.shape);
  const answering = { ask, said, messageId: randomUUID(), runId: randomUUID(), model: world.app.model };
  const { messageId, runId } = answering;
  if (ask.kind !== 'workflow') {
    world.messages.set(messageId, { user: ask.user, conversationId: ask.conversationId, rating: null });
  }
  const run = runJson(answering);
  if (fault.lostRun === true) return answering;
  world.runs.set(runId, {
    id: runId,
    status: String(run['status']),
    inputs: ask.inputs,
    outputs: isJson(run['outputs']) ? run['outputs'] : {},
    error: said.failure ?? null,
    tokens: usageOf(answering).total_tokens,
    runningFor: fault.runningFor ?? 0,
  });
  return answering;
}

/** As models and their templates spoil an answer. */
function shaped(said: Said, shape: DifyFault['shape']): Said {
  const { text } = said;
  if (shape === undefined) return said;
  const cut = { ...said, text: text.slice(0, Math.floor(text.length / 2)), finishReason: 'length' } as const;
  if (shape === 'truncated') return cut;
  const forms = {
    fenced: `Here it is:\n\`\`\`json\n${text}\n\`\`\`\n`,
    think: `<think>\nLet me see {"cause": 1}.\n</think>\n\n${text}`,
    details: `<details style="color:gray;" open> <summary> Thinking... </summary>\nhm\n</details>\n\n${text}`,
    'double-encoded': JSON.stringify(text),
  };
  return { ...said, text: forms[shape] };
}

const envelopeOf = ({ said }: Answering, envelope: unknown): unknown =>
  envelope === true ? { success: true, data: { result: { text: said.text } }, error: null } : envelope;

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
