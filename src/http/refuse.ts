import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from './answer.ts';
import { discard } from './body.ts';
import { type Failure, failureOf } from './errors.ts';
import type { HttpDeps } from './ports.ts';

/** `show` answers instead of the table's JSON; status and headers are set by then. */
export type Refuse = (
  err: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  route: 'alert' | 'router',
  show?: () => void,
) => Failure;

/** Answers a thrown value by the table, counts it, and logs it: a sender's fault as a warning, ours as an error. */
export function createRefuse({ log, metrics }: Pick<HttpDeps, 'log' | 'metrics'>): Refuse {
  return (err, req, res, route, show) => {
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
    else if (show === undefined) answer(res, status, message, {}, headers);
    else {
      res.statusCode = status;
      res.setHeaders(new Map(Object.entries(headers)));
      show();
    }
    discard(req);
    return failure;
  };
}
