import type { AppError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, EpochMs } from '../types.ts';
import { writeFact } from './facts.ts';
import { StorageLost } from './faults.ts';
import type { Write } from './database.ts';

const PROBE_MS = 2000;

export interface StorageHealth {
  /** For the committer: how each batch ended. */
  readonly wrote: () => void;
  readonly failed: (error: AppError) => void;
  /** For readiness: since when writing fails and why; `undefined` while it works. */
  readonly failure: () => { readonly since: EpochMs; readonly reason: string } | undefined;
  /** While red, one small write every 2 s, so that it turns green by itself. Resolves when `signal` aborts. */
  readonly run: (write: Write, signal: AbortSignal) => Promise<void>;
}

export interface StorageHealthDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Told once when this process will never write again. */
  readonly onLost?: (error: StorageLost) => void;
}

/** Knows whether the last write succeeded. */
export function createStorageHealth({ clock, log, onLost }: StorageHealthDeps): StorageHealth {
  let lost = false;
  let failure: { since: EpochMs; reason: string } | undefined;
  let reddened = Promise.withResolvers<void>();
  return {
    wrote: () => {
      if (failure === undefined) return;
      const seconds = Math.round((clock.now() - failure.since) / 1000);
      log.info({ action: 'storage_recovered', seconds }, 'the storage takes writes again');
      failure = undefined;
    },
    failed: (error) => {
      if (failure === undefined) log.error({ action: 'storage_failed', err: error }, 'the storage refuses writes');
      failure = { since: failure?.since ?? clock.now(), reason: error.message };
      if (error instanceof StorageLost && !lost) {
        lost = true;
        onLost?.(error);
      }
      reddened.resolve();
    },
    failure: () => failure,
    run: async (write, signal) => {
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      while (!signal.aborted) {
        if (failure === undefined) {
          reddened = Promise.withResolvers<void>();
          await Promise.race([reddened.promise, aborted]);
        } else {
          await pause(PROBE_MS, signal);
          if (failure !== undefined) await probe(write, clock);
        }
      }
    },
  };
}

/** Its outcome reaches `wrote` or `failed` through the committer like any other's. */
const probe = (write: Write, clock: Clock): Promise<void> =>
  write('job', (trx) => writeFact(trx, 'storage_probe', String(clock.now()))).catch(() => undefined);

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
