import { setTimeout as sleep } from 'node:timers/promises';
import type { EpochMs } from '../../types.ts';
import { type AllowanceDeps, PROBE_MS, type Spent, createAllowanceState } from './allowance-state.ts';
import { ALLOWANCE_SPENT, type Verb, isAllowanceSpent } from './errors.ts';
import { LarkRefusal } from './wire.ts';

/** The platform's own word on the month's API calls (99991403). Our count (`meter.ts`) is an estimate and stops nothing. */
export interface Allowance {
  /** When the refusals should end, at the month's end; undefined while calls are taken, as far as we know. */
  spentUntil(): EpochMs | undefined;
  /**
   * Makes a call of the app and notes what its end says. While the allowance is spent only one call an hour leaves, for
   * each may cost: it shows whether calls are taken again. All others throw `LarkRefusal` with the platform's own code
   * and what to wait, at no cost.
   */
  through<T>(verb: Verb, call: () => Promise<T>): Promise<T>;
  /** Notices the month's end while nobody calls, until the signal aborts. */
  watch(signal: AbortSignal): Promise<void>;
  /** Resolves when everybody was told of what happened so far. */
  settled(): Promise<void>;
}

/** Longest that a refused caller waits: a way around may have been set up meanwhile, and asking us costs nothing. */
const PATIENCE_MS = 5 * 60_000;
const LOOK_MS = 30_000;

/** Knows nothing until it has read what was remembered, which the first call waits for. */
export function createAllowance(deps: AllowanceDeps): Allowance {
  const { clock } = deps;
  const state = createAllowanceState(deps);

  /** Lets the hour's one call through. Whether calls that only read count is unverified, so none of them is made. */
  function admit(spent: Spent, verb: Verb): void {
    const now = clock.now();
    // More than an hour ahead: the clock was set back since.
    if (verb === 'read' || (now < spent.probeAt && spent.probeAt <= now + PROBE_MS)) throw refusal(spent, verb, now);
    state.probeAfter(now + PROBE_MS);
  }

  return {
    spentUntil: () => {
      const until = state.spent()?.until;
      return until !== undefined && clock.now() < until ? until : undefined;
    },
    through: async (verb, call) => {
      await state.restored();
      state.look();
      const spent = state.spent();
      if (spent !== undefined) admit(spent, verb);
      const seen = state.refusals();
      try {
        const value = await call();
        // A call that left before the refusal proves nothing, nor does one that may be free.
        if (verb !== 'read' && seen === state.refusals()) state.back();
        return value;
      } catch (error) {
        if (isAllowanceSpent(error)) state.refused();
        throw error;
      }
    },
    watch: async (signal) => {
      for (await state.restored(); !signal.aborted; await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined))
        state.look();
    },
    settled: state.settled,
  };
}

function refusal({ until, probeAt }: Spent, verb: Verb, now: EpochMs): LarkRefusal {
  const ms = Math.min(PATIENCE_MS, until - now, ...(verb === 'read' ? [] : [probeAt - now]));
  const end = new Date(until).toISOString();
  const words = `the month's API calls are used up (${ALLOWANCE_SPENT}), until ${end}`;
  return new LarkRefusal(words, 429, ALLOWANCE_SPENT, ms);
}
