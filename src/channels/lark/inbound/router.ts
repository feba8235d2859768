import express, { type RequestHandler, Router } from 'express';
import type { LarkAnswer, LarkInbound } from './inbound.ts';
import { BODY_LIMIT } from './verify.ts';

/**
 * Serves `/event` and `/card/action` below where it is mounted. Bodies stay bytes: the signature is of the bytes. What
 * cannot be read at all (too long, cut off, packed) is an error with a 4xx `status` for the application's own handler.
 */
export function larkRouter(inbound: Pick<LarkInbound, 'event' | 'cardAction'>): Router {
  const router = Router();
  // Unpacked, a body is not what was signed; the platform packs none.
  const bytes = express.raw({ type: () => true, limit: BODY_LIMIT, inflate: false });
  router.use(['/event', '/card/action'], postOnly, bytes);
  router.post('/event', answering(inbound.event));
  router.post('/card/action', answering(inbound.cardAction));
  return router;
}

const answering =
  (take: LarkInbound['event']): RequestHandler =>
  (req, res, next) => {
    const body: unknown = req.body;
    take(Buffer.isBuffer(body) ? body : Buffer.alloc(0), req.headers).then((answer) => send(res, answer), next);
  };

function send(res: Parameters<RequestHandler>[1], { status, body }: LarkAnswer): void {
  if (status === 503) res.setHeader('Retry-After', '15');
  res.setHeader('Cache-Control', 'no-store');
  res.status(status).json(body);
}

const postOnly: RequestHandler = (req, res, next) => {
  if (req.method === 'POST') return next();
  const message = 'This address takes POST only.';
  res.setHeader('Allow', 'POST');
  res.status(405).json({ code: 405, message, data: {}, timestamp: new Date().toISOString() });
};
