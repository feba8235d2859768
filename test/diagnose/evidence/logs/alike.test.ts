import { describe, expect, it } from 'vitest';
import { alike } from '../../../../src/diagnose/evidence/logs/alike.ts';

const kinds = (...given: readonly (readonly [string, number])[]) =>
  given.map(([template, count]) => ({ template, count }));
const sizes = async (...given: readonly (readonly [string, number])[]): Promise<readonly number[]> =>
  (await alike(kinds(...given))).map(({ kinds: of }) => of.length);

describe('templates that differ in a word', () => {
  it('are one kind when there are three of them', async () => {
    expect(await sizes(['task A has started', 9], ['task B has started', 9], ['task C has started', 9])).toEqual([3]);
  });

  it('stay two when there are two, and the rare one is marked', async () => {
    const families = await alike(kinds(['cannot connect to cache', 5000], ['cannot connect to db', 1]));
    expect(families.map(({ kin }) => kin)).toEqual([false, true]);
  });

  it('are one kind when both are rare', async () => {
    expect(await sizes(['slow call to A now', 1], ['slow call to B now', 2])).toEqual([2]);
  });

  it('never come together when a number tells them apart, or their lengths differ', async () => {
    expect(await sizes(['it exited with 0', 1], ['it exited with 137', 1], ['it exited with 2', 1])).toEqual([1, 1, 1]);
    expect(await sizes(['a b c', 1], ['a b c d', 1])).toEqual([1, 1]);
    expect(await sizes(['disk is full', 1], ['pool was empty', 1])).toEqual([1, 1]);
  });
});
