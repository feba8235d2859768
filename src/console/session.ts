import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../types.ts';

export interface SessionDeps {
  readonly clock: Clock;
  /** Signs the cookies. */
  readonly secretKey: string;
  /** What a person signs in with; another token ends all sessions. */
  readonly adminToken: string;
  /** Over https the cookie never travels in the clear. */
  readonly secure: boolean;
}

export type Sessions = ReturnType<typeof createSessions>;

const COOKIE = 'zhiban_session';
const LIFETIME_MS = 12 * 3_600_000;

/** Sessions of the console without a table: a signed expiry in a cookie that no script can read. */
export function createSessions({ clock, secretKey, adminToken, secure }: SessionDeps) {
  const key = createHmac('sha256', secretKey).update(`console session ${adminToken}`).digest();
  const sign = (expires: string): string => createHmac('sha256', key).update(expires).digest('base64url');
  const cookie = (value: string, maxAgeSeconds: number): string =>
    `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`;

  return {
    /** The `Set-Cookie` of a new session when the token is right. */
    open(token: string): string | undefined {
      if (!sameText(token, adminToken)) return undefined;
      const expires = String(clock.now() + LIFETIME_MS);
      return cookie(`${expires}.${sign(expires)}`, LIFETIME_MS / 1000);
    },
    /** The `Set-Cookie` that ends a session. */
    close: (): string => cookie('', 0),
    isOpen(request: IncomingMessage): boolean {
      const value = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1] ?? '';
      const [expires = '', signature = ''] = value.split('.');
      return sameText(signature, sign(expires)) && Number(expires) > clock.now();
    },
  };
}

/** Equal-length digests, so that time tells neither length nor place. */
const sameText = (a: string, b: string): boolean =>
  timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
