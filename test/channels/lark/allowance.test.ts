import { describe, expect, it } from 'vitest';
import { createAllowance } from '../../../src/channels/lark/allowance.ts';
import type { Verb } from '../../../src/channels/lark/errors.ts';
import { createMonths } from '../../../src/channels/lark/months.ts';
import { LarkRefusal } from '../../../src/channels/lark/wire.ts';
import { createLog } from '../../../src/telemetry/log.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-22T00:00:00Z');
/** Midnight in Shanghai. */
const DECEMBER = Date.parse('2026-11-30T16:00:00Z');

interface Disk {
  text?: string;
  broken?: boolean;
}

/** A platform that takes calls or does not, and who was told. */
function scene(disk: Disk = {}, at = START) {
  const state = { now: at, spent: false };
  const told: string[] = [];
  const left: Verb[] = [];
  const open = () =>
    createAllowance({
      clock: { now: () => state.now },
      log: createLog('silent', []),
      months: createMonths(),
      memory: {
        read: async () => {
          if (disk.broken === true) throw new Error('the disk is gone');
          return disk.text;
        },
        write: async (text) => void (disk.text = text),
      },
      onSpent: async (month) => void told.push(`spent ${month}`),
      onBack: async (month) => void told.push(`back ${month}`),
    });
  const allowance = open();
  const platform = async (verb: Verb): Promise<string> => {
    left.push(verb);
    if (state.spent) throw new LarkRefusal('quota', 400, 99991403);
    return 'ok';
  };
  const call = async (verb: Verb = 'post', from = allowance): Promise<unknown> => {
    const ended: unknown = await from.through(verb, () => platform(verb)).catch((error: unknown) => error);
    await from.settled();
    return ended;
  };
  return { state, told, left, allowance, call, disk, reopen: open };
}

describe('the month’s allowance', () => {
  it('is spent by the platform’s word, told once, and ends with the month', async () => {
    const { state, told, allowance, call } = scene();
    expect(await call()).toBe('ok');
    state.spent = true;
    await call();
    await call();
    expect(told).toEqual(['spent 2026-11']);
    expect(allowance.spentUntil()).toBe(DECEMBER);
    state.now = DECEMBER;
    expect(allowance.spentUntil()).toBeUndefined();
    state.spent = false;
    expect(await call()).toBe('ok');
    expect(told).toEqual(['spent 2026-11', 'back 2026-11']);
  });

  it('once spent, lets one call an hour out and refuses the others as the platform would', async () => {
    const { state, left, call } = scene();
    state.spent = true;
    await call();
    for (let minute = 1; minute < 180; minute += 1) {
      state.now = START + minute * MINUTE;
      expect(await call('edit')).toMatchObject({ platformCode: 99991403 });
    }
    expect(left).toHaveLength(3);
  });

  it('once spent, is tried again within the hour also when the clock was set back since', async () => {
    const { state, call, left, told } = scene();
    state.spent = true;
    await call();
    state.now = START - 5 * 24 * HOUR;
    state.spent = false;
    expect(await call()).toBe('ok');
    expect([left.length, told]).toEqual([2, ['spent 2026-11', 'back 2026-11']]);
  });

  it('keeps those it refuses waiting for five minutes at most, and for no longer than until the month ends', async () => {
    const { state, call } = scene();
    state.spent = true;
    await call();
    expect(await call()).toMatchObject({ resetMs: 5 * MINUTE });
    state.now = START + HOUR - 1000;
    expect(await call()).toMatchObject({ resetMs: 1000 });
    state.now = DECEMBER - 7 * MINUTE;
    await call();
    state.now = DECEMBER - 2 * MINUTE;
    expect(await call()).toMatchObject({ resetMs: 2 * MINUTE });
  });

  it('is back as soon as a message is taken, not when something was read or a call comes back late', async () => {
    const { state, told, allowance, call, left } = scene();
    const late = Promise.withResolvers<string>();
    const before = allowance.through('post', () => late.promise);
    state.spent = true;
    await call();
    late.resolve('ok');
    await before;
    state.spent = false;
    state.now += HOUR;
    expect(await call('read')).toMatchObject({ platformCode: 99991403 });
    expect(allowance.spentUntil()).toBeDefined();
    expect(left).toEqual(['post']);
    expect(await call('reply')).toBe('ok');
    expect(told).toEqual(['spent 2026-11', 'back 2026-11']);
    expect(await call('edit')).toBe('ok');
  });

  it('is remembered over a restart, with when to try again', async () => {
    const { state, told, call, left, reopen } = scene();
    state.spent = true;
    await call();
    state.now += 30 * MINUTE;
    const next = reopen();
    expect(await call('post', next)).toMatchObject({ platformCode: 99991403 });
    expect(left).toHaveLength(1);
    state.now += 30 * MINUTE;
    state.spent = false;
    expect(await call('post', next)).toBe('ok');
    expect(told).toEqual(['spent 2026-11', 'back 2026-11']);
    expect(await call('post', reopen())).toBe('ok');
    expect(told).toHaveLength(2);
  });

  it('that ended while we were away is told to be back without a call', async () => {
    const { state, told, call, reopen } = scene();
    state.spent = true;
    await call();
    state.now = DECEMBER + HOUR;
    const next = reopen();
    const stop = new AbortController();
    const watching = next.watch(stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 0));
    stop.abort();
    await watching;
    await next.settled();
    expect(told).toEqual(['spent 2026-11', 'back 2026-11']);
  });

  it('is thought to be there when what was remembered cannot be read', async () => {
    expect(await scene({ broken: true }).call()).toBe('ok');
    expect(await scene({ text: '{"month":7}' }).call()).toBe('ok');
  });
});

describe('months', () => {
  it.each([
    ['2026-11-30T15:59:59.999Z', '2026-11', DECEMBER],
    ['2026-11-30T16:00:00Z', '2026-12', Date.parse('2026-12-31T16:00:00Z')],
    ['2024-02-01T00:00:00Z', '2024-02', Date.parse('2024-02-29T16:00:00Z')],
  ])('at %s it is %s', (iso, month, end) => {
    const months = createMonths();
    expect([months.of(Date.parse(iso)), months.end(Date.parse(iso))]).toEqual([month, end]);
  });
});
