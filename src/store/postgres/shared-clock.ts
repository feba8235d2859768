import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Log } from '../../telemetry/log.ts';
import type { Clock, EpochMs } from '../../types.ts';
import type { Database } from '../database.ts';

export interface SharedClockDeps {
  readonly database: Pick<Database, 'reader'>;
  /** This machine's. */
  readonly clock: Clock;
  readonly log: Log;
}

export interface SharedClock extends Clock {
  /** Looks at the database's clock again and again until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const EVERY_MS = 5000;
/** What a busy process may need to note when an answer came; smaller differences are no reason to move time. */
const SLACK_MS = 20;
/** Worth telling whoever looks after the machine. */
const TOLD_MS = 1000;

/**
 * The database's time, which all replicas have in common: leases, waits and due times of one are read by the others, and
 * a machine whose clock is off by more than a lease would take what others hold. Between two looks this machine's clock
 * counts on, unless it is set meanwhile: then what all of them wait for would be moved with it.
 */
export async function openSharedClock({ database, clock, log }: SharedClockDeps): Promise<SharedClock> {
  let offsetMs = 0;
  let lookedAt = { shown: clock.now(), elapsed: performance.now() };

  /** How far this machine's clock was set since the last look. */
  function setMs(shown: EpochMs): number {
    const ms = shown - lookedAt.shown - (performance.now() - lookedAt.elapsed);
    return Math.abs(ms) < TOLD_MS ? 0 : Math.round(ms);
  }

  async function look(): Promise<void> {
    const askedAt = performance.now();
    const { rows } = await sql<{
      at: number;
    }>`select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as at`.execute(database.reader);
    const shown = clock.now();
    const elapsed = performance.now();
    // Where between question and answer the database looked is not known.
    const unsureMs = (elapsed - askedAt) / 2;
    const [{ at } = { at: shown }] = rows;
    const found = Math.round(at - shown + unsureMs);
    const wasSet = setMs(shown) !== 0;
    lookedAt = { shown, elapsed };
    if (!wasSet && Math.abs(found - offsetMs) <= unsureMs + SLACK_MS) return;
    if (Math.abs(found - offsetMs) >= TOLD_MS)
      log.warn({ action: 'clock_differs', ms: -found }, 'this machine’s clock is not the database’s, which counts');
    offsetMs = found;
  }

  await look();
  return {
    now: () => {
      const shown = clock.now();
      return shown + offsetMs - setMs(shown);
    },
    run: async (signal) => {
      while (!signal.aborted) {
        await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
        // A database that fails now is told of by everybody else who needs it.
        if (!signal.aborted) await look().catch(() => undefined);
      }
    },
  };
}
