/**
 * Milliseconds that this thread has worked for `run`, the best of three: what others on the machine do at the same time is
 * not in it. Of one synchronous piece, this is how long the event loop stands still.
 */
export const workedFor = (run: () => unknown): number =>
  Math.min(
    ...Array.from({ length: 3 }, () => {
      const worked = createStopwatch();
      run();
      return worked();
    }),
  );

/** The same of work that waits now and then; the waits are not in it. */
export async function workedUntil(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  while (times.length < 3) {
    const worked = createStopwatch();
    await run();
    times.push(worked());
  }
  return Math.min(...times);
}

/** Tells for how many ms this thread has worked since. */
export function createStopwatch(): () => number {
  const before = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
}
