import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The sender's own id when it is one that cannot upset a log or a header, else a new one. */
export function traceIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}

const SANE = /^[\w.:-]{8,128}$/;
