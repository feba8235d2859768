/** The simulator's own time: it stands still until a test moves it, or runs with the machine's. */
export interface SimulatedClock {
  now(): number;
  /** Runs `work` once `ms` have passed; late is possible, early is not. */
  after(ms: number, work: () => Promise<void>): void;
  /** Moves time by `ms`, doing in order whatever falls due on the way and waiting for each. */
  advance(ms: number): Promise<void>;
  stop(): void;
}

interface Due {
  readonly at: number;
  readonly work: () => Promise<void>;
}

/** `standing` clocks move by `advance` alone; others follow the machine, and `advance` adds to that. */
export function createSimulatedClock({
  standing = false,
  start = Date.now(),
}: { standing?: boolean; start?: number } = {}): SimulatedClock {
  const began = Date.now();
  let skew = start - began;
  let due: readonly Due[] = [];
  const now = (): number => (standing ? began : Date.now()) + skew;
  const ready = (): Due | undefined => due.find(({ at }) => at <= now());
  async function runReady(): Promise<void> {
    for (let next = ready(); next !== undefined; next = ready()) {
      const chosen = next;
      due = due.filter((other) => other !== chosen);
      await chosen.work();
    }
  }
  const ticking = standing ? undefined : setInterval(() => void runReady(), 20);
  ticking?.unref();

  return {
    now,
    after(ms, work) {
      due = [...due, { at: now() + ms, work }].toSorted((a, b) => a.at - b.at);
    },
    async advance(ms) {
      const end = now() + ms;
      for (let next = due[0]; next !== undefined && next.at <= end; next = due[0]) {
        skew += Math.max(0, next.at - now());
        await runReady();
      }
      skew += Math.max(0, end - now());
    },
    stop: () => clearInterval(ticking),
  };
}
