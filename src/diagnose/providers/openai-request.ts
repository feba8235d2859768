import type { Format, ModelMessage, ModelRequest } from './model.ts';
import type { Dialect } from './openai-faults.ts';

/** The body of a chat completion, always streamed. */
export function chatBody(request: ModelRequest, model: string, dialect: Dialect) {
  const { tools = [], maxOutputTokens } = request;
  return {
    model,
    stream: true as const,
    messages: [{ role: 'system' as const, content: request.system }, ...request.messages.map(wireMessage)],
    [dialect.limit]: maxOutputTokens,
    ...(dialect.temperature ? { temperature: 0 } : {}),
    ...(dialect.streamOptions ? { stream_options: { include_usage: true } } : {}),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: 'function' as const, function: tool })) }),
    ...responseFormat(request),
  };
}

/** How the form of this answer is asked for; without a schema, only by the prompt. */
export const formatOf = ({ schema, format = 'prompt' }: ModelRequest): Format =>
  schema === undefined ? 'prompt' : format;

function responseFormat(request: ModelRequest) {
  const format = formatOf(request);
  if (format === 'prompt') return {};
  if (format === 'json_object') return { response_format: { type: 'json_object' as const } };
  const strict = format === 'strict_schema' ? { strict: true } : {};
  const json_schema = { name: 'answer', schema: { ...request.schema }, ...strict };
  return { response_format: { type: 'json_schema' as const, json_schema } };
}

function wireMessage(message: ModelMessage) {
  const { role, text: content } = message;
  if (role === 'user') return { role, content };
  if (role === 'tool') return { role, content, tool_call_id: message.callId };
  const calls = (message.toolCalls ?? []).map(({ id, name, input }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: JSON.stringify(input ?? {}) },
  }));
  return { role, content, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
}
