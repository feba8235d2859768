/** Sleep that can be cut short; a ring while nobody sleeps does it to the next sleep. */
export function createBell() {
  let ringsAt = Infinity;
  let sleeper: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const set = (at: number): void => {
    clearTimeout(timer);
    ringsAt = at;
    timer = setTimeout(() => sleeper?.(), Math.max(0, at - performance.now()));
  };
  return {
    /** In so many ms. */
    ring: (ms = 0): void => {
      const at = performance.now() + ms;
      if (at >= ringsAt) return;
      if (sleeper === undefined) ringsAt = at;
      else set(at);
    },
    wait: async (ms: number): Promise<void> => {
      await new Promise<void>((resolve) => {
        sleeper = resolve;
        set(Math.min(ringsAt, performance.now() + ms));
      });
      sleeper = undefined;
      ringsAt = Infinity;
    },
  };
}
