import type { Confidential } from './excerpt.ts';
import { ModelFailed, type ModelFault } from './model.ts';
import { failureOfRefusal, type Refusal } from './refusal.ts';

interface Asked {
  readonly formatAsked: boolean;
  readonly model: string;
}

/** The failure behind an `{"error": "…"}` of Ollama, by status or within a stream (status 0). */
export function ollamaFailure(refusal: Refusal, asked: Asked, hidden: Confidential): ModelFailed {
  const fault = faultOf(refusal, asked.formatAsked);
  if (fault === 'model_missing') return new ModelFailed(pullIt(asked.model), fault);
  return failureOfRefusal(refusal, fault, hidden);
}

/** What to do about a model that is not on the server. */
export const pullIt = (model: string): string => `the model is not there: run \`ollama pull ${model}\` on its server`;

function faultOf({ status, said: words }: Refusal, formatAsked: boolean): ModelFault {
  const said = words.slice(0, 2_000).toLowerCase();
  if (/model .{1,200}not found/.test(said)) return 'model_missing';
  if (status === 401 || status === 403) return 'auth';
  if (status === 413 || TOO_LONG.test(said)) return 'too_long';
  if (status === 429 || /server busy|maximum pending requests/.test(said)) return 'rate_limited';
  if ((status === 400 || status === 422 || status === 500 || status === 501) && formatAsked && FORMAT.test(said)) {
    return 'format_unsupported';
  }
  if (/does not support/.test(said)) return 'misconfigured';
  if (status === 400) return 'bad_response';
  return status === 0 || status === 408 || status === 499 || status >= 500 ? 'unavailable' : 'misconfigured';
}

const TOO_LONG = /context length|context size|context window|input length exceeds|prompt is longer|prompt too long/;
const FORMAT = /\bformat\b|grammar|json schema|structured output/;
