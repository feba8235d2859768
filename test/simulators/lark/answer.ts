import { makeHex } from './ids.ts';

export type Json = Record<string, unknown>;

/** What the platform says to one request. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const ok = (data: Json = {}): Answer => ({ status: 200, body: { code: 0, msg: 'success', data } });

/** A refusal in the form of the open platform: business codes come with HTTP 400 unless said otherwise. */
export function refuse(code: number, msg: string, status = 400): Answer {
  const logId = makeHex(16).toUpperCase();
  return {
    status,
    headers: { 'x-tt-logid': logId },
    body: { code, msg, error: { log_id: logId, troubleshooter: `log_id=${logId}&code=${code}` } },
  };
}

/** The gateway's throttle: HTTP 429 and how many seconds to wait. */
export function throttled(resetSeconds: number, limit = 50): Answer {
  const answer = refuse(99991400, 'request trigger frequency limit', 429);
  const headers = { 'x-ogw-ratelimit-limit': String(limit), 'x-ogw-ratelimit-reset': String(resetSeconds) };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** A card that could not be made; the real reason hides in the text behind `ErrCode` (230099's sub-codes). */
export const refuseCard = (subCode: number, detail: string): Answer =>
  refuse(230099, `Failed to create card content, ext=ErrCode: ${subCode}; ${detail}`);

export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
