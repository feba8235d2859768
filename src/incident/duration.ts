const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `90s`, `10m`, `3h`, `30d` and sums such as `1h30m` into ms; undefined for anything else, zero included. */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().toLowerCase();
  if (!/^(?:\d{1,6}[smhd])+$/.test(compact)) return undefined;
  const total = [...compact.matchAll(/(\d+)([smhd])/g)].reduce((sum, [, digits = '0', unit = 's']) => {
    return sum + Number(digits) * (unit === 's' ? UNITS.s : unit === 'm' ? UNITS.m : unit === 'h' ? UNITS.h : UNITS.d);
  }, 0);
  return total > 0 ? total : undefined;
}
