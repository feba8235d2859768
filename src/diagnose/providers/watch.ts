import { ModelFailed, type ModelFault } from './model.ts';

/** How long each part of a call may take, ms. */
export interface Deadlines {
  /** From the request to the first byte of the answer's body. */
  readonly firstByteMs: number;
  /** Between two chunks of bytes, whatever they say: keep-alives count. */
  readonly idleMs: number;
  readonly totalMs: number;
}

/** For whoever only asks whether a server is there: nothing it says then takes thought. */
export const PROBE_DEADLINES: Deadlines = { firstByteMs: 10_000, idleMs: 10_000, totalMs: 15_000 };

type Timeout = Extract<ModelFault, `timeout_${string}`>;

/** One call being watched: the first thing that goes wrong ends it. */
export interface Watch {
  readonly deadlines: Deadlines;
  /** Aborts at the first deadline missed, or with the caller's own. */
  readonly signal: AbortSignal;
  /** Why it was aborted. */
  failure(): ModelFailed | undefined;
  /** Rejects with the same. */
  readonly broken: Promise<never>;
  /** Starts a deadline; the returned function takes it back. */
  arm(timeout: Timeout, ms: number): () => void;
  /** Closes whatever is still open. */
  end(): void;
}

export function startWatch(deadlines: Deadlines, outer: AbortSignal): Watch {
  const controller = new AbortController();
  const { promise: broken, reject } = Promise.withResolvers<never>();
  // Nobody may be listening any more when it breaks.
  broken.catch(() => undefined);
  const armed = new Set<() => void>();
  let failure: ModelFailed | undefined;
  const fail = (message: string, fault: ModelFault): void => {
    if (failure !== undefined || controller.signal.aborted) return;
    failure = new ModelFailed(message, fault, { retry: fault === 'cancelled' ? 'never' : 'backoff' });
    reject(failure);
    controller.abort(failure);
  };
  const arm: Watch['arm'] = (timeout, ms) => {
    let late: NodeJS.Immediate | undefined;
    const miss = (): void => fail(`${SAID[timeout]} within ${ms} ms`, timeout);
    // Where this process stood still itself, the bytes are there and unread: they are read before this comes to its turn.
    const timer = setTimeout(() => (late = setImmediate(miss)), Math.min(ms, LONGEST_TIMER_MS));
    const disarm = (): void => {
      clearTimeout(timer);
      clearImmediate(late);
      armed.delete(disarm);
    };
    armed.add(disarm);
    return disarm;
  };
  const cancel = (): void => fail('the call was cancelled', 'cancelled');
  outer.addEventListener('abort', cancel, { once: true });
  arm('timeout_total', deadlines.totalMs);
  if (outer.aborted) cancel();
  const end = (): void => {
    outer.removeEventListener('abort', cancel);
    armed.forEach((disarm) => disarm());
    controller.abort();
  };
  return { deadlines, signal: controller.signal, failure: () => failure, broken, arm, end };
}

/** A longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const SAID: Readonly<Record<Timeout, string>> = {
  timeout_first_byte: 'no first byte',
  timeout_idle: 'no further byte',
  timeout_total: 'no complete answer',
};
