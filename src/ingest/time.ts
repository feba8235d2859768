import type { EpochMs } from '../types.ts';

/** Beyond this a number is milliseconds, below it seconds. */
const SECONDS_END = 1e11;
/** Year 2200: what lies beyond is nonsense or nanoseconds. */
const LAST = 7_258_118_400_000;
/** The first day of 1970: senders whose "no time" is 0 in some zone. */
const FIRST = 86_400_000;

/** ISO 8601, or seconds or milliseconds as number or digits; undefined for nonsense and for the many ways to say none. */
export function timeOf(value: unknown): EpochMs | undefined {
  if (typeof value === 'number') return inRange(value < SECONDS_END ? value * 1000 : value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (/^\d{9,13}(\.\d+)?$/.test(value)) return timeOf(Number(value));
  return /^\d{4}-/.test(value) ? inRange(Date.parse(value)) : undefined;
}

const inRange = (time: number): EpochMs | undefined => (time > FIRST && time < LAST ? Math.floor(time) : undefined);
