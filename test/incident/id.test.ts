import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDayOf } from '../../src/incident/id.ts';

const ZONES = ['UTC', 'Asia/Shanghai', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns'];

describe('the day of a time', () => {
  it.each(ZONES)('is the calendar day in %s, in whatever order it is asked', (timeZone) => {
    const dayOf = createDayOf(timeZone);
    const at = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(at, fc.integer({ min: -3_600_000, max: 3_600_000 }), (time, later) => {
        for (const one of [time, time + later, time]) {
          const day = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(one);
          expect(dayOf(one)).toBe(day.replaceAll('-', ''));
        }
      }),
    );
  });

  it('changes with the first millisecond of the next day', () => {
    const dayOf = createDayOf('Asia/Kathmandu');
    const midnight = Date.UTC(2026, 10, 22, 18, 15);
    expect([midnight - 1, midnight].map(dayOf)).toEqual(['20261122', '20261123']);
  });
});
