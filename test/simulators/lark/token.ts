import { type Answer, isJson, refuse } from './answer.ts';
import { makeId } from './ids.ts';
import type { App } from './world.ts';

const LIFE_SECONDS = 7200;
const SAME_ABOVE_SECONDS = 1800;

/** Tenant access tokens: top-level answer, the same one while at least 30 minutes are left, two valid at the seam. */
export interface Tokens {
  issue(body: unknown): Answer;
  /** Undefined when the request may pass. */
  refusal(authorization: string | undefined): Answer | undefined;
  /** Kills every token, as an admin's reset does; the next `issue` makes a new one. */
  revoke(form?: DeadTokenForm): void;
  readonly issued: () => number;
}

/** Reports disagree whether a dead token comes with HTTP 400 or 200: both exist here. */
export type DeadTokenForm = 'http-400' | 'http-200';

export function createTokens(app: App, now: () => number): Tokens {
  let live = new Map<string, number>();
  let issued = 0;
  let form: DeadTokenForm = 'http-400';
  const left = (token: string): number => Math.floor(((live.get(token) ?? 0) - now()) / 1000);

  function current(): string {
    const old = [...live.keys()].find((token) => left(token) >= SAME_ABOVE_SECONDS);
    if (old !== undefined) return old;
    const token = makeId('t-');
    live.set(token, now() + LIFE_SECONDS * 1000);
    return token;
  }

  return {
    issue(body) {
      if (!isJson(body) || body['app_id'] !== app.id) return refuse(10003, 'invalid param', 200);
      if (body['app_secret'] !== app.secret) return refuse(10014, 'app secret invalid', 200);
      issued += 1;
      const token = current();
      return { status: 200, body: { code: 0, msg: 'ok', tenant_access_token: token, expire: left(token) } };
    },
    refusal(authorization) {
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return refuse(99991661, 'Missing access token for authorization.');
      if (!token.startsWith('t-')) return refuse(99991671, 'Invalid access token format.');
      if (left(token) > 0) return undefined;
      return refuse(99991663, 'Invalid access token for authorization.', form === 'http-200' ? 200 : 400);
    },
    revoke(chosen = 'http-400') {
      form = chosen;
      live = new Map();
    },
    issued: () => issued,
  };
}
