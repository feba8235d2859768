import type { RequestHandler } from 'express';

/**
 * Refuses what another site's page made a browser send: a browser always says where a POST comes from, and no foreign
 * page can send JSON without asking first. Programs that send neither header are judged by the mount's own guard.
 */
export const sameOrigin =
  (publicUrl: string): RequestHandler =>
  (request, response, next) => {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') return refuse(403, 'this request came from another site');
    const { origin, host } = request.headers;
    if (origin !== undefined && !ours(origin, host, publicUrl))
      return refuse(403, 'this request came from another site');
    if (request.is('application/json') === false) return refuse(415, 'send JSON with Content-Type: application/json');
    return next();

    function refuse(code: number, message: string) {
      response.status(code).json({ code, message, data: {}, timestamp: new Date().toISOString() });
    }
  };

function ours(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === host || origin === new URL(publicUrl).origin;
}
