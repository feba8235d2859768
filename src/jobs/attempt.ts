import type { Log } from '../telemetry/log.ts';
import type { Clock } from '../types.ts';
import type { DueRows, DueWork } from './ports.ts';

export interface AttemptDeps {
  readonly kind: string;
  readonly due: Pick<DueRows, 'complete' | 'retry'>;
  readonly work: (work: DueWork, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

const BACKOFF = { baseMs: 1000, capMs: 60_000 };
/** Share of the lease a piece of work may use. */
const DEADLINE = 0.8;

/** Does one claimed piece of work within its lease and writes how it ended; what fails is due again. Never rejects. */
export function createAttempt({ kind, due, work, clock, random, log }: AttemptDeps) {
  /** When even this fails, the lease runs out and the row comes back by itself. */
  async function again(piece: DueWork, err: unknown): Promise<void> {
    const afterMs = Math.floor(random() * Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** piece.attempts));
    const { subject, attempts } = piece;
    log.warn({ action: 'job_failed', kind, subject, attempts, retry_ms: afterMs, err }, 'a job failed');
    try {
      await due.retry(piece, clock.now() + afterMs, err instanceof Error ? err.message : String(err));
    } catch (error) {
      log.warn({ action: 'job_retry_failed', kind, subject, err: error }, 'could not put a job back');
    }
  }

  return async (piece: DueWork, leaseMs: number, signal: AbortSignal): Promise<void> => {
    try {
      await work(piece, AbortSignal.any([signal, AbortSignal.timeout(leaseMs * DEADLINE)]));
      await due.complete(piece);
    } catch (err) {
      await again(piece, err);
    }
  };
}
