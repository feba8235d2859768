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

/** The shortest exact form: `5400000` → `1h30m`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1000));
  if (rest === 0) return '0s';
  const parts: string[] = [];
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join('');
}
