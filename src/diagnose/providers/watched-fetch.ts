import { isBelow, parseBaseUrl } from './base-url.ts';
import { ModelFailed } from './model.ts';
import { networkFailure } from './network-failure.ts';
import { type Deadlines, startWatch, type Watch } from './watch.ts';
import { watchedResponse } from './watched-body.ts';

/** What one call to a provider works with. */
export interface WatchedCall {
  /**
   * `fetch` for this call, as many requests as it needs: only below the base URL, no redirect followed, bodies timed
   * and bounded. Throws `ModelFailed`; an answer with an error status is returned as `fetch` does.
   */
  readonly fetch: typeof fetch;
  /** Aborts when the call is over, whyever. */
  readonly signal: AbortSignal;
}

export interface WatchedFetch {
  /** Without its last slash. */
  readonly baseUrl: string;
  /**
   * Runs `work` under the deadlines. Throws `ModelFailed` only: at once when a deadline is missed or `signal` aborts,
   * even if `work` ends well afterwards; what `work` throws besides becomes `bad_response`. Open answers are closed.
   */
  call<T>(limits: Deadlines & { readonly signal: AbortSignal }, work: (call: WatchedCall) => Promise<T>): Promise<T>;
}

/** `fetch` as a provider may use it. Throws `ModelFailed` `misconfigured` when the base URL cannot be one. */
export function createWatchedFetch(deps: { readonly fetch: typeof fetch; readonly baseUrl: string }): WatchedFetch {
  const baseUrl = parseBaseUrl(deps.baseUrl);
  const patience = createPatience();
  return {
    baseUrl,
    async call(limits, work) {
      const watch = startWatch(limits, limits.signal);
      try {
        if (watch.failure() !== undefined) return await watch.broken;
        const call = { fetch: watchedFetch({ fetch: deps.fetch, baseUrl, patience }, watch), signal: watch.signal };
        return await Promise.race([work(call), watch.broken]);
      } catch (error) {
        throw watch.failure() ?? failureOf(error);
      } finally {
        watch.end();
      }
    },
  };
}

interface FetchDeps {
  readonly fetch: typeof fetch;
  readonly baseUrl: string;
  readonly patience: Patience;
}

function watchedFetch({ fetch, baseUrl, patience }: FetchDeps, watch: Watch): typeof fetch {
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!isBelow(address, baseUrl)) throw new ModelFailed('a call outside the base URL was refused', 'misconfigured');
    const firstByteCame = watch.arm('timeout_first_byte', watch.deadlines.firstByteMs);
    const signals = [watch.signal, init?.signal].filter((signal) => signal instanceof AbortSignal);
    try {
      const options = { ...init, ...(await patience(watch.deadlines)), redirect: 'error' } as const;
      return watchedResponse(
        await fetch(input, { ...options, signal: AbortSignal.any(signals) }),
        watch,
        firstByteCame,
      );
    } catch (error) {
      throw watch.failure() ?? networkFailure(error, new URL(baseUrl).host);
    }
  };
}

/** The `ModelFailed` that a client library wrapped, or else that something answered what nobody understands. */
function failureOf(error: unknown): ModelFailed {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if (cause instanceof ModelFailed) return cause;
    cause = cause.cause;
  }
  // Its message may quote the answer; its name cannot.
  return new ModelFailed(
    `the answer could not be read: ${error instanceof Error ? error.name : typeof error}`,
    'bad_response',
  );
}

/** `object`, since Node's types of `fetch` know another version's `Agent`. */
type Patience = (deadlines: Deadlines) => Promise<object>;

/** Options that lift the limits of 300 s which Node's own `fetch` has, for deadlines that are longer. */
function createPatience(): Patience {
  let options: Promise<object> | undefined;
  return async ({ firstByteMs, idleMs }) => {
    if (Math.max(firstByteMs, idleMs) < NODES_OWN_LIMIT_MS) return {};
    options ??= import('undici').then(({ Agent }) => ({
      dispatcher: new Agent({ headersTimeout: 0, bodyTimeout: 0 }),
    }));
    return options;
  };
}

/** It is 300 s; its timers are coarse. */
const NODES_OWN_LIMIT_MS = 295_000;
