import type { Log } from '../telemetry/log.ts';
import type { Clock, EpochMs } from '../types.ts';
import { createAttempt } from './attempt.ts';
import { createBell } from './bell.ts';
import type { DueRows, DueWork } from './ports.ts';

export interface DueLoopDeps {
  readonly kind: string;
  /** How many pieces of work at once; a function where that changes while we run. */
  readonly slots: number | (() => number);
  /** Longer than any piece takes: its signal aborts before, so that nobody else starts while it still works. */
  readonly leaseMs: number | (() => number);
  readonly due: DueRows;
  /** Rejecting means: try again later. To be due again by itself, it schedules its row anew. */
  readonly work: (work: DueWork, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** How long to sleep when nothing is due, ms; a hint wakes earlier. */
  readonly pollMs?: number;
}

/** A loop over due-rows of one kind: `run` until the signal aborts, `wake` when a commit has made some. */
export interface DueLoop {
  readonly kind: string;
  /** `at`: when the first of them is due; nothing is looked up before. */
  wake(at: EpochMs): void;
  run(signal: AbortSignal): Promise<void>;
}

const POLL_MS = 1000;

interface Claimed {
  readonly started: readonly Promise<void>[];
  readonly sleepMs: number;
}

/** Each kind has a loop and slots of its own, so that slow work of one never holds up another. */
export function createDueLoop(deps: DueLoopDeps): DueLoop {
  const { kind, due, clock, log, pollMs = POLL_MS } = deps;
  const free = (): number => valueOf(deps.slots) - busy;
  const bell = createBell();
  const attempt = createAttempt(deps);
  let busy = 0;

  async function run(signal: AbortSignal): Promise<void> {
    const held = new Set<Promise<void>>();
    signal.addEventListener('abort', () => bell.ring(), { once: true });
    while (!signal.aborted) {
      const { started, sleepMs } = await claim(signal);
      for (const piece of started) {
        held.add(piece);
        void piece.finally(() => held.delete(piece));
      }
      if (started.length === 0 || free() <= 0) await bell.wait(sleepMs);
    }
    await Promise.all(held);
  }

  /** Sleeps until the next row is due, a poll at most. A database that fails now is asked again after that. */
  async function claim(signal: AbortSignal): Promise<Claimed> {
    const nothing = (sleepMs = pollMs): Claimed => ({ started: [], sleepMs });
    if (free() <= 0) return nothing();
    try {
      const now = clock.now();
      const next = await due.next(kind, now);
      if (next === undefined) return nothing();
      if (next > now) return nothing(Math.min(pollMs, next - now));
      const leaseMs = valueOf(deps.leaseMs);
      const works = await due.claim(kind, free(), now, leaseMs);
      return { started: works.map((work) => start(work, leaseMs, signal)), sleepMs: pollMs };
    } catch (err) {
      log.warn({ action: 'job_claim_failed', kind, err }, 'could not look for due work');
      return nothing();
    }
  }

  async function start(work: DueWork, leaseMs: number, signal: AbortSignal): Promise<void> {
    busy += 1;
    try {
      await attempt(work, leaseMs, signal);
    } finally {
      busy -= 1;
      bell.ring();
    }
  }

  return { kind, wake: (at) => bell.ring(at - clock.now()), run };
}

const valueOf = (amount: number | (() => number)): number => (typeof amount === 'number' ? amount : amount());
