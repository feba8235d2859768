import { type Answer, refuse, throttled } from './answer.ts';
import { type Deps, MINUTE } from './deps.ts';
import type { Call } from './routes.ts';
import type { Tokens } from './token.ts';

const PER_SECOND = 50;
const PER_MINUTE = 1000;

/** What stands before every open API: the token, the month's calls, then the app's limits per API (50 a second and 1000 a minute). */
export function createGateway({ throttle, settings, quota }: Deps, tokens: Tokens) {
  return (route: string, { headers }: Call): Answer | undefined => {
    const refusal = tokens.refusal(headers.authorization) ?? charge(quota);
    if (refusal || !settings.throttles) return refusal;
    // A request that one limit refuses counts for no other.
    const wait =
      throttle.take(`second:${route}`, PER_SECOND, 1000) || throttle.take(`minute:${route}`, PER_MINUTE, MINUTE);
    return wait === 0 ? undefined : throttled(Math.ceil(wait / 1000), PER_SECOND);
  };
}

/** Paths that need no token of an app. */
export const isOpen = (path: string): boolean =>
  path.startsWith('/open-apis/auth/') || path.startsWith('/open-apis/bot/v2/hook/') || path.startsWith('/callback/');

/** Which calls count, and whether refused ones do, is unverified: here every call that came in with a token. */
function charge(quota: Deps['quota']): Answer | undefined {
  quota.calls -= 1;
  return quota.calls < 0 ? refuse(99991403, 'This month’s API call quota has been exceeded.') : undefined;
}
