import { randomUUID } from 'node:crypto';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import { createAppGates } from './app-gates.ts';
import { createBell } from './bell.ts';
import { keepHouse } from './house.ts';
import { createLanes } from './lanes.ts';
import type { NewMessage } from './outbox.ts';
import type { DeliveryDeps } from './ports.ts';
import { createPersist } from './persist.ts';
import { claimRound } from './round.ts';
import { withRoom } from './with-room.ts';
import { type LaneDeps, startCalls } from './work-lane.ts';

/** Targets of one claiming transaction: more only make each of them wait. */
const MAX_TARGETS = 64;
const RETRY_MS = 1000;

/** What the rest of the program does with delivery. */
export interface Delivery {
  /** Works until `signal` aborts, then finishes what is under way and gives its lanes back. */
  run(signal: AbortSignal): Promise<void>;
  /** A hint that this target has work; losing one costs a poll. */
  wake(targetId: string): void;
  /** Stores a message to be sent once, in the caller's transaction; undefined when its `dedupeKey` is known. */
  enqueue(trx: Trx, message: NewMessage): Promise<string | undefined>;
  /** The clock was set back by `byMs` and shows `now`: what this process waits for is moved as far. */
  setBack(now: EpochMs, byMs: number): void;
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
  const persist = createPersist({ ...given, isStopping: () => stopping });
  const deps: LaneDeps = { ...given, lanes, bell, gates, persist, holder: randomUUID(), newKey: randomUUID };
  const { log, clock, write, store } = deps;

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
      let ids = withRoom(await bell.take(signal), deps);
      while (ids.length > 0 && !signal.aborted) {
        await round(ids.slice(0, MAX_TARGETS));
        ids = withRoom(ids.slice(MAX_TARGETS), deps);
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
    setBack(now, byMs) {
      for (const lane of lanes.all()) if (lane.pausedUntil > now) lane.pausedUntil -= byMs;
      gates.setBack(now, byMs);
    },
    enqueue: (trx, message) => store.enqueue(trx, message, clock.now()),
    stats: () => ({
      lanes: lanes.all().length,
      inFlight: lanes.all().reduce((sum, { inFlight }) => sum + inFlight.size, 0),
      waiting: bell.waiting(),
    }),
  };
}
