import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Log } from '../../telemetry/log.ts';
import type { Clock } from '../../types.ts';
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
 * counts on.
 */
export async function openSharedClock({ database, clock, log }: SharedClockDeps): Promise<SharedClock> {
  let offsetMs = 0;

  async function look(): Promise<void> {
    const askedAt = clock.now();
    const { rows } = await sql<{
      at: number;
    }>`select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as at`.execute(database.reader);
    const answeredAt = clock.now();
    const [{ at } = { at: answeredAt }] = rows;
    const found = Math.round(at - (askedAt + answeredAt) / 2);
    // Where between question and answer the database looked is not known.
    if (Math.abs(found - offsetMs) <= Math.abs(answeredAt - askedAt) / 2 + SLACK_MS) return;
    if (Math.abs(found - offsetMs) >= TOLD_MS)
      log.warn({ action: 'clock_differs', ms: -found }, 'this machine’s clock is not the database’s, which counts');
    offsetMs = found;
  }

  await look();
  return {
    now: () => clock.now() + offsetMs,
    run: async (signal) => {
      while (!signal.aborted) {
        await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
        // A database that fails now is told of by everybody else who needs it.
        if (!signal.aborted) await look().catch(() => undefined);
      }
    },
  };
}
