import { type ModelFault, ordered, piecesOf, shaped } from './model-faults.ts';
import type { Framing, Received } from './model-server.ts';

/** A chat completion that was asked for. */
export interface Ask {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** All messages in one. */
  readonly prompt: string;
  readonly stream: boolean;
  /** The names of the tools on offer. */
  readonly tools: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the model says. */
export interface Said {
  readonly text?: string;
  /** Told before the answer, in a field of its own. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: unknown }[];
}

export function askOf({ body = {} }: Received): Ask {
  const messages = Array.isArray(body['messages']) ? (body['messages'] as Ask['messages']) : [];
  const tools = Array.isArray(body['tools']) ? (body['tools'] as { function: { name: string } }[]) : [];
  return {
    model: String(body['model']),
    messages,
    prompt: messages.map(({ content }) => content).join('\n'),
    stream: body['stream'] === true,
    tools: tools.map((tool) => tool.function.name),
    body,
  };
}

export const FRAMING: Framing = {
  type: 'text/event-stream; charset=utf-8',
  end: '\n\n',
  ping: ': keep-alive',
  error: (error) => `data: ${JSON.stringify({ error })}`,
};

/** The events of a streamed answer, `[DONE]` last. */
export function chunksOf(ask: Ask, said: Said, fault: ModelFault): readonly string[] {
  const { text, calls, finish } = partsOf(said, fault);
  const delta = (part: object) => [{ index: 0, delta: part, finish_reason: null, logprobs: null }];
  const choices = [
    delta({ role: 'assistant', content: '' }),
    ...piecesOf(said.reasoning ?? '').map((piece) => delta({ reasoning_content: piece, reasoning: piece })),
    ...piecesOf(text).map((content) => delta({ content })),
    ...calls.flatMap(({ function: { name, arguments: input }, ...call }, index) => [
      delta({ tool_calls: [{ index, ...call, function: { name, arguments: '' } }] }),
      ...piecesOf(input).map((piece) => delta({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    [{ index: 0, delta: {}, finish_reason: finish, logprobs: null }],
  ];
  const options = ask.body['stream_options'] as { include_usage?: boolean } | undefined;
  const wantsUsage = options?.include_usage === true;
  const chunk = (more: object) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: ask.model,
    ...more,
  });
  const chunks = [
    ...ordered(choices, fault).map((choice) => chunk({ choices: choice, ...(wantsUsage ? { usage: null } : {}) })),
    ...(wantsUsage ? [chunk({ choices: [], usage: usageOf(ask, text) })] : []),
  ];
  return [...chunks.map((one) => `data: ${JSON.stringify(one)}`), 'data: [DONE]'];
}

/** The same answer in one piece. */
export function completionOf(ask: Ask, said: Said, fault: ModelFault): object {
  const { text, calls, finish } = partsOf(said, fault);
  const message = {
    role: 'assistant',
    content: calls.length > 0 && text === '' ? null : text,
    refusal: null,
    ...(said.reasoning === undefined ? {} : { reasoning_content: said.reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const choices = [{ index: 0, message, finish_reason: finish, logprobs: null }];
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: ask.model,
    choices,
    usage: usageOf(ask, text),
  };
}

function partsOf({ text: said = '', toolCalls = [] }: Said, { shape, finish }: ModelFault) {
  const calls = toolCalls.map(({ name, input }, index) => ({
    id: `call_sim_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  const usual = shape === 'truncated' ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';
  return { text: shaped(said, shape), calls, finish: finish === undefined ? usual : finish };
}

function usageOf({ prompt }: Ask, text: string) {
  const [prompt_tokens, completion_tokens] = [Math.ceil(prompt.length / 4), Math.ceil(text.length / 4)];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
