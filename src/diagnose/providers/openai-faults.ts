import type { ModelFault } from './model.ts';
import type { Refusal } from './refusal.ts';

/** Which fault a refusal is; `formatAsked` tells whether the answer's form was asked for other than by the prompt. */
export function openAiFault(refusal: Refusal, formatAsked: boolean): ModelFault {
  const { status } = refusal;
  const said = `${refusal.code} ${refusal.said.slice(0, 2_000)}`.toLowerCase();
  if (status === 402 || (status === 429 && QUOTA.test(said)) || refusal.code === 'insufficient_quota') return 'quota';
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'auth';
  if (status === 413 || TOO_LONG.test(said)) return 'too_long';
  if (REFUSED.test(said)) return 'refused';
  if (FORMAT_STATUS.has(status) && formatAsked && FORMAT.test(said)) return 'format_unsupported';
  if (MODEL_MISSING.test(said)) return 'model_missing';
  if (FORMAT_STATUS.has(status) && formatAsked && /\bformat\b|unsupported/.test(said)) return 'format_unsupported';
  if (status === 408 || status >= 500 || status === 0) return RATE.test(said) ? 'rate_limited' : 'unavailable';
  // An unknown 400 may be about this one question, so it does not condemn the endpoint at once.
  return status === 400 || status === 409 || status === 422 ? 'bad_response' : 'misconfigured';
}

const FORMAT_STATUS = new Set([400, 404, 422, 501]);
const FORMAT = /response_format|json_schema|json_object|guided_|grammar/;
const QUOTA = /quota|billing|balance|credit|arrearage|欠费|余额/;
const RATE = /rate.?limit|too many requests/;
const TOO_LONG =
  /context_length|context length|maximum context|context window|prompt is too long|range of input length/;
const REFUSED = /content_filter|content_policy|content management policy|data_inspection_failed|content exists risk/;
const MODEL_MISSING = /model_not_found|model .{1,120}(not found|not exist)|no such model|unknown model/;

/** Which fields of the request an endpoint takes. The first guess fits DeepSeek, Qwen, vLLM, LM Studio and Ollama. */
export interface Dialect {
  /** Ollama ignores the newer name in silence; OpenAI's reasoning models refuse the older. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
  readonly streamOptions: boolean;
  readonly temperature: boolean;
}

export const FIRST_DIALECT: Dialect = { limit: 'max_tokens', streamOptions: true, temperature: true };

/** The dialect to try next when a refusal is about a field of the last one; each field changes once at most. */
export function nextDialect(dialect: Dialect, { status, said }: Refusal): Dialect | undefined {
  const start = said.slice(0, 600).toLowerCase();
  if ((status !== 400 && status !== 422) || !COMPLAINT.test(start)) return undefined;
  if (dialect.limit === 'max_tokens' && start.includes('max_completion_tokens')) {
    return { ...dialect, limit: 'max_completion_tokens' };
  }
  if (dialect.streamOptions && start.includes('stream_options')) return { ...dialect, streamOptions: false };
  if (dialect.temperature && /['"`]temperature['"`]/.test(start)) return { ...dialect, temperature: false };
  return undefined;
}

const COMPLAINT =
  /unsupported|not supported|not support|unknown|unrecognized|unexpected|forbidden|not permitted|invalid/;
