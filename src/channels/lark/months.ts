import type { EpochMs } from '../../types.ts';

/** Months as accounts are kept. */
export interface Months {
  /** `2026-11` */
  of(at: EpochMs): string;
  /** The first ms of the next month. */
  end(at: EpochMs): EpochMs;
}

const LONGEST_MS = 32 * 24 * 60 * 60_000;

/**
 * Months in a time zone, by default `Asia/Shanghai`, where the platform's accounts are kept (which midnight ends its own
 * month is unverified). One formatter, which is dear to make.
 */
export function createMonths(timezone = 'Asia/Shanghai'): Months {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, year: 'numeric', month: '2-digit' });
  const of = (at: EpochMs): string => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${parts['year'] ?? ''}-${parts['month'] ?? ''}`;
  };
  return {
    of,
    end: (at) => {
      const month = of(at);
      let [inside, beyond] = [at, at + LONGEST_MS];
      while (beyond - inside > 1) {
        const middle = Math.floor((inside + beyond) / 2);
        if (of(middle) === month) inside = middle;
        else beyond = middle;
      }
      return beyond;
    },
  };
}
