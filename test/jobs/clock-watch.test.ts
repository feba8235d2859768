import { expect, it, onTestFinished } from 'vitest';
import { watchClock } from '../../src/jobs/clock-watch.ts';
import { SILENT } from '../support/engines.ts';

/** A watch over a clock that the test sets; what was set back, in the order it was told. */
function watching(latest: number, failures = 0) {
  const clock = { at: 1_000_000, now: () => clock.at };
  const told: { readonly now: number; readonly byMs: number }[] = [];
  let tries = 0;
  const setBack = async (now: number, byMs: number): Promise<void> => {
    tries += 1;
    if (tries <= failures) throw new Error('the disk is full');
    told.push({ now, byMs });
  };
  const over = new AbortController();
  onTestFinished(() => over.abort());
  void watchClock({ clock, log: SILENT, latest: async () => latest, setBack }, over.signal);
  return { clock, told, tries: () => tries };
}

it('a clock that is set back while we run is told once, with how far', async () => {
  const { clock, told } = watching(0);
  await expect.poll(() => clock.at).toBe(1_000_000);
  clock.at -= 3000;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(told, 'a few seconds are no matter').toEqual([]);
  clock.at = 400_000;
  await expect.poll(() => told).toEqual([{ now: 400_000, byMs: 597_000 }]);
});

it('a clock that was set back before we began is told by what was written down', async () => {
  expect(watching(1_003_000).told).toEqual([]);
  const { told } = watching(4_600_000);
  await expect.poll(() => told).toEqual([{ now: 1_000_000, byMs: 3_600_000 }]);
});

it('is told again when that failed', async () => {
  const { told, tries } = watching(4_600_000, 1);
  await expect.poll(() => told).toEqual([{ now: 1_000_000, byMs: 3_600_000 }]);
  expect(tries()).toBe(2);
});
