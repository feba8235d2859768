import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';
import type { Clock, EpochMs } from '../types.ts';

export interface ClockWatchDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The latest time that was written down before this process began. */
  readonly latest: () => Promise<EpochMs>;
  /** The clock shows `now`, and showed `byMs` more a moment ago. */
  readonly setBack: (now: EpochMs, byMs: number) => Promise<void>;
}

const LOOK_MS = 1000;
/** Clocks of replicas differ by less, and a wait that is longer by this is none. */
const TOLERATED_MS = 5000;

/** Looks whether the clock was set back, also while we were not running. A failure is tried again at the next look. */
export async function watchClock({ clock, log, latest, setBack }: ClockWatchDeps, signal: AbortSignal): Promise<void> {
  let shown: EpochMs | undefined;
  while (!signal.aborted) {
    try {
      shown ??= await latest();
      const now = clock.now();
      const byMs = Math.round(shown - now);
      if (byMs > TOLERATED_MS) {
        log.warn({ action: 'clock_set_back', byMs }, 'the clock was set back; what waits is moved with it');
        await setBack(now, byMs);
      }
      shown = now;
    } catch (err) {
      log.error({ action: 'clock_watch_failed', err }, 'what waits could not be moved with the clock; trying again');
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
