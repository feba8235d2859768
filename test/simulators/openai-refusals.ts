import type { Ask } from './openai-wire.ts';

interface Rules {
  readonly apiKey?: string;
  readonly refuses?: readonly string[];
}

interface Refusal {
  readonly status: number;
  readonly body: { readonly error: object };
}

/** Why a request is refused before any model hears of it, in OpenAI's words. */
export function refusalOf(
  { apiKey, refuses = [] }: Rules,
  models: readonly string[],
  authorization: string | undefined,
  ask: Ask | undefined,
): Refusal | undefined {
  const shown = authorization?.replace(/^Bearer /, '') ?? '';
  if (shown === '') return refusal(401, "You didn't provide an API key.", { code: null });
  if (apiKey !== undefined && shown !== apiKey) {
    return refusal(401, `Incorrect API key provided: ${shown}.`, { code: 'invalid_api_key' });
  }
  if (ask === undefined) return undefined;
  if (!models.includes(ask.model)) {
    const message = `The model \`${ask.model}\` does not exist or you do not have access to it.`;
    return refusal(404, message, { code: 'model_not_found' });
  }
  if (ask.messages.length === 0) return refusal(400, "Missing required parameter: 'messages'.", { param: 'messages' });
  const unknown = refuses.find((field) => uses(ask, field));
  if (unknown !== undefined)
    return refusal(400, unsupported(unknown), { param: unknown, code: 'unsupported_parameter' });
  return strictnessProblem(ask);
}

function uses({ body }: Ask, field: string): boolean {
  const format = formatOf(body);
  if (field === 'strict') return format.json_schema?.strict === true;
  return field in body || format.type === field;
}

function unsupported(field: string): string {
  if (field === 'max_tokens') {
    return "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  }
  if (field === 'temperature') return "Unsupported value: 'temperature' does not support 0 with this model.";
  if (field === 'json_schema' || field === 'json_object' || field === 'strict') {
    return `Invalid parameter: 'response_format' of type '${field}' is not supported with this model.`;
  }
  return `Unknown parameter: '${field}'.`;
}

/** A strict schema must name all keys as required and allow no others. */
function strictnessProblem({ body }: Ask): Refusal | undefined {
  const { json_schema: named } = formatOf(body);
  if (named?.strict !== true || isStrict(named.schema)) return undefined;
  const message = `Invalid schema for response_format '${named.name}': 'additionalProperties' is required to be supplied and to be false.`;
  return refusal(400, message, { param: 'response_format' });
}

function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
  if (type === 'object') {
    const keys = Object.keys(properties ?? {});
    const named = new Set(Array.isArray(required) ? required : []);
    if (additionalProperties !== false || keys.some((key) => !named.has(key))) return false;
  }
  return Object.values(schema).every(isStrict);
}

interface Format {
  readonly type?: string;
  readonly json_schema?: { readonly name: string; readonly strict?: boolean; readonly schema?: unknown };
}

const formatOf = (body: Ask['body']): Format => body['response_format'] ?? {};

const refusal = (status: number, message: string, more: object): Refusal => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code: null, ...more } },
});
