import type { RequestHandler } from 'express';
import { answer } from './answer.ts';
import type { HttpDeps } from './ports.ts';

/** Liveness: this process answers; says nothing about its neighbours. */
export const healthz: RequestHandler = (_req, res) => answer(res, 200, 'alive');

/** Readiness, with a reason for each part; 503 while one that is not minor fails, or while we are stopping. */
export const createReadyz =
  (readiness: HttpDeps['readiness'], isClosing: () => boolean): RequestHandler =>
  async (_req, res) => {
    const parts = [
      ...(await readiness()),
      ...(isClosing() ? [{ name: 'http', ok: false, reason: 'the server is stopping' }] : []),
    ];
    const wrong = parts.filter(({ ok }) => !ok);
    const message = wrong.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    if (wrong.length === 0) return answer(res, 200, 'ready', { parts });
    if (wrong.every(({ minor }) => minor === true)) return answer(res, 200, `ready, but ${message}`, { parts });
    answer(res, 503, message, { parts }, { 'Retry-After': '5' });
  };

export const createMetricsPage =
  ({ registry }: HttpDeps['metrics']): RequestHandler =>
  async (_req, res) => {
    const text = await registry.metrics();
    res.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' });
    res.end(text);
  };
