import type { EpochMs } from '../../types.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { type Confidential, excerptOf } from './excerpt.ts';
import { ModelFailed, type ModelFault } from './model.ts';

/** What a server says when it refuses: to be matched, never to be shown. */
export interface Refusal {
  /** HTTP status; 0 when the refusal came within an answer that had begun well. */
  readonly status: number;
  /** The server's own word for it (`insufficient_quota`), lower case; empty when it has none. */
  readonly code: string;
  readonly said: string;
  readonly retryAfterMs?: number;
}

/** Reads an answer with an error status, in any of the envelopes in use: `{error: {…}}`, `{error: "…"}`, `{code, message}`, text. */
export async function readRefusal(response: Response, now: EpochMs): Promise<Refusal> {
  const body = await response.text();
  const afterMs = retryAfterMs(response.headers, now);
  return {
    ...refusalIn(parseJson(body), response.status, body),
    ...(afterMs === undefined ? {} : { retryAfterMs: afterMs }),
  };
}

/** The same from a value that was parsed already; `otherwise` is what was said when no message is found in it. */
export function refusalIn(value: unknown, status: number, otherwise: string): Refusal {
  const outer: JsonObject = isJsonObject(value) ? value : {};
  const inner: JsonObject = isJsonObject(outer['error']) ? outer['error'] : {};
  const said = [inner['message'], outer['error'], outer['message'], outer['detail']].find(isFilled) ?? otherwise;
  const code = [inner['code'], inner['type'], outer['code'], outer['type']].find(isFilled) ?? '';
  return { status, code: code.slice(0, 100).toLowerCase(), said };
}

/** The failure to throw for a refusal. Its message holds the server's own words only as far as `excerptOf` lets them. */
export function failureOfRefusal(refusal: Refusal, fault: ModelFault, hidden: Confidential): ModelFailed {
  const { status, code, said, retryAfterMs: afterMs } = refusal;
  const words = excerptOf(said.toLowerCase().includes(code) ? said : `${code}: ${said}`, hidden);
  const where = status === 0 ? 'the endpoint failed within its answer' : `the endpoint answered ${status}`;
  const passing = fault === 'rate_limited' || fault === 'unavailable';
  const told = afterMs !== undefined && (passing || fault === 'quota');
  const retry = told ? { afterMs } : passing ? 'backoff' : 'never';
  return new ModelFailed(words === '' ? where : `${where}: ${words}`, fault, { retry });
}

/** How long the server asks us to wait, ms, at most an hour. */
export function retryAfterMs(headers: Headers, now: EpochMs): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  const said = headers.get('retry-after') ?? '';
  const ms = exact > 0 ? exact : /^\d+(\.\d+)?$/.test(said.trim()) ? Number(said) * 1000 : Date.parse(said) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.ceil(ms)), 3_600_000) : undefined;
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';
