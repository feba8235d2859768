import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from '../support/replicas.ts';

const EVERY_MS = 2000;

/** Looks at the processes while they work: their peak resident memory, their event loop's p99. */
export function createMeter(replicas: readonly Replica[]) {
  let rssMb = 0;
  const loops: number[] = [];

  async function look(replica: Replica): Promise<void> {
    try {
      const status = readFileSync(`/proc/${replica.pid()}/status`, 'utf8');
      rssMb = Math.max(rssMb, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
      const response = await fetch(`${replica.url()}/metrics`, { signal: AbortSignal.timeout(1000) });
      const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(await response.text())?.[1];
      if (seconds !== undefined) loops.push(Number(seconds) * 1000);
    } catch {
      // It is being killed or is stopped.
    }
  }

  return {
    run: async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        for (const replica of replicas) await look(replica);
        await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
    read: () => {
      const sorted = loops.toSorted((a, b) => a - b);
      return { rssMb, loopP99Ms: { median: sorted[Math.floor(sorted.length / 2)], most: sorted.at(-1) } };
    },
  };
}
