import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../../telemetry/log.ts';
import type { Clock, EpochMs } from '../../types.ts';
import { ALLOWANCE_SPENT, type Verb, isAllowanceSpent } from './errors.ts';
import type { Months } from './months.ts';
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

export interface AllowanceDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly months: Months;
  /** Outlives the process: a restart asks the platform nothing, and whoever was told hears of the end. */
  readonly memory: { read(): Promise<string | undefined>; write(text: string): Promise<void> };
  /** The platform refused a call for the first time; told again when a crash came between. */
  readonly onSpent: (month: string) => Promise<void>;
  /** A call was taken again, or the month is over. */
  readonly onBack: (month: string) => Promise<void>;
}

interface Spent {
  readonly month: string;
  readonly until: EpochMs;
  probeAt: EpochMs;
}

const PROBE_MS = 60 * 60_000;
/** Longest that a refused caller waits: a way around may have been set up meanwhile, and asking us costs nothing. */
const PATIENCE_MS = 5 * 60_000;
const LOOK_MS = 30_000;

/** Knows nothing until it has read what was remembered, which the first call waits for. */
export function createAllowance(deps: AllowanceDeps): Allowance {
  const { clock, log, months, memory } = deps;
  const telling = createTelling(log);
  let spent: Spent | undefined;
  let refusals = 0;
  let restoring: Promise<void> | undefined;

  const spentSince = (at: EpochMs): Spent => ({ month: months.of(at), until: months.end(at), probeAt: at + PROBE_MS });

  function refused(): void {
    const at = clock.now();
    const known = spent !== undefined;
    const { month, until } = (spent = spentSince(at));
    refusals += 1;
    if (!known) log.error({ action: 'lark_allowance_spent', month, until }, 'the month’s API calls are used up');
    telling.add(async () => {
      // Written last: what is remembered was told.
      if (!known) await deps.onSpent(month);
      await memory.write(JSON.stringify({ month, at }));
    });
  }

  function back({ month }: Spent): void {
    spent = undefined;
    log.info({ action: 'lark_allowance_back', month }, 'API calls are taken again');
    telling.add(async () => {
      await deps.onBack(month);
      await memory.write('null');
    });
  }

  const look = (): void => {
    if (spent !== undefined && clock.now() >= spent.until) back(spent);
  };
  const restore = async (): Promise<void> => {
    const read = await recall(deps);
    spent = read && spentSince(read.at);
  };
  const restored = (): Promise<void> => (restoring ??= restore());

  return {
    spentUntil: () => (spent !== undefined && clock.now() < spent.until ? spent.until : undefined),
    through: async (verb, call) => {
      await restored();
      look();
      if (spent !== undefined) admit(spent, verb, clock.now());
      const seen = refusals;
      try {
        const value = await call();
        // A call that left before the refusal proves nothing, nor does one that may be free.
        if (spent !== undefined && verb !== 'read' && seen === refusals) back(spent);
        return value;
      } catch (error) {
        if (isAllowanceSpent(error)) refused();
        throw error;
      }
    },
    watch: async (signal) => {
      for (await restored(); !signal.aborted; await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined))
        look();
    },
    settled: telling.settled,
  };
}

/** The fact by which a spent allowance is remembered. */
export const allowanceFact = (appId: string): string => `lark_allowance:${appId}`;

const Remembered = z.object({ month: z.string(), at: z.number() });

/** The month (`2026-11`) and when the platform refused; undefined when nothing is spent. Throws for what is no JSON. */
export const readAllowanceFact = (text: string | undefined) => Remembered.safeParse(JSON.parse(text ?? 'null')).data;

async function recall({ memory, log }: Pick<AllowanceDeps, 'memory' | 'log'>) {
  try {
    return readAllowanceFact(await memory.read());
  } catch (err) {
    log.warn({ action: 'lark_allowance_forgotten', err }, 'what was known of the allowance could not be read');
    return undefined;
  }
}

/** One after the other and never waited for by a call; a failure is only logged. */
function createTelling(log: Log) {
  let last: Promise<void> = Promise.resolve();
  return {
    add: (work: () => Promise<void>): void => {
      last = last
        .then(work)
        .catch((err: unknown) => log.error({ action: 'lark_allowance_untold', err }, 'could not report the allowance'));
    },
    settled: () => last,
  };
}

/** Lets the hour's one call through. Whether calls that only read count is unverified, so none of them is made. */
function admit(spent: Spent, verb: Verb, now: EpochMs): void {
  const { until, probeAt } = spent;
  // More than an hour ahead: the clock was set back since.
  if (verb !== 'read' && (now >= probeAt || probeAt > now + PROBE_MS)) {
    spent.probeAt = now + PROBE_MS;
    return;
  }
  const ms = Math.min(PATIENCE_MS, until - now, ...(verb === 'read' ? [] : [probeAt - now]));
  const end = new Date(until).toISOString();
  throw new LarkRefusal(
    `the month's API calls are used up (${ALLOWANCE_SPENT}), until ${end}`,
    429,
    ALLOWANCE_SPENT,
    ms,
  );
}
