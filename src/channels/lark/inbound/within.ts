import { setTimeout as sleep } from 'node:timers/promises';

/** The work's result, or `late` when there is none after `ms`; the work goes on either way. */
export async function within<T, L>(work: Promise<T>, ms: number, late: L): Promise<T | L> {
  const timer = new AbortController();
  const overdue = sleep(ms, late, { signal: timer.signal }).catch(() => late);
  try {
    return await Promise.race([work, overdue]);
  } finally {
    timer.abort();
  }
}
