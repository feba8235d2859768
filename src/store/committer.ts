import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '../errors.ts';
import type { AcceptAlerts, Accepted } from '../incident/ports.ts';
import type { Log } from '../telemetry/log.ts';
import { type Item, LIMITS, type Limits, type Part, bytesOf, createQueue } from './commit-queue.ts';
import { type RunDeps, createRunner } from './commit-run.ts';
import type { Hint, Trx, Write } from './database.ts';
import { createGuard } from './guard.ts';
import { mergeAccepted, splitArrival } from './split.ts';

export interface CommitterDeps extends Omit<RunDeps, 'announce' | 'stored'> {
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  /** Called after each commit, before its callers are answered, with what its transaction hinted, each hint once. */
  readonly onCommit: (hints: readonly Hint[]) => void;
  /** Told after each batch whether the storage took it. */
  readonly health?: { readonly wrote: () => void; readonly failed: (error: AppError) => void };
}

/** Batches under way where the engine queues them itself: it stores one while the next one is on its way. */
const AHEAD = 2;

export interface Committer {
  readonly write: Write;
  readonly accept: AcceptAlerts;
  /** Requests not yet answered. */
  readonly waiting: () => number;
  /** Resolves once nothing waits any more. */
  readonly drain: () => Promise<void>;
}

/**
 * The one way to write: whatever arrives while a transaction runs shares the next one, and each caller is answered
 * after its commit. An arrival too large for one transaction takes several and is answered after the last; if the
 * storage fails in between, its sender repeats it and the part already stored counts as repeats.
 */
export function createCommitter(deps: CommitterDeps): Committer {
  const limits = { ...LIMITS, ...deps.limits };
  const alone = deps.acceptAlone !== undefined;
  const queue = createQueue(limits, alone);
  const runner = createRunner({ ...deps, announce: announcer(deps), stored: queue.stored });
  // The loop outlives whoever woke it, so it must not run under that caller's trace.
  const outside = AsyncLocalStorage.snapshot();
  const guard = createGuard('write was called inside the work of another, for which it would wait for ever');
  const ahead = new Set<Promise<void>>();
  let inFlight = 0;
  let looping = false;
  let rouse: (() => void) | undefined;

  async function loop(): Promise<void> {
    looping = true;
    try {
      // Whatever else this turn of the event loop brings goes along.
      if (alone) await nextTurn();
      while (queue.count() > 0) {
        if (ahead.size >= (alone && queue.full() ? AHEAD : 1)) {
          await Promise.race([...ahead, roused()]);
          continue;
        }
        const batch = queue.take();
        if (batch.length === 0) {
          await rested(queue.restMs());
          continue;
        }
        const storing = store(batch).finally(() => ahead.delete(storing));
        ahead.add(storing);
      }
    } finally {
      looping = false;
    }
  }
  async function store(batch: readonly Item[]): Promise<void> {
    inFlight += batch.length;
    const startedAt = performance.now();
    const { left, outage } = await runner.run(batch);
    queue.putBack(left);
    // With nothing in line the loop may have ended meanwhile.
    if (left.length > 0) wake();
    if (batch.some(({ kind }) => kind === 'work')) queue.worked(performance.now() - startedAt);
    inFlight -= batch.length;
    if (outage === undefined) deps.health?.wrote();
    else {
      deps.health?.failed(outage);
      for (const item of queue.takeAll()) item.reject(outage);
    }
  }
  /** Until the time has passed or something new has come. */
  const rested = async (ms: number): Promise<void> => {
    const timer = new AbortController();
    await Promise.race([roused(), sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
  };
  /** Until something new has come. */
  const roused = (): Promise<void> =>
    new Promise((resolve) => {
      rouse = resolve;
    });
  const wake = (): void => {
    rouse?.();
    if (!looping) void outside(loop);
  };

  return {
    write: (priority, work) =>
      new Promise((resolve, reject) => {
        guard.refuseInside();
        let value: Awaited<ReturnType<typeof work>>;
        const keeping = async (trx: Trx): Promise<void> => {
          value = await guard.inside(() => work(trx));
        };
        queue.pushWork({ kind: 'work', priority, work: keeping, resolve: () => resolve(value), reject });
        wake();
      }),
    accept: async (arrival) => {
      guard.refuseInside();
      const waiting = splitArrival(arrival, queue.mostAlerts()).map(pending);
      queue.pushParts(waiting.map(({ part }) => part));
      wake();
      const accepted = mergeAccepted(await Promise.all(waiting.map(({ answer }) => answer)));
      for (const { id, created } of accepted.incidents) {
        if (created) deps.log.info({ action: 'incident_opened', incident_id: id }, 'incident opened');
      }
      return accepted;
    },
    waiting: () => queue.count() + inFlight,
    drain: async () => {
      while (queue.count() > 0 || ahead.size > 0) await Promise.race([...ahead, sleep(5)]);
    },
  };
}

function pending(arrival: Part['arrival']): { readonly part: Part; readonly answer: Promise<Accepted> } {
  const { promise, resolve, reject } = Promise.withResolvers<Accepted>();
  return { part: { kind: 'arrival', arrival, bytes: bytesOf(arrival), resolve, reject }, answer: promise };
}

const announcer =
  ({ onCommit, log }: CommitterDeps) =>
  (hints: readonly Hint[]): void => {
    try {
      onCommit(hints);
    } catch (err) {
      log.error({ action: 'commit_hints', err }, 'a listener to commits failed');
    }
  };
