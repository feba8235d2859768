import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPeriods } from '../../../src/diagnose/accounting/periods.ts';

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  // The clock is changed at midnight.
  'Asia/Beirut',
  'Africa/Cairo',
  'America/Havana',
  'America/Santiago',
] as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const periodsOf = new Map(ZONES.map((zone) => [zone, createPeriods(zone)]));
const zone = fc.constantFrom(...ZONES);
const instant = fc.integer({ min: Date.parse('2020-01-01T00:00:00Z'), max: Date.parse('2040-01-01T00:00:00Z') });
const PERIODS = ['5h', 'day', 'week', 'month'] as const;

/** What the zone's own clock shows. */
function clockOf(timezone: string, at: number) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { weekday: of('weekday'), day: Number(of('day')), minutes: Number(of('hour')) * 60 + Number(of('minute')) };
}

describe('periods', () => {
  it('hold the instant, touch without a gap, and are found again from any instant in them', () => {
    fc.assert(
      fc.property(zone, instant, fc.constantFrom(...PERIODS), fc.double({ min: 0, max: 1, noNaN: true }), (...of) => {
        const [timezone, at, period, share] = of;
        const periods = periodsOf.get(timezone) ?? createPeriods(timezone);
        const { from, to } = periods.of(period, at);
        expect(from <= at && at < to).toBe(true);
        expect(periods.of(period, to).from).toBe(to);
        expect(periods.of(period, from - 1).to).toBe(from);
        expect(periods.of(period, from + Math.floor(share * (to - from - 1)))).toEqual({ from, to });
      }),
      { numRuns: 600 },
    );
  });

  it('begin at midnight there, a week on a Monday and a month on the first, and last as long as the calendar says', () => {
    fc.assert(
      fc.property(zone, instant, fc.constantFrom('day', 'week', 'month'), (timezone, at, period) => {
        const { from, to } = (periodsOf.get(timezone) ?? createPeriods(timezone)).of(period, at);
        const { minutes, weekday, day } = clockOf(timezone, from);
        // Where midnight is skipped the day begins at one o'clock, and no minute of it lies before.
        expect(minutes === 0 || clockOf(timezone, from - 1).day !== day).toBe(true);
        expect(minutes).toBeLessThanOrEqual(60);
        expect(period !== 'week' || weekday === 'Mon').toBe(true);
        expect(period !== 'month' || day === 1).toBe(true);
        const days = Math.round((to - from) / DAY);
        expect(Math.abs(to - from - days * DAY)).toBeLessThanOrEqual(HOUR);
        expect(period === 'day' ? days === 1 : period === 'week' ? days === 7 : days >= 28 && days <= 31).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it('know the days on which the clock is changed', () => {
    const length = (timezone: string, at: string) => {
      const { from, to } = createPeriods(timezone).of('day', Date.parse(at));
      return (to - from) / HOUR;
    };
    expect(length('America/New_York', '2026-03-08T12:00:00Z')).toBe(23);
    expect(length('America/New_York', '2026-11-01T12:00:00Z')).toBe(25);
    expect(length('Australia/Lord_Howe', '2026-04-05T02:00:00Z')).toBe(24.5);
    expect(length('Asia/Shanghai', '2026-03-08T12:00:00Z')).toBe(24);
    const { from } = createPeriods('Asia/Shanghai').of('week', Date.parse('2026-11-22T15:59:59Z'));
    expect(new Date(from).toISOString()).toBe('2026-11-15T16:00:00.000Z');
  });

  it('begin a window of five hours at the same instants everywhere', () => {
    const at = Date.parse('2026-11-22T08:00:00Z');
    const [first, ...others] = ZONES.map((one) => periodsOf.get(one)?.of('5h', at));
    for (const other of others) expect(other).toEqual(first);
    expect(first && first.to - first.from).toBe(5 * HOUR);
    expect(first && first.from % (5 * HOUR)).toBe(0);
  });

  it('know when it is nine o’clock next, whatever was done to the clock', () => {
    fc.assert(
      fc.property(zone, instant, (timezone, at) => {
        const next = (periodsOf.get(timezone) ?? createPeriods(timezone)).next(9, at);
        expect(next > at && next - at <= 25 * HOUR).toBe(true);
        expect(clockOf(timezone, next).minutes).toBe(9 * 60);
      }),
      { numRuns: 600 },
    );
  });

  it('name the days of a stretch of time, the latest when there are too many', () => {
    const periods = createPeriods('Asia/Shanghai');
    const days = (most: number) =>
      periods.days(Date.parse('2026-11-20T15:59:59Z'), Date.parse('2026-11-22T16:00:00Z'), most);
    expect(days(10).map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
    expect(days(2).map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-22']);
    expect(periods.days(5, 5, 10)).toEqual([]);
  });
});
