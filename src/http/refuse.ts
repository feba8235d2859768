import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from './answer.ts';
import { discard } from './body.ts';
import { type Failure, failureOf } from './errors.ts';
import type { HttpDeps } from './ports.ts';

export type Refuse = (err: unknown, req: IncomingMessage, res: ServerResponse, route: 'alert' | 'router') => Failure;

/** Answers a thrown value by the table, counts it, and logs it: a sender's fault as a warning, ours as an error. */
export function createRefuse({ log, metrics }: Pick<HttpDeps, 'log' | 'metrics'>): Refuse {
  return (err, req, res, route) => {
    const failure = failureOf(err);
    const { status, code, message, headers } = failure;
    metrics.requestsRefused.inc({ route, reason: code });
    const facts = {
      action: 'request_refused',
      route,
      status,
      code,
      method: req.method,
      sender: req.socket.remoteAddress,
    };
    if (status >= 500) log.error({ ...facts, err }, 'a request could not be served');
    else log.warn(facts, 'a request was refused');
    if (res.headersSent) res.destroy();
    else answer(res, status, message, {}, headers);
    discard(req);
    return failure;
  };
}
