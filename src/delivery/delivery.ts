import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { Trx } from '../store/database.ts';
import { createAppGates } from './app-gates.ts';
import { createBell } from './bell.ts';
import { keepHouse } from './house.ts';
import { createLanes, roomIn, slotsOf } from './lanes.ts';
import type { NewMessage } from './outbox.ts';
import type { DeliveryDeps } from './ports.ts';
import { claimRound } from './round.ts';
import type { Settled } from './settle.ts';
import { type LaneDeps, startCalls } from './work-lane.ts';

/** Targets of one claiming transaction: more only make each of them wait. */
const MAX_TARGETS = 64;
const RETRY_MS = 1000;
/** Tries to write a result that fails for no passing reason, or while stopping; beyond, the lease ends and the call is repeated. */
const LAST_TRIES = 3;

/** What the rest of the program does with delivery. */
export interface Delivery {
  /** Works until `signal` aborts, then finishes what is under way and gives its lanes back. */
  run(signal: AbortSignal): Promise<void>;
  /** A hint that this target has work; losing one costs a poll. */
  wake(targetId: string): void;
  /** Stores a message to be sent once, in the caller's transaction; undefined when its `dedupeKey` is known. */
  enqueue(trx: Trx, message: NewMessage): Promise<string | undefined>;
  stats(): { readonly lanes: number; readonly inFlight: number; readonly waiting: number };
}

/**
 * The reconciler: makes what every placement shows reach what it wants to show, and sends one-shot messages. One loop
 * claims for all lanes at once, so that many woken targets share a transaction; calls run on their own.
 */
export function createDelivery(given: DeliveryDeps): Delivery {
  const bell = createBell();
  const gates = createAppGates(bell.ring);
  const lanes = createLanes();
  let stopping = false;
  const deps: LaneDeps = { ...given, lanes, bell, gates, persist, holder: randomUUID(), newKey: randomUUID };
  const { log, clock, write, store } = deps;

  async function persist(work: (trx: Trx) => Promise<Settled>): Promise<Settled | undefined> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write('delivery', work);
      } catch (err) {
        log.error({ action: 'delivery_write', tries, err }, 'a result waits to be written');
        const passing = err instanceof AppError;
        if ((stopping || !passing) && tries >= LAST_TRIES) return undefined;
        await sleep(RETRY_MS);
      }
    }
  }

  /** Those of the woken targets that may be called now; the others are woken when they may. */
  function withRoom(ids: readonly string[]): readonly string[] {
    const now = clock.now();
    return ids.filter((id) => {
      const lane = lanes.get(id);
      if (lane === undefined) return true;
      const app = lane.channel.appPacing;
      if (app !== undefined && gates.stops(app.key, id, now)) return false;
      if (slotsOf(lane, now) > 0) return true;
      lane.crowded = true;
      const ms = roomIn(lane, now);
      if (ms !== undefined) bell.ringIn(id, ms);
      return false;
    });
  }

  async function round(ids: readonly string[]): Promise<void> {
    try {
      startCalls(await write('delivery', (trx) => claimRound(trx, ids, deps)), deps);
    } catch (err) {
      log.error({ action: 'delivery_round', err }, 'could not claim work; trying again');
      for (const id of ids) bell.ringIn(id, RETRY_MS);
    }
  }

  async function serve(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // In the order they rang: of the lanes that wait for one app's tokens, those of one round were not in the last.
      let ids = withRoom(await bell.take(signal));
      while (ids.length > 0 && !signal.aborted) {
        await round(ids.slice(0, MAX_TARGETS));
        ids = withRoom(ids.slice(MAX_TARGETS));
      }
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    await Promise.all([serve(signal), keepHouse(deps, signal)]);
    stopping = true;
    gates.silence();
    bell.silence();
    await Promise.allSettled(lanes.all().flatMap(({ inFlight }) => [...inFlight.values()]));
    try {
      await write('delivery', (trx) => store.releaseTargets(trx, deps.holder));
    } catch (err) {
      log.warn({ action: 'delivery_stop', err }, 'could not give the lanes back; their leases run out');
    }
  }

  return {
    run,
    wake: bell.ring,
    enqueue: (trx, message) => store.enqueue(trx, message, clock.now()),
    stats: () => ({
      lanes: lanes.all().length,
      inFlight: lanes.all().reduce((sum, { inFlight }) => sum + inFlight.size, 0),
      waiting: bell.waiting(),
    }),
  };
}
