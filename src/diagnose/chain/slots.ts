/** Calls at once, no more than so many; those who wait are let in in their order. */
export interface Slots {
  /** Resolves to a release, or undefined when none was free within `waitMs`. Rejects with the signal's reason. */
  take(waitMs: number, signal: AbortSignal): Promise<(() => void) | undefined>;
  readonly busy: number;
}

export function createSlots(limit: number): Slots {
  const waiting = new Set<() => void>();
  let busy = 0;

  const enter = (): (() => void) => {
    busy += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      busy -= 1;
      const [next] = waiting;
      if (next === undefined) return;
      waiting.delete(next);
      next();
    };
  };

  return {
    get busy() {
      return busy;
    },
    take: (waitMs, signal) => {
      if (signal.aborted) return Promise.reject(reasonOf(signal));
      if (busy < limit) return Promise.resolve(enter());
      return new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          waiting.delete(admit);
        };
        const admit = (): void => {
          end();
          resolve(enter());
        };
        const abort = (): void => {
          end();
          reject(reasonOf(signal));
        };
        const timer = setTimeout(() => {
          end();
          resolve(undefined);
        }, waitMs);
        signal.addEventListener('abort', abort, { once: true });
        waiting.add(admit);
      });
    },
  };
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
