import type { ModelMessage, ModelRequest } from './model.ts';

export type Think = 'omit' | boolean | 'low' | 'medium' | 'high' | 'max';

interface Options {
  readonly model: string;
  readonly numCtx: number;
  readonly think: Think;
  readonly keepAlive: string;
}

/** The body of `/api/chat`. A prompt that does not fit is to be an error, never cut in silence. */
export function ollamaBody(request: ModelRequest, { model, numCtx, think, keepAlive }: Options) {
  const { tools = [], schema } = request;
  return {
    model,
    stream: true,
    keep_alive: keepAlive,
    truncate: false,
    shift: false,
    ...(think === 'omit' ? {} : { think }),
    ...(formatAsked(request) ? { format: request.format === 'json_object' ? 'json' : schema } : {}),
    options: { num_ctx: numCtx, num_predict: request.maxOutputTokens, temperature: 0 },
    messages: [{ role: 'system', content: request.system }, ...request.messages.map(wireMessage)],
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: 'function', function: tool })) }),
  };
}

export const formatAsked = ({ schema, format = 'prompt' }: ModelRequest): boolean =>
  schema !== undefined && format !== 'prompt';

/** Everything the model is told. */
export const promptOf = ({ system, messages, tools = [] }: ModelRequest): readonly string[] => [
  system,
  ...messages.map(({ text }) => text),
  ...tools.map(({ description }) => description),
];

function wireMessage(message: ModelMessage) {
  const { role, text: content } = message;
  if (role === 'user') return { role, content };
  if (role === 'tool') return { role, content, tool_name: message.name, tool_call_id: message.callId };
  const calls = (message.toolCalls ?? []).map(({ id, name, input }) => ({
    id,
    function: { name, arguments: input ?? {} },
  }));
  return { role, content, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
}
