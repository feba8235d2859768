/** Remembers what was rung for until somebody takes it, and lets that somebody sleep in between. */
export function createBell() {
  let rung = new Set<string>();
  let sleeper: (() => void) | undefined;
  const timers = new Map<string, NodeJS.Timeout>();

  function ring(id: string): void {
    rung.add(id);
    sleeper?.();
  }

  return {
    ring,
    /** Rings later; while one is set for an id, others are not: who is woken looks anew. */
    ringIn(id: string, ms: number): void {
      if (timers.has(id)) return;
      const timer = setTimeout(() => {
        timers.delete(id);
        ring(id);
      }, ms);
      timers.set(id, timer);
    },
    /** Everything rung for so far, in the order it was; waits for the first, or for `signal`. */
    async take(signal: AbortSignal): Promise<readonly string[]> {
      if (rung.size === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          sleeper = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        sleeper = undefined;
      }
      const taken = [...rung];
      rung = new Set();
      return taken;
    },
    waiting: () => rung.size,
    silence(): void {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
