import { describe, expect, it } from 'vitest';
import { texts } from '../../src/cards/texts/texts.ts';
import { formatDuration, formatNear, formatStamp, formatTime } from '../../src/cards/time.ts';
import { OPENED } from './sample.ts';

const ZONE = 'Asia/Shanghai';
const HOUR = 3_600_000;

describe('times on cards', () => {
  it('are absolute, in the zone asked for', () => {
    expect(formatStamp(OPENED, ZONE)).toBe('2026-11-22 03:04:05');
    expect(formatStamp(OPENED, 'UTC')).toBe('2026-11-21 19:04:05');
    expect(formatTime(OPENED, ZONE)).toBe('11-22 03:04:05');
  });

  it('write midnight as 00', () => {
    expect(formatTime(Date.UTC(2026, 0, 1), 'UTC')).toBe('01-01 00:00:00');
  });

  it('say only what differs from the time beside them', () => {
    expect(formatNear(OPENED + HOUR, OPENED, ZONE)).toBe('04:04:05');
    expect(formatNear(OPENED + 24 * HOUR, OPENED, ZONE)).toBe('11-23 03:04:05');
    expect(formatNear(OPENED + 60 * 24 * HOUR, OPENED, ZONE)).toBe('2027-01-21 03:04:05');
  });
});

describe('durations', () => {
  const zh = (ms: number) => formatDuration(ms, texts('zh-CN').duration);
  it('show the two largest units and no zeros', () => {
    expect([zh(0), zh(59_000), zh(60_000), zh(65_000), zh(HOUR), zh(25 * HOUR + 60_000), zh(49 * HOUR)]).toEqual([
      '1 秒',
      '59 秒',
      '1 分',
      '1 分 5 秒',
      '1 小时',
      '1 天 1 小时',
      '2 天 1 小时',
    ]);
    expect(formatDuration(65 * 60_000, texts('en-US').duration)).toBe('1 h 5 min');
  });
});
