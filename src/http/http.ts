import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { InvalidConfig } from '../errors.ts';
import { withTrace } from '../telemetry/log.ts';
import { createAlertProof } from './alert-proof.ts';
import { ALERT_ROUTES, alertAddressOf } from './alert-routes.ts';
import { createAlertEntrance } from './alerts.ts';
import { answer, methodNotAllowed } from './answer.ts';
import { createChangeRoutes } from './changes.ts';
import { createGuards } from './guards.ts';
import { createMetricsPage, createReadyz, healthz } from './health.ts';
import { createPeers } from './peer.ts';
import type { HttpDeps, Route } from './ports.ts';
import { type Refuse, createRefuse } from './refuse.ts';
import { type OwnRoute, createRouter } from './router.ts';
import { createSenderWatch } from './sender-watch.ts';
import { traceIdOf } from './trace.ts';
import { createUnderWay } from './under-way.ts';

export interface Http {
  readonly handler: (req: IncomingMessage, res: ServerResponse) => void;
  /** Every address served and who may pass, mounts included. */
  readonly routes: readonly Route[];
  /** Port 0 takes a free one; resolves with the one taken. */
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  /** Takes no new connections and resolves when every request is answered; `signal` cuts those that are not. */
  close(signal?: AbortSignal): Promise<void>;
}

/** The HTTP entrance: alerts by the short way, everything else by the router, one error table for both. */
export function createHttp(deps: HttpDeps): Http {
  const peers = createPeers(deps.config.TRUST_PROXY, deps.config.ALLOWED_IPS);
  const watch = createSenderWatch(deps, peers);
  const refuse = createRefuse(deps);
  const proof = createAlertProof(deps.config, peers, deps.attempts);
  const takeAlerts = createAlertEntrance(deps, proof);
  const routes = [...ownRoutes(deps, () => closing), ...createChangeRoutes(deps, proof)];
  const router = createRouter({
    routes,
    mounts: deps.mounts,
    checks: createGuards(deps.config, peers, deps.attempts, deps.hasSession),
    refuse: (err: unknown, req, res, _next) => void refuse(err, req, res, 'router'),
    turnAway: turnAwayBy(deps, refuse),
  });
  const open = createUnderWay<ServerResponse>();
  let closing = false;

  async function takeOrRefuse(req: IncomingMessage, res: ServerResponse, path: string, traceId: string): Promise<void> {
    const address = alertAddressOf(path);
    if (address === undefined) {
      res.setHeader('X-Request-Id', traceId);
      const place = open.enter(res);
      res.once('close', () => open.leave(place));
      return router(req, res);
    }
    if (!address.methods.includes(req.method ?? '')) return methodNotAllowed(res, address.methods);
    const place = open.enter(res);
    try {
      await takeAlerts(req, res, address, traceId);
      watch.accepted(req);
    } catch (err) {
      const { status, code } = refuse(err, req, res, 'alert');
      if (status < 500) watch.refused(req, status, `${status} ${code} at ${path}`);
    } finally {
      open.leave(place);
    }
  }

  const handler = (req: IncomingMessage, res: ServerResponse): void => {
    const traceId = traceIdOf(req);
    if (closing) res.setHeader('Connection', 'close');
    const { url = '/' } = req;
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    withTrace({ trace_id: traceId }, () => void takeOrRefuse(req, res, path, traceId));
  };

  const server = createServer(TIMEOUTS, handler);
  server.maxConnections = 5000;
  return {
    handler,
    routes: [...ALERT_ROUTES, ...routes, ...deps.mounts.map(({ path, guard }) => ({ methods: ['*'], path, guard }))],
    listen: (host, port) => listen(server, host, port),
    close(signal) {
      closing = true;
      // Told in time, a sender opens a new connection for its next alert instead of losing it on this one.
      for (const res of open.all()) if (!res.headersSent) res.setHeader('Connection', 'close');
      return close(server, signal);
    },
  };
}

/** People are led to the login page, or where there is none shown why they are refused. */
function turnAwayBy({ loginPath, refusalPage }: HttpDeps, refuse: Refuse): ErrorRequestHandler {
  if (loginPath !== undefined)
    return (_err, _req, res) => answer(res, 302, 'Sign in first.', {}, { Location: loginPath });
  return (err: unknown, req, res, next) =>
    void refuse(err, req, res, 'router', refusalPage && (() => refusalPage(req, res, next)));
}

const GET = ['GET', 'HEAD'];

const ownRoutes = (deps: HttpDeps, isClosing: () => boolean): readonly OwnRoute[] => [
  { methods: GET, path: '/healthz', guard: 'open', handler: healthz },
  { methods: GET, path: '/readyz', guard: 'open', handler: createReadyz(deps.readiness, isClosing) },
  { methods: GET, path: '/metrics', guard: 'metrics', handler: createMetricsPage(deps.metrics) },
];

/**
 * Go's clients keep an idle connection for 90 s; one that we close first, at the moment they use it again, loses a
 * request. The other two count from a message's first byte, so they bound slow senders and not idle ones.
 */
const TIMEOUTS = {
  keepAliveTimeout: 95_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
} as const;

function listen(server: Server, host: string, port: number): Promise<{ readonly port: number }> {
  return new Promise((resolve, reject) => {
    const refused = (err: NodeJS.ErrnoException): void => reject(explained(err, host, port));
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      const address = server.address();
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

/** The reasons a person can mend, in words; the first start on a machine often meets one of them. */
function explained(err: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = { cause: err };
  if (err.code === 'EADDRINUSE')
    return new InvalidConfig(
      `Port ${port} is taken by another program. Stop that one, or set PORT to a free one.`,
      cause,
    );
  if (err.code === 'EADDRNOTAVAIL' || err.code === 'ENOTFOUND')
    return new InvalidConfig(`HOST ${host} is no address of this machine; 0.0.0.0 listens on all of them.`, cause);
  if (err.code === 'EACCES')
    return new InvalidConfig(`Port ${port} may not be opened by this user. Set PORT to one above 1023.`, cause);
  return err;
}

function close(server: Server, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const cut = (): void => server.closeAllConnections();
    signal?.addEventListener('abort', cut, { once: true });
    // A connection that was busy a moment ago is idle only now.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearInterval(sweep);
      signal?.removeEventListener('abort', cut);
      resolve();
    });
    if (signal?.aborted === true) cut();
  });
}
