import { z } from 'zod';
import { PlatformUnavailable } from '../../errors.ts';
import type { Clock, EpochMs } from '../../types.ts';

/** The app's access token, asked for once however many calls need it. */
export interface Tokens {
  /** A token that should live; asks for one when there is none. Throws what asking threw. */
  current(): Promise<string>;
  /** Forgets a token that the platform called dead, unless another has taken its place already. */
  evict(token: string): void;
}

export interface TokensDeps {
  /** The body of the platform's answer, whose fields are at its top level. */
  readonly ask: () => Promise<unknown>;
  readonly clock: Clock;
}

const Answer = z.object({ tenant_access_token: z.string().min(1), expire: z.unknown().optional() });

/** A token handed out has half an hour at least, two hours at most (platform fact: `tenant_access_token_internal`). */
const LEAST_SECONDS = 30 * 60;
const MOST_SECONDS = 2 * 60 * 60;
/** Renewed this long before its end, so that no call starts with a token that dies on the way. */
const MARGIN_MS = 3 * 60_000;

/**
 * The SDK's own cache keeps a token for ever when `expire` is missing, never forgets a dead one, and lets five parallel
 * first calls ask five times; hence ours.
 */
export function createTokens({ ask, clock }: TokensDeps): Tokens {
  let kept: { readonly token: string; readonly until: EpochMs } | undefined;
  let flying: Promise<string> | undefined;

  const fetchToken = async (): Promise<string> => {
    const answer = Answer.safeParse(await ask());
    if (!answer.success) throw new PlatformUnavailable('lark answered without an access token', false);
    const { tenant_access_token: token, expire } = answer.data;
    kept = { token, until: clock.now() + secondsOf(expire) * 1000 - MARGIN_MS };
    return token;
  };
  return {
    current: () => {
      if (kept !== undefined && kept.until > clock.now()) return Promise.resolve(kept.token);
      flying ??= fetchToken().finally(() => {
        flying = undefined;
      });
      return flying;
    },
    evict: (token) => {
      if (kept?.token === token) kept = undefined;
    },
  };
}

const secondsOf = (expire: unknown): number =>
  typeof expire === 'number' && Number.isFinite(expire)
    ? Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, expire))
    : LEAST_SECONDS;
