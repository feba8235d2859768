import type { EpochMs, Locale } from '../types.ts';
import { type Html, html } from './html.ts';

/** Words for moments, in one language and time zone. */
export interface Times {
  /** `09:41`, with the full moment for whoever points at it. */
  clock(at: EpochMs): Html;
  /** `11月22日 09:41`, `Nov 22, 09:41`: for lists. */
  short(at: EpochMs): Html;
  /** `2026年11月22日 09:41:07`, `Nov 22, 2026, 09:41:07`. */
  full(at: EpochMs): Html;
  /** `2026-11-22`, `11月22日 星期日` …: the line between two days. */
  day(at: EpochMs): string;
}

const made = new Map<string, Times>();

/** Making a formatter costs as much as a hundred uses of it, so each is made once. */
export function timesFor(locale: Locale, timezone: string): Times {
  const name = `${locale} ${timezone}`;
  const times = made.get(name) ?? createTimes(locale, timezone);
  made.set(name, times);
  return times;
}

function createTimes(locale: Locale, timeZone: string): Times {
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat(locale, { timeZone, month: 'long', day: 'numeric', weekday: 'long' });
  const full = new Intl.DateTimeFormat(locale, {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const short = new Intl.DateTimeFormat(locale, {
    timeZone,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const time = (at: EpochMs, text: string) =>
    html`<time datetime="${new Date(at).toISOString()}" title="${full.format(at)}">${text}</time>`;
  return {
    clock: (at) => time(at, clock.format(at)),
    short: (at) => time(at, short.format(at)),
    full: (at) => time(at, full.format(at)),
    day: (at) => day.format(at),
  };
}
