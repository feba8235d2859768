import type { Log } from '../../telemetry/log.ts';
import type { Clock, EpochMs } from '../../types.ts';
import { readAllowanceFact } from './allowance-fact.ts';
import type { Months } from './months.ts';

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

/** The allowance of a month that is used up, as far as we know. */
export interface Spent {
  readonly month: string;
  readonly until: EpochMs;
  /** When one call may leave to see whether calls are taken again. */
  readonly probeAt: EpochMs;
}

export const PROBE_MS = 60 * 60_000;

/** Whether the month's calls are used up: remembered beyond the process, and told to whom it concerns. */
export function createAllowanceState(deps: AllowanceDeps) {
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

  function back(): void {
    if (spent === undefined) return;
    const { month } = spent;
    spent = undefined;
    log.info({ action: 'lark_allowance_back', month }, 'API calls are taken again');
    telling.add(async () => {
      await deps.onBack(month);
      await memory.write('null');
    });
  }

  const restore = async (): Promise<void> => {
    const read = await recall(deps);
    spent = read && spentSince(read.at);
  };

  return {
    /** Reads, once, what was remembered. */
    restored: (): Promise<void> => (restoring ??= restore()),
    spent: (): Spent | undefined => spent,
    /** Tells one refusal from the next. */
    refusals: (): number => refusals,
    refused,
    back,
    probeAfter: (at: EpochMs): void => {
      spent &&= { ...spent, probeAt: at };
    },
    /** Notices the month's end. */
    look: (): void => {
      if (spent !== undefined && clock.now() >= spent.until) back();
    },
    settled: telling.settled,
  };
}

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
