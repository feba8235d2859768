const KIB = 1024;
const PREFIXES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A value as people read it: `1.07 GiB`, `97.3%`, `12.4/s`, `250 ms`; four significant digits. */
export function numberIn(value: number, unit: string | undefined): string {
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'bytes per second':
      return `${bytes(value)}/s`;
    case 'percent':
      return `${plain(value)}%`;
    case 'per second':
      return `${plain(value)}/s`;
    case 'seconds':
      return duration(value);
    case undefined:
      return plain(value);
    default:
      return `${plain(value)} ${unit}`;
  }
}

/** Whole numbers below a million are exact. */
function plain(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return `${value}`;
  return `${Number(value.toPrecision(Math.abs(value) >= 1e6 ? 6 : 4))}`;
}

function bytes(value: number): string {
  const power = value === 0 ? 0 : Math.floor(Math.log(Math.abs(value)) / Math.log(KIB));
  const step = Math.min(PREFIXES.length - 1, Math.max(0, power));
  return `${plain(value / KIB ** step)} ${PREFIXES[step] ?? 'B'}`;
}

function duration(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && size < 1) return `${plain(value * 1000)} ms`;
  if (size < 180) return `${plain(value)} s`;
  if (size < 3 * 3600) return `${plain(value / 60)} min`;
  return size < 3 * 86_400 ? `${plain(value / 3600)} h` : `${plain(value / 86_400)} d`;
}

/** The unit that a metric's name tells, by Prometheus' conventions; a counter is looked at as its rate. */
export function unitOf(name: string): string | undefined {
  if (isCounter(name)) return /_bytes_(?:total|sum)$/.test(name) ? 'bytes per second' : 'per second';
  if (name.endsWith('_bytes')) return 'bytes';
  if (/_(?:percent|percentage)$/.test(name)) return 'percent';
  return name.endsWith('_seconds') && !name.endsWith('_timestamp_seconds') ? 'seconds' : undefined;
}

/** By its name: the value only grows, its growth is what tells something. */
export const isCounter = (name: string): boolean => /_(?:total|count|sum|bucket)$/.test(name);

/** Six significant digits are enough for a chart. */
export const rounded = (value: number): number => Number(value.toPrecision(6));
