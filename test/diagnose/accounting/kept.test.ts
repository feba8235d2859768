import { expect, it } from 'vitest';
import { createKept } from '../../../src/diagnose/accounting/kept.ts';

function counting(answers: readonly (number | Error)[]) {
  const clock = { at: 0, now: () => clock.at };
  let loads = 0;
  const kept = createKept(async () => {
    const answer = answers[loads] ?? -1;
    loads += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  }, clock);
  return { ...kept, clock, loads: () => loads };
}

it('rows are loaded once for all who ask within five seconds', async () => {
  const { get, clock, loads } = counting([1, 2]);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  clock.at = 4999;
  expect([await get(), loads()]).toEqual([1, 1]);
  clock.at = 5000;
  expect([await get(), loads()]).toEqual([2, 2]);
});

it('rows are loaded again after a failure, a change, and when the clock was set back', async () => {
  const { get, forget, clock } = counting([new Error('no database'), 1, 2, 3]);
  await expect(get()).rejects.toThrow('no database');
  expect(await get()).toBe(1);
  forget();
  expect(await get()).toBe(2);
  clock.at = -1;
  expect(await get()).toBe(3);
});
