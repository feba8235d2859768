import type { Ask, DifyFault, Json, Said } from './dify-world.ts';

/** What one answer is made of, under its ids. */
export interface Answering {
  readonly ask: Ask;
  readonly said: Said;
  readonly messageId: string;
  readonly runId: string;
  readonly model: string;
}

const PRICE = { prompt_unit_price: '0.001', completion_unit_price: '0.002', currency: 'USD', latency: 0.7 };

export function usageOf({ ask, said }: Answering) {
  const [tokensIn, tokensOut] = [Math.ceil(ask.query.length / 4), Math.ceil(said.text.length / 4)];
  const total = (tokensIn * 0.001 + tokensOut * 0.002) / 1000;
  return {
    prompt_tokens: tokensIn,
    completion_tokens: tokensOut,
    total_tokens: tokensIn + tokensOut,
    total_price: total.toFixed(7),
    ...PRICE,
  };
}

export const outputsOf = ({ ask, said }: Answering): Json =>
  ask.kind === 'advanced-chat' ? { answer: said.text } : (said.outputs ?? { text: said.text });

/** The events of one answer in the order of the documentation, then bent as the fault says. */
export function eventsOf(answering: Answering, fault: DifyFault): readonly Json[] {
  const events = [...STORIES[answering.ask.kind](answering, fault)].filter(({ event }) => !fault.drop?.includes(event));
  const ends = events.filter(({ event }) => ENDS.has(event));
  const before = events.filter(({ event }) => !ENDS.has(event));
  const told = [...before, ...(fault.swapEnds === true ? ends.toReversed() : ends)];
  return told.map((event) => ({ task_id: answering.ask.taskId, ...event }));
}

const ENDS: ReadonlySet<string> = new Set(['message_end', 'workflow_finished']);
type Event = Json & { readonly event: string };
type Story = (answering: Answering, fault: DifyFault) => Iterable<Event>;

const STORIES: Readonly<Record<Ask['kind'], Story>> = {
  chat: (answering, fault) => chatting(answering, fault, 'message'),
  completion: (answering, fault) => chatting(answering, fault, 'message'),
  'agent-chat': (answering, fault) => chatting(answering, fault, 'agent_message'),
  agent: newAgent,
  'advanced-chat': chatflow,
  workflow,
};

function idsOf({ ask, messageId }: Answering): Json {
  const conversation = ask.kind === 'completion' ? {} : { conversation_id: ask.conversationId };
  return { ...conversation, message_id: messageId, created_at: 1_705_395_332 };
}

function* chatting(answering: Answering, fault: DifyFault, event: string): Iterable<Event> {
  const ids = idsOf(answering);
  if (event === 'agent_message') {
    yield { event: 'agent_thought', ...ids, position: 1, thought: 'SECRET THOUGHT', tool: 'logs', observation: 'seen' };
  }
  for (const answer of pieces(answering.said.text)) yield { event, ...ids, id: answering.messageId, answer };
  yield* ending(answering, fault);
}

function* ending(answering: Answering, fault: DifyFault): Iterable<Event> {
  const ids = idsOf(answering);
  if (fault.replaced !== undefined) yield { event: 'message_replace', ...ids, answer: fault.replaced };
  if (fault.errorEvent !== undefined) yield { event: 'error', ...ids, ...fault.errorEvent };
  else {
    const metadata = { usage: usageOf(answering), retriever_resources: [] };
    yield { event: 'message_end', ...ids, id: answering.messageId, metadata };
  }
}

/** The whole answer comes once more, in one closing `message`. */
function* newAgent(answering: Answering, fault: DifyFault): Iterable<Event> {
  const ids = idsOf(answering);
  const spoken = [...chatting(answering, fault, 'agent_message')];
  const last = spoken.pop();
  yield* spoken;
  yield { event: 'message', ...ids, id: answering.messageId, answer: answering.said.text };
  if (last !== undefined) yield last;
}

function* chatflow(answering: Answering, fault: DifyFault): Iterable<Event> {
  const ids = idsOf(answering);
  yield started(answering, ids);
  yield* thinking(answering, ids);
  for (const answer of pieces(answering.said.text)) yield { event: 'message', ...ids, answer };
  if (fault.pause === true) {
    yield { event: 'workflow_paused', ...ids, workflow_run_id: answering.runId };
    return;
  }
  yield nodeFinished(answering, ids);
  if (answering.said.failure !== undefined) {
    yield finished(answering, ids);
    yield { event: 'error', ...ids, status: 400, code: 'completion_request_error', message: answering.said.failure };
    return;
  }
  yield* ending(answering, fault);
  if (fault.errorEvent === undefined) yield finished(answering, ids);
}

function* workflow(answering: Answering, fault: DifyFault): Iterable<Event> {
  yield started(answering, {});
  yield* thinking(answering, {});
  const { runId, said } = answering;
  if (said.outputs === undefined) {
    for (const text of pieces(said.text)) yield { event: 'text_chunk', workflow_run_id: runId, data: { text } };
  }
  if (fault.replaced !== undefined) {
    yield { event: 'text_replace', workflow_run_id: runId, data: { text: fault.replaced } };
  }
  if (fault.pause === true) {
    yield { event: 'human_input_required', workflow_run_id: runId, data: { node_id: 'ask' } };
    return;
  }
  if (fault.errorEvent !== undefined) {
    yield { event: 'error', ...fault.errorEvent };
    return;
  }
  yield nodeFinished(answering, {});
  yield finished(answering, {});
}

const started = ({ ask, runId }: Answering, ids: Json): Event => ({
  event: 'workflow_started',
  ...ids,
  workflow_run_id: runId,
  data: { id: runId, workflow_id: 'wf-1', inputs: ask.inputs, created_at: 1_705_395_332 },
});

function* thinking({ said, runId }: Answering, ids: Json): Iterable<Event> {
  yield { event: 'node_started', ...ids, workflow_run_id: runId, data: { node_id: 'llm', node_type: 'llm', index: 2 } };
  if (said.reasoning === undefined) return;
  yield { event: 'reasoning_chunk', ...ids, data: { reasoning: said.reasoning, is_final: true } };
}

function nodeFinished(answering: Answering, ids: Json): Event {
  const { said, model, runId } = answering;
  const usage = usageOf(answering);
  const finish = { usage, finish_reason: said.finishReason ?? 'stop' };
  return {
    event: 'node_finished',
    ...ids,
    workflow_run_id: runId,
    data: {
      node_id: 'llm',
      node_type: 'llm',
      status: said.failure === undefined ? 'succeeded' : 'failed',
      process_data: { model_mode: 'chat', model_provider: 'sim', model_name: model, ...finish },
      outputs: { text: said.text, ...finish },
      execution_metadata: { total_tokens: usage.total_tokens, total_price: usage.total_price, currency: 'USD' },
    },
  };
}

const finished = (answering: Answering, ids: Json): Event => ({
  event: 'workflow_finished',
  ...ids,
  workflow_run_id: answering.runId,
  data: runJson(answering),
});

export const runJson = (answering: Answering): Json => ({
  id: answering.runId,
  workflow_id: 'wf-1',
  status: answering.said.failure === undefined ? 'succeeded' : 'failed',
  outputs: answering.said.failure === undefined ? outputsOf(answering) : {},
  error: answering.said.failure ?? null,
  elapsed_time: 1.2,
  total_tokens: usageOf(answering).total_tokens,
  total_steps: 3,
  created_at: 1_705_395_332,
  finished_at: 1_705_395_333,
});

/** The answer without a stream. */
export function blockingJson(answering: Answering): Json {
  const { ask, messageId, runId, said } = answering;
  if (ask.kind === 'workflow') return { task_id: ask.taskId, workflow_run_id: runId, data: runJson(answering) };
  const metadata = { usage: usageOf(answering), retriever_resources: [] };
  const ids = { ...idsOf(answering), id: messageId, task_id: ask.taskId };
  return { event: 'message', ...ids, mode: ask.kind, answer: said.text, metadata };
}

/** Cut by characters, so that every chunk is a text of its own. */
function* pieces(text: string): Iterable<string> {
  const characters = Array.from(text);
  const size = Math.max(1, Math.ceil(characters.length / 5));
  for (let at = 0; at < characters.length; at += size) yield characters.slice(at, at + size).join('');
}
