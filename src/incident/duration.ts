const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time further away than this from now may be one that no calendar has. */
const MOST_MS = 100 * 366 * UNITS.d;

/** Reads `90s`, `10m`, `3h`, `30d` and sums such as `1h30m` into ms; undefined for anything else: zero, a century. */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().toLowerCase();
  if (!/^(?:\d{1,6}[smhd])+$/.test(compact)) return undefined;
  const total = [...compact.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, digits = '0', unit = 's']) => {
    return sum + Number(digits) * (unit === 's' ? UNITS.s : unit === 'm' ? UNITS.m : unit === 'h' ? UNITS.h : UNITS.d);
  }, 0);
  return total > 0 && total <= MOST_MS ? total : undefined;
}
