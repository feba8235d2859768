import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';
import type { Clock } from '../types.ts';
import type { DueWork, Watch } from './ports.ts';

/** The subject of rows that are about no single thing. */
export const EVERYTHING = 'all';

export interface PeriodicDeps {
  readonly watch: Pick<Watch, 'schedule'>;
  readonly clock: Clock;
}

/** Work that puts its own row off by `everyMs` when done; replicas share the row, so each turn is run once. */
export const repeating =
  ({ watch, clock }: PeriodicDeps, everyMs: number, work: () => Promise<void>) =>
  async ({ kind, subject }: DueWork): Promise<void> => {
    await work();
    await watch.schedule(kind, subject, clock.now() + everyMs);
  };

export interface BeatDeps {
  readonly beat: (now: number) => Promise<void>;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Writes down that this process is accepting, again and again; a failed beat only makes us look down for longer. */
export async function runBeat({ beat, everyMs, clock, log }: BeatDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await beat(clock.now());
    } catch (err) {
      log.warn({ action: 'uptime_beat_failed', err }, 'could not write down that we are accepting');
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
