import type { Retry } from '../../../errors.ts';
import type { EpochMs } from '../../../types.ts';
import { isJsonObject, parseJson } from '../../json.ts';
import { ModelFailed, type ModelFault } from '../model.ts';
import { retryAfterMs } from '../refusal.ts';
import { countAt, textAt } from './fields.ts';

/** Makes a line for logs of what a server said: nothing of the prompt, no key. */
export type Quote = (said: string) => string;

/** Dify, or what stands before it, said no. */
export class DifyRefused extends ModelFailed {
  readonly status: number;
  /** The service's own word: `not_chat_app`; undefined when no envelope of Dify's came. */
  readonly difyCode: string | undefined;

  constructor(message: string, fault: ModelFault, retry: Retry, status: number, difyCode?: string) {
    super(message, fault, { retry });
    this.status = status;
    this.difyCode = difyCode;
  }
}

interface Meaning {
  readonly fault: ModelFault;
  readonly retry?: Retry;
  /** What mends it. */
  readonly advice?: string;
}

/** Codes of the service API: https://docs.dify.ai/en/api-reference */
const CODES: Readonly<Record<string, Meaning>> = {
  invalid_param: { fault: 'misconfigured', advice: "compare the app's inputs with docs/diagnosis/dify.md" },
  bad_request: { fault: 'misconfigured' },
  not_chat_app: { fault: 'misconfigured' },
  not_completion_app: { fault: 'misconfigured' },
  not_workflow_app: { fault: 'misconfigured' },
  app_unavailable: { fault: 'misconfigured', advice: 'publish the app, and see that it has a model' },
  agent_not_published: { fault: 'misconfigured', advice: 'publish the app' },
  workflow_version_execution_not_allowed: { fault: 'misconfigured' },
  provider_not_initialize: { fault: 'misconfigured', advice: "give Dify its model provider's key" },
  provider_quota_exceeded: { fault: 'quota' },
  model_currently_not_support: { fault: 'model_missing', advice: 'choose another model in the app' },
  unauthorized: { fault: 'auth', advice: "the key must be the app's own (app-…), not a knowledge base's" },
  forbidden: { fault: 'auth' },
  // So many calls at once; the other code of 429 means that the plan's allowance is used up.
  too_many_requests: { fault: 'rate_limited', retry: 'backoff' },
  rate_limit_error: { fault: 'quota' },
};

const STATUSES: Readonly<Record<number, Meaning>> = {
  401: { fault: 'auth', advice: 'check the key' },
  403: { fault: 'auth' },
  404: { fault: 'misconfigured', advice: 'the base URL usually ends in /v1' },
  405: { fault: 'misconfigured', advice: 'the base URL usually ends in /v1' },
  408: { fault: 'unavailable', retry: 'backoff' },
  413: { fault: 'too_long' },
  429: { fault: 'rate_limited', retry: 'backoff' },
};

/** Reads the body of an answer with an error status. */
export async function refusalOf(response: Response, quote: Quote, now: EpochMs): Promise<DifyRefused> {
  const body = parseJson(await response.text());
  return refusalFrom(body, response.status, quote, retryAfterMs(response.headers, now));
}

/** The same of an `error` event within a stream, which has no status of its own: 0. */
export function refusalFrom(body: unknown, fallback: number, quote: Quote, afterMs?: number): DifyRefused {
  const code = textAt(body, 'code')?.slice(0, 60);
  const told = countAt(body, 'status');
  const status = code === undefined && fallback > 0 ? fallback : (told ?? fallback);
  const words = textAt(body, 'message') ?? '';
  const { fault, retry = 'never', advice } = meaningOf(code, status, words);
  const said = isJsonObject(body) ? quoted(words, quote) : 'this is no answer of Dify';
  const message = [`Dify refused (${[status, code].filter(Boolean).join(' ')}): ${said}`, advice].filter(Boolean);
  const obeyed = afterMs !== undefined && (retry === 'backoff' || fault === 'quota');
  return new DifyRefused(message.join('; '), fault, obeyed ? { afterMs } : retry, status, code);
}

function meaningOf(code: string | undefined, status: number, words: string): Meaning {
  const known = code === undefined || !Object.hasOwn(CODES, code) ? undefined : CODES[code];
  if (known !== undefined) return known;
  if (code === 'completion_request_error' || status === 0) return meaningOfWords(words);
  if (status >= 500) return { fault: 'unavailable', retry: 'backoff' };
  return STATUSES[status] ?? { fault: 'bad_response' };
}

/** A failed run says why in the words of the model's provider only. */
export function failureOfRun(words: string, quote: Quote): ModelFailed {
  const { fault, retry = 'never' } = meaningOfWords(words);
  return new ModelFailed(`the run failed in Dify: ${quoted(words, quote)}`, fault, { retry });
}

function meaningOfWords(words: string): Meaning {
  const head = words.slice(0, 2000);
  return WORDS.find(([pattern]) => pattern.test(head))?.[1] ?? { fault: 'unavailable', retry: 'backoff' };
}

const WORDS: ReadonlyArray<readonly [RegExp, Meaning]> = [
  [/context.{0,20}length|maximum.{0,20}(?:tokens|context)|(?:prompt|input) is too long/i, { fault: 'too_long' }],
  [/insufficient.{0,20}(?:quota|balance)|quota.{0,20}exceeded|exceeded.{0,30}quota/i, { fault: 'quota' }],
  [/rate.?limit|too many requests|\b429\b/i, { fault: 'rate_limited', retry: 'backoff' }],
];

/** What may be a key of somebody's (long, with digits) is left out. */
function quoted(words: string, quote: Quote): string {
  const masked = words.slice(0, 2000).replace(/[\w*-]{16,2000}/g, (run) => (/[\d*]/.test(run) ? '…' : run));
  return quote(masked) || 'no reason given';
}
