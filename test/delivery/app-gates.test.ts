import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppGates, createAppGates } from '../../src/delivery/app-gates.ts';

describe('the gate of an app', () => {
  const rung: string[] = [];
  let rungAt: number;
  let gates: AppGates;
  beforeEach(() => {
    rung.length = 0;
    gates = createAppGates((id) => {
      rung.push(id);
      rungAt = Date.now();
    });
  });
  afterEach(() => gates.silence());

  it('stops nobody until the app is shut, and no lane of another app', () => {
    gates.shut('app', 100);
    expect([gates.stops('app', 'a', 99), gates.stops('app', 'a', 100), gates.stops('other', 'a', 99)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('rings all that waited at once, in the order they came', async () => {
    const now = Date.now();
    gates.shut('app', now + 30);
    for (const id of ['c', 'a', 'b', 'c']) gates.stops('app', id, now);
    expect(rung).toEqual([]);
    await expect.poll(() => rung.length, { interval: 2 }).toBeGreaterThan(0);
    expect(rung).toEqual(['c', 'a', 'b']);
    // Timers are up to a millisecond early.
    expect(rungAt - now).toBeGreaterThanOrEqual(29);
  });

  it('stays shut as long as the longer of two waits', () => {
    gates.shut('app', 100);
    gates.shut('app', 50);
    expect(gates.stops('app', 'a', 99)).toBe(true);
  });

  it('rings nobody once silenced', async () => {
    gates.shut('app', Date.now() + 10);
    gates.stops('app', 'a', Date.now());
    gates.silence();
    await sleep(40);
    expect(rung).toEqual([]);
  });
});
