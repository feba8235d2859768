import { PlatformUnavailable } from '../../errors.ts';
import type { Mask } from './redact.ts';

/** The platform's own no: an error code in the body, with HTTP 200 as well as with 400 and above. */
export class LarkRefusal extends Error {
  readonly status: number;
  /** The platform's code; 0 when the answer had none. */
  readonly platformCode: number;
  /** What the platform asked us to wait, ms. */
  readonly resetMs: number | undefined;

  constructor(message: string, status: number, platformCode: number, resetMs?: number) {
    super(message);
    this.name = 'LarkRefusal';
    this.status = status;
    this.platformCode = platformCode;
    this.resetMs = resetMs;
  }
}

/** An answer as the HTTP client has it. */
export interface WireAnswer {
  readonly status: number;
  readonly data: unknown;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * The body of a success (2xx and `code` 0). Throws `LarkRefusal` for a no in either form, and `PlatformUnavailable` for
 * an answer that is not the platform's: a gateway's page, an empty body.
 */
export function bodyOf({ status, data, headers }: WireAnswer, mask: Mask): object {
  const body = typeof data === 'object' && data !== null ? data : undefined;
  const code = body !== undefined && 'code' in body && typeof body.code === 'number' ? body.code : undefined;
  if (body !== undefined && status < 300 && code === 0) return body;
  if (code === undefined || code === 0) {
    if (status === 429) throw new LarkRefusal('lark answered HTTP 429', status, 0, resetOf(headers));
    // 5xx, or a success that says nothing: the call may have been carried out.
    throw new PlatformUnavailable(`lark answered HTTP ${status} without a code`, status < 400 || status >= 500);
  }
  const told = body !== undefined && 'msg' in body && typeof body.msg === 'string' ? body.msg : '';
  const message = `lark answered ${code}: ${mask(told)}${logIdOf(headers)}`;
  throw new LarkRefusal(message, status, code, resetOf(headers));
}

/** Platform fact: seconds to wait, `x-ogw-ratelimit-reset` (page uUzN04SN3QjL1cDN). */
function resetOf(headers: WireAnswer['headers']): number | undefined {
  const seconds = Number(headers['x-ogw-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** What the platform's support asks for first. */
function logIdOf(headers: WireAnswer['headers']): string {
  const id = headers['x-tt-logid'];
  return typeof id === 'string' && /^[\w-]{1,80}$/u.test(id) ? ` (log id ${id})` : '';
}

/** Failures before any byte of the request left: nothing can have happened. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * A call without an answer. The HTTP client's own error is not kept, not even as a cause: it holds the request with its
 * token and body.
 */
export function unanswered(error: unknown): PlatformUnavailable | LarkRefusal {
  if (error instanceof PlatformUnavailable || error instanceof LarkRefusal) return error;
  const code = faultCode(error) ?? 'no reason given';
  return new PlatformUnavailable(`lark gave no answer (${code})`, !NOT_SENT.has(code));
}

/** The system's code of a failed request: axios has it on the error, `fetch` on its cause. */
function faultCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return faultCode(error.cause);
}
