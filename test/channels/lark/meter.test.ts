import { describe, expect, it } from 'vitest';
import { type CallRows, createCallMeter } from '../../../src/channels/lark/meter.ts';
import { createLog } from '../../../src/telemetry/log.ts';

/** Rows as the store keeps them. */
function memoryRows(): CallRows & { readonly writes: number[]; broken: boolean } {
  const rows = new Map<string, number>();
  const writes: number[] = [];
  return {
    writes,
    broken: false,
    async add(app, month, calls) {
      await Promise.resolve();
      if (this.broken) throw new Error('the disk is full');
      writes.push(calls);
      const total = (rows.get(`${app} ${month}`) ?? 0) + calls;
      rows.set(`${app} ${month}`, total);
      return total;
    },
    read: async (app, month) => rows.get(`${app} ${month}`) ?? 0,
  };
}

function meter(allowance?: number, at = '2026-11-22T00:00:00Z', refused = () => false) {
  const rows = memoryRows();
  let now = Date.parse(at);
  const log = createLog('silent', []);
  const counting = createCallMeter({
    app: 'cli_1',
    rows,
    log,
    clock: { now: () => now },
    refused,
    ...(allowance !== undefined && { allowance }),
  });
  const count = (times: number) => Array.from({ length: times }).forEach(() => counting.count());
  return { ...counting, rows, countTimes: count, at: (iso: string) => (now = Date.parse(iso)) };
}

describe('API calls', () => {
  it('are counted by the month, in few writes', async () => {
    const { countTimes, settled, usage, rows } = meter();
    countTimes(100);
    await settled();
    expect(await usage()).toEqual({ month: '2026-11', calls: 100, standing: 'plenty' });
    expect(rows.writes.length).toBeLessThan(4);
  });

  it('of another month begin at none, by the clock where accounts are kept', async () => {
    const { countTimes, settled, usage, at } = meter(10, '2026-11-30T15:59:59Z');
    countTimes(10);
    await settled();
    expect(await usage()).toMatchObject({ month: '2026-11', calls: 10, standing: 'spent' });
    at('2026-11-30T16:00:00Z');
    expect(await usage()).toEqual({ month: '2026-12', calls: 0, allowance: 10, standing: 'plenty' });
  });

  it('run low at nine tenths of the allowance', async () => {
    const { countTimes, settled, standing } = meter(100);
    countTimes(89);
    await settled();
    expect(standing()).toBe('plenty');
    countTimes(1);
    expect(standing()).toBe('low');
    countTimes(10);
    expect(standing()).toBe('spent');
  });

  it('are spent when the platform says so, whatever was counted', () => {
    let refused = true;
    const { standing } = meter(undefined, undefined, () => refused);
    expect(standing()).toBe('spent');
    refused = false;
    expect(standing()).toBe('plenty');
  });

  it('that could not be written are written with the next', async () => {
    const { countTimes, settled, usage, rows } = meter();
    rows.broken = true;
    countTimes(3);
    await settled();
    expect((await usage()).calls).toBe(3);
    rows.broken = false;
    countTimes(1);
    await settled();
    expect(rows.writes).toEqual([4]);
  });

  it('counted while a write runs are not lost', async () => {
    const { count, settled, rows } = meter();
    count();
    await Promise.resolve();
    count();
    await Promise.resolve();
    count();
    await settled();
    expect(rows.writes.reduce((sum, calls) => sum + calls, 0)).toBe(3);
  });

  it('of several replicas add up to one standing', async () => {
    const rows = memoryRows();
    const deps = { app: 'cli_1', rows, log: createLog('silent', []), clock: { now: () => 0 }, allowance: 10 };
    const [one, other] = [createCallMeter(deps), createCallMeter(deps)];
    for (let call = 0; call < 5; call++) one.count();
    await one.settled();
    for (let call = 0; call < 5; call++) other.count();
    await other.settled();
    expect(other.standing()).toBe('spent');
  });
});
