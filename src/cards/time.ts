import type { EpochMs } from '../types.ts';
import type { Texts } from './texts/zh-cn.ts';

// Making a DateTimeFormat costs more than a whole card; the cache holds pure values only, one for each time zone in use.
const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-22 03:04:05` in `timezone`; Swedish writes ISO order. Throws RangeError on an unknown zone. */
export function formatStamp(at: EpochMs, timezone: string): string {
  const known = formats.get(timezone);
  const format =
    known ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  if (known === undefined) formats.set(timezone, format);
  return format.format(at);
}

/** `11-22 03:04:05`: what a card shows when nothing beside it tells the day. */
export const formatTime = (at: EpochMs, timezone: string): string => formatStamp(at, timezone).slice(5);

/** Only the part that differs from `reference`: the time on its day, the date too on another, the year in another. */
export function formatNear(at: EpochMs, reference: EpochMs, timezone: string): string {
  const stamp = formatStamp(at, timezone);
  const beside = formatStamp(reference, timezone);
  if (stamp.slice(0, 10) === beside.slice(0, 10)) return stamp.slice(11);
  return stamp.slice(0, 4) === beside.slice(0, 4) ? stamp.slice(5) : stamp;
}

/** The two largest units of a length of time, at least a second: `1 h 5 min`. */
export function formatDuration(ms: number, words: Texts['duration']): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const units = [
    [words.day, 86_400],
    [words.hour, 3600],
    [words.minute, 60],
    [words.second, 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  const parts = units.slice(first, first + 2).map(([word, size], index) => {
    const above = units[first + index - 1];
    const rest = index === 0 || above === undefined ? seconds : seconds % above[1];
    return { word, count: Math.floor(rest / size) };
  });
  return parts
    .filter(({ count }, index) => index === 0 || count > 0)
    .map(({ word, count }) => word(count))
    .join(words.between);
}
