import type { IncomingMessage } from 'node:http';
import { type Attempts, demand } from './attempts.ts';
import { digestOf, matching } from './credentials.ts';
import { IpNotAllowed, Unauthorized } from './errors.ts';
import { createLoopbackOnly } from './loopback.ts';
import type { Peers } from './peer.ts';
import type { Guard, HttpConfig, HttpDeps } from './ports.ts';

/** Rejects with `Unauthorized`, `TooManyAttempts` or `IpNotAllowed` unless the request may pass. */
export type Check = (req: IncomingMessage) => Promise<void>;

/** One check per guard; `alerts` is made by the alert entrance, which needs the body for it. */
export function createGuards(
  config: HttpConfig,
  peers: Peers,
  attempts: Attempts,
  hasSession: HttpDeps['hasSession'],
): Readonly<Record<Exclude<Guard, 'alerts'>, Check>> {
  const isLoopbackOnly = createLoopbackOnly(config.PUBLIC_URL);
  const adminTokens = digests(config.ADMIN_TOKEN);
  const metricsTokens = digests(config.METRICS_TOKEN);
  const origin = URL.parse(config.PUBLIC_URL)?.origin;

  async function isOpenTo(req: IncomingMessage): Promise<boolean> {
    if (adminTokens.length === 0) return isLoopbackOnly(req);
    return isOurPage(req, origin) && (await hasSession(req));
  }

  /** A page of ours may send a header of its own along: its session counts before what is not a token of ours. */
  async function check(req: IncomingMessage, tokens: readonly Buffer[], advice: string): Promise<void> {
    const bearer = bearerOf(req);
    const credential = matching(bearer, tokens);
    if (credential === undefined && (await isOpenTo(req))) return;
    if (bearer === '' || tokens.length === 0) throw new Unauthorized(advice);
    demand(attempts.judge(req, credential), advice);
  }

  return {
    open: async () => undefined,
    own: async () => undefined,
    'own-listed': async (req) => {
      if (!peers.isAllowed(req)) throw new IpNotAllowed();
    },
    admin: (req) => check(req, adminTokens, adminAdvice(adminTokens.length > 0)),
    metrics: (req) => check(req, [...metricsTokens, ...adminTokens], METRICS_ADVICE),
  };
}

const digests = (token: string | undefined): readonly Buffer[] => (token === undefined ? [] : [digestOf(token)]);

const bearerOf = ({ headers }: IncomingMessage): string =>
  /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? '';

/** A cookie comes along with whatever page sends the request: one that changes things must come from a page of ours. */
function isOurPage({ method, headers }: IncomingMessage, publicOrigin: string | undefined): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  if (headers['sec-fetch-site'] === 'cross-site') return false;
  const { origin, host } = headers;
  if (origin === undefined || origin === publicOrigin) return true;
  return host !== undefined && URL.parse(origin)?.host === host;
}

const adminAdvice = (hasToken: boolean): string =>
  hasToken
    ? 'Send "Authorization: Bearer <ADMIN_TOKEN>", or sign in at the console.'
    : 'Only this machine may do this until a token is configured: set ADMIN_TOKEN.';

const METRICS_ADVICE =
  'Send "Authorization: Bearer <METRICS_TOKEN>"; without METRICS_TOKEN or ADMIN_TOKEN set only this machine may read metrics.';
