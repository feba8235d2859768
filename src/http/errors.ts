import { AppError, type Retry, codeOf, retryOf } from '../errors.ts';

/** Nobody proved who speaks; the message names what to set or send. */
export class Unauthorized extends AppError {
  readonly code = 'unauthorized';
}

/** Too many wrong credentials came from where this one comes from: it is not judged before `afterMs` have passed. */
export class TooManyAttempts extends AppError {
  readonly code = 'too_many_attempts';
  override readonly retry: Retry;

  constructor(afterMs: number) {
    const seconds = Math.max(1, Math.ceil(afterMs / 1000));
    super(`Too many wrong credentials from this address. Mend the credential, and try again in ${seconds} s.`);
    this.retry = { afterMs };
  }
}

export class IpNotAllowed extends AppError {
  readonly code = 'ip_not_allowed';

  constructor() {
    super('IP not allowed');
  }
}

export class NotFound extends AppError {
  readonly code = 'not_found';
}

/** The body was understood and every item of it is broken. */
export class InvalidAlerts extends AppError {
  readonly code = 'invalid_alerts';
}

/** Which status a failure is answered with; what is not listed is our own fault. */
const STATUS: Readonly<Partial<Record<string, number>>> = {
  bad_body: 400,
  invalid_alerts: 400,
  unauthorized: 401,
  ip_not_allowed: 403,
  not_found: 404,
  body_too_large: 413,
  unsupported_body: 415,
  too_many_attempts: 429,
  // 503 and never 429: Alertmanager and most others try again soon after the one and drop after the other.
  rate_limited: 503,
  overloaded: 503,
  storage_unavailable: 503,
  platform_unavailable: 503,
};

const MESSAGES: Readonly<Partial<Record<string, string>>> = {
  rate_limited: 'Too busy for now; send the same again.',
  overloaded: 'Too many alerts are waiting; send the same again.',
  storage_unavailable: 'Alerts cannot be stored for now; send the same again.',
  platform_unavailable: 'Something needed for this does not answer for now; try again.',
};

export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a thrown value is answered. The message of a fault of ours stays in the log. */
export function failureOf(err: unknown): Failure {
  const code = codeOf(err);
  const status = STATUS[code] ?? expressStatus(err) ?? 500;
  return {
    status,
    code: status < 500 && code === 'unexpected' ? 'bad_request' : code,
    message: messageOf(err, code, status),
    headers: headersOf(err, status),
  };
}

function messageOf(err: unknown, code: string, status: number): string {
  const known = MESSAGES[code];
  if (known !== undefined) return known;
  if (status < 500 && err instanceof AppError) return err.message;
  return status < 500
    ? 'The request cannot be read.'
    : 'Something went wrong here; the log has it under this trace id.';
}

/** Every 429 and 503 says when to come back. */
function headersOf(err: unknown, status: number): Readonly<Record<string, string>> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  if (status !== 429 && status !== 503) return {};
  const retry = retryOf(err);
  const afterMs = typeof retry === 'object' ? retry.afterMs : 5000;
  return { 'Retry-After': String(Math.max(1, Math.ceil(afterMs / 1000))) };
}

/** Express and body parsers of mounted rooms mark the sender's faults by a status of their own. */
function expressStatus(err: unknown): number | undefined {
  if (!(err instanceof Error) || !('status' in err) || typeof err.status !== 'number') return undefined;
  return err.status >= 400 && err.status < 500 ? err.status : undefined;
}
