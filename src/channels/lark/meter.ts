import type { Log } from '../../telemetry/log.ts';
import type { Clock } from '../../types.ts';
import { type Months, createMonths } from './months.ts';

/** A row per app and month (`2026-11`); the store implements it. */
export interface CallRows {
  /** Adds to the row, making it when it is not there, and tells the month's new total. */
  add(app: string, month: string, calls: number): Promise<number>;
  read(app: string, month: string): Promise<number>;
}

export interface Usage {
  readonly month: string;
  readonly calls: number;
  /** Calls a month; none when the tenant's plan has no such limit. */
  readonly allowance?: number;
  readonly standing: Standing;
}

/** `low` below a tenth of the allowance; `spent` when it is used up, or when the platform says so (99991403). */
export type Standing = 'plenty' | 'low' | 'spent';

/** Counts what is called each month: a free tenant has 10,000 API calls. */
export interface CallMeter {
  /** A request leaves. Returns at once; it is written soon after. */
  count(): void;
  /** From the last known total, without a look into the database. */
  standing(): Standing;
  usage(): Promise<Usage>;
  /** Resolves when everything counted so far was written or could not be. */
  settled(): Promise<void>;
}

export interface CallMeterDeps {
  readonly app: string;
  readonly rows: CallRows;
  readonly clock: Clock;
  readonly log: Log;
  /** `LARK_MONTHLY_CALLS`. */
  readonly allowance?: number;
  /** Whether the platform says that the month's calls are used up, whatever we counted. */
  readonly refused?: () => boolean;
  readonly months?: Months;
}

const LOW = 0.9;

/**
 * Counts wait for no one: what is counted while a write runs goes with the next. A crash loses at most those, so the
 * figure is ours, not the platform's bill; requests for tokens are counted too (whether they cost is unverified).
 */
export function createCallMeter(deps: CallMeterDeps): CallMeter {
  const { app, rows, clock, allowance } = deps;
  const months = deps.months ?? createMonths();
  const waiting = new Map<string, number>();
  let known = { month: '', calls: 0 };
  let writing: Promise<void> | undefined;

  const month = (): string => months.of(clock.now());
  const first = (): readonly [string, number] | undefined => waiting.entries().next().value;
  const standing = (): Standing => {
    const now = month();
    if (deps.refused?.() === true) return 'spent';
    const calls = (known.month === now ? known.calls : 0) + (waiting.get(now) ?? 0);
    return standingOf(calls, allowance);
  };
  /** Whether the first of what waits could be written. */
  const write = async ([of, calls]: readonly [string, number]): Promise<boolean> => {
    try {
      known = { month: of, calls: await rows.add(app, of, calls) };
    } catch (err) {
      deps.log.warn({ action: 'lark_calls_not_counted', err }, 'the count of API calls could not be written');
      return false;
    }
    const since = (waiting.get(of) ?? calls) - calls;
    if (since === 0) waiting.delete(of);
    else waiting.set(of, since);
    return true;
  };
  // After a failure the next counted call tries again.
  const writeAll = async (): Promise<void> => {
    for (let next = first(); next !== undefined; next = first()) {
      if (!(await write(next))) break; // oxlint-disable-line no-await-in-loop -- one write at a time, the next takes what came meanwhile
    }
    writing = undefined;
  };
  const flush = (): void => {
    writing ??= writeAll();
  };
  return {
    count: () => {
      const now = month();
      waiting.set(now, (waiting.get(now) ?? 0) + 1);
      flush();
    },
    standing,
    usage: async () => {
      const now = month();
      const calls = (await rows.read(app, now)) + (waiting.get(now) ?? 0);
      return { month: now, calls, ...(allowance !== undefined && { allowance }), standing: standing() };
    },
    settled: async () => {
      await writing;
    },
  };
}

/** How `calls` of this month stand against the allowance. */
export function standingOf(calls: number, allowance: number | undefined): Standing {
  if (allowance === undefined) return 'plenty';
  if (calls >= allowance) return 'spent';
  return calls >= allowance * LOW ? 'low' : 'plenty';
}
