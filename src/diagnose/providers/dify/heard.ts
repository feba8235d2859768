import type { JsonObject } from '../../json.ts';
import { ModelFailed } from '../model.ts';
import { isTooDeep } from '../immoderate.ts';
import type { AppKind } from './app.ts';
import { countAt, fieldAt, objectAt, textAt } from './fields.ts';
import { type Quote, refusalFrom } from './refusal.ts';
import { addUsage, type Usage, usageOf } from './usage.ts';

/** What an answer has told so far; grows with every event. */
export interface Heard {
  text: string;
  /** Of the app that was asked at last. */
  kind?: AppKind;
  taskId?: string | undefined;
  runId?: string | undefined;
  conversationId?: string | undefined;
  messageId?: string | undefined;
  /** Of a finished run. */
  run?: Run;
  /** Of the whole message; a run's parts are summed in `parts`. */
  usage?: Usage;
  parts?: Usage;
  model?: string;
  /** The last model that spoke in the run was cut at its output limit. */
  cut: boolean;
  messageEnded: boolean;
  failure?: ModelFailed;
  /** Chunks came as an agent's own: a `message` after them is the whole once more. */
  agentSpoke: boolean;
  readonly quote: Quote;
}

export interface Run {
  readonly status: string;
  readonly outputs: JsonObject;
  readonly error: string;
  readonly totalTokens?: number;
}

export const createHeard = (quote: Quote): Heard => ({
  text: '',
  cut: false,
  messageEnded: false,
  agentSpoke: false,
  quote,
});

/** Takes one event in, whatever it is; unknown ones tell nothing. `isAgent`: the app is a New Agent. */
export function hear(heard: Heard, event: JsonObject, isAgent: boolean): void {
  hearIds(heard, event);
  const name = textAt(event, 'event') ?? '';
  if (Object.hasOwn(EVENTS, name)) EVENTS[name]?.(heard, event, isAgent);
}

/** Told with every event and every whole answer. */
export function hearIds(heard: Heard, told: JsonObject): void {
  heard.taskId ??= textAt(told, 'task_id');
  heard.runId ??= textAt(told, 'workflow_run_id');
  heard.conversationId ??= textAt(told, 'conversation_id');
  heard.messageId ??= textAt(told, 'message_id');
}

type Take = (heard: Heard, event: JsonObject, isAgent: boolean) => void;

/** https://docs.dify.ai/en/api-reference/guides/streaming; thoughts and reasoning are nobody's business. */
const EVENTS: Readonly<Record<string, Take>> = {
  message: (heard, event, isAgent) => {
    const answer = textAt(event, 'answer') ?? '';
    const whole = (isAgent || heard.agentSpoke) && answer !== '';
    heard.text = whole ? answer : heard.text + answer;
  },
  agent_message: (heard, event) => {
    heard.agentSpoke = true;
    heard.text += textAt(event, 'answer') ?? '';
  },
  message_replace: (heard, event) => {
    heard.text = textAt(event, 'answer') ?? '';
  },
  text_chunk: (heard, event) => {
    heard.text += textAt(event, 'data.text') ?? '';
  },
  text_replace: (heard, event) => {
    heard.text = textAt(event, 'data.text') ?? '';
  },
  node_finished: hearNode,
  message_end: (heard, event) => {
    heard.messageEnded = true;
    const usage = usageOf(fieldAt(event, 'metadata.usage'));
    if (usage !== undefined) heard.usage = usage;
  },
  workflow_finished: (heard, event) => {
    heard.run = runOf(fieldAt(event, 'data'));
  },
  workflow_paused: waitsForPeople,
  human_input_required: waitsForPeople,
  error: (heard, event) => {
    heard.failure = refusalFrom(event, 0, heard.quote);
  },
};

function hearNode(heard: Heard, event: JsonObject): void {
  const model = textAt(event, 'data.process_data.model_name');
  if (model !== undefined) heard.model = model;
  const told = fieldAt(event, 'data.outputs.usage') ?? fieldAt(event, 'data.process_data.usage');
  const usage = usageOf(told);
  if (usage !== undefined) heard.parts = addUsage(heard.parts, usage);
  const finish = textAt(event, 'data.outputs.finish_reason') ?? textAt(event, 'data.process_data.finish_reason');
  if (textAt(event, 'data.node_type') === 'llm' && finish !== undefined) heard.cut = finish === 'length';
}

function waitsForPeople(heard: Heard): void {
  heard.failure = new ModelFailed('the Dify app waits for a person: remove its human input step', 'refused');
}

/** A finished run, as its event, its blocking answer and its page tell it. Throws `ModelFailed` for outputs nobody can read. */
export function runOf(told: unknown): Run {
  const totalTokens = countAt(told, 'total_tokens');
  const outputs = objectAt(told, 'outputs') ?? {};
  if (isTooDeep(outputs)) throw new ModelFailed('the outputs of the run are nested far too deeply', 'bad_response');
  return {
    status: textAt(told, 'status') ?? '',
    outputs,
    error: textAt(told, 'error') ?? '',
    ...(totalTokens === undefined ? {} : { totalTokens }),
  };
}
