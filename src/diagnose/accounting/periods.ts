import type { QuotaPeriod } from '../../cards/usage.ts';
import { createDayOf } from '../../incident/id.ts';
import type { EpochMs } from '../../types.ts';

/** From the first instant on, until just before the last. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export type Periods = ReturnType<typeof createPeriods>;

const HOUR_MS = 3_600_000;
const FIVE_HOURS_MS = 5 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
/** Every zone's clock is set in quarters of an hour, so a day begins at one. */
const QUARTER_MS = HOUR_MS / 4;
/** The zones furthest east and west. */
const EAST_MS = 15 * HOUR_MS;
const WEST_MS = 13 * HOUR_MS;

/** The periods of one time zone that an instant lies in. Days begin at midnight, or right after it where it is skipped. */
export function createPeriods(timezone: string) {
  const dayOf = createDayOf(timezone);
  const startOf = createStartOf(dayOf);
  const hourOf = createHourOf(timezone);
  /** A day of the calendar as the UTC midnight that has its name. */
  const dateOf = (at: EpochMs): EpochMs => {
    const day = dayOf(at);
    return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)));
  };
  const days = (first: EpochMs, count: number): Span => ({ from: startOf(first), to: startOf(first + count * DAY_MS) });

  const of: Readonly<Record<QuotaPeriod | 'day', (at: EpochMs) => Span>> = {
    '5h': (at) => {
      const from = Math.floor(at / FIVE_HOURS_MS) * FIVE_HOURS_MS;
      return { from, to: from + FIVE_HOURS_MS };
    },
    day: (at) => days(dateOf(at), 1),
    week: (at) => {
      const date = dateOf(at);
      // Of Sunday, day 0, it was six days ago.
      const sinceMonday = (new Date(date).getUTCDay() + 6) % 7;
      return days(date - sinceMonday * DAY_MS, 7);
    },
    month: (at) => {
      const date = new Date(dateOf(at));
      const first = (more: number) => startOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more, 1));
      return { from: first(0), to: first(1) };
    },
  };

  return {
    of: (period: QuotaPeriod | 'day', at: EpochMs): Span => of[period](at),
    dayOf,
    /** The next time it is `hour` o'clock there, after `at`. */
    next: (hour: number, at: EpochMs): EpochMs => {
      const today = hourOf(of.day(at), hour);
      return today > at ? today : hourOf(of.day(of.day(at).to), hour);
    },
    /** The days that touch a stretch of time, oldest first, at most `most` of the latest. */
    days: (from: EpochMs, to: EpochMs, most: number): readonly (Span & { readonly day: string })[] => {
      const found: (Span & { readonly day: string })[] = [];
      for (let at = to - 1; at >= from && found.length < most; at = (found.at(-1)?.from ?? from) - 1) {
        const name = dayOf(at);
        found.push({ ...of.day(at), day: `${name.slice(0, 4)}-${name.slice(4, 6)}-${name.slice(6)}` });
      }
      return found.toReversed();
    },
  };
}

/** Finds when a day of the calendar begins, by halves: the zone's rules are known only by asking for the day of instants. */
function createStartOf(dayOf: (at: EpochMs) => string): (date: EpochMs) => EpochMs {
  const known = new Map<EpochMs, EpochMs>();
  return (date) => {
    const found = known.get(date);
    if (found !== undefined) return found;
    const name = new Date(date).toISOString().slice(0, 10).replaceAll('-', '');
    let [before, after] = [date - EAST_MS, date + WEST_MS];
    while (after - before > QUARTER_MS) {
      const middle = before + Math.floor((after - before) / QUARTER_MS / 2) * QUARTER_MS;
      if (dayOf(middle) < name) before = middle;
      else after = middle;
    }
    if (known.size > 1000) known.clear();
    known.set(date, after);
    return after;
  };
}

/** The first quarter of the day at which the clock shows that hour or a later one: the clock may be changed before it. */
function createHourOf(timezone: string): (day: Span, hour: number) => EpochMs {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hour: 'numeric', hourCycle: 'h23' });
  return ({ from, to }, hour) => {
    const earliest = Math.max(from, from + (hour - 2) * HOUR_MS);
    for (let at = earliest; at < to; at += QUARTER_MS) if (Number(format.format(at)) >= hour) return at;
    return to;
  };
}
