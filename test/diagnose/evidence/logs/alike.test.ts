import { describe, expect, it } from 'vitest';
import { alike } from '../../../../src/diagnose/evidence/logs/alike.ts';
import { createRandom } from './noise.ts';

const kinds = (...given: readonly (readonly [string, number])[]) =>
  given.map(([template, count]) => ({ template, count }));
const sizes = (...given: readonly (readonly [string, number])[]): readonly number[] =>
  alike(kinds(...given)).map(({ kinds: of }) => of.length);

describe('templates that differ in a word', () => {
  it('are one kind when there are three of them', () => {
    expect(sizes(['task A has started', 9], ['task B has started', 9], ['task C has started', 9])).toEqual([3]);
  });

  it('stay two when there are two, and the rare one is marked', () => {
    const families = alike(kinds(['cannot connect to cache', 5000], ['cannot connect to db', 1]));
    expect(families.map(({ kin }) => kin)).toEqual([false, true]);
  });

  it('are one kind when both are rare', () => {
    expect(sizes(['slow call to A now', 1], ['slow call to B now', 2])).toEqual([2]);
  });

  it('never come together when a number tells them apart, or their lengths differ', () => {
    expect(sizes(['it exited with 0', 1], ['it exited with 137', 1], ['it exited with 2', 1])).toEqual([1, 1, 1]);
    expect(sizes(['a b c', 1], ['a b c d', 1])).toEqual([1, 1]);
    expect(sizes(['disk is full', 1], ['pool was empty', 1])).toEqual([1, 1]);
  });

  it('take little time when there are 10,000 that are alike to none', () => {
    const random = createRandom(3);
    const word = (): string =>
      Math.floor(random() * 1e9)
        .toString(36)
        .replaceAll(/\d/g, 'z');
    const many = Array.from({ length: 10_000 }, () => ({
      template: Array.from({ length: 12 }, word).join(' '),
      count: 1,
    }));
    const begun = performance.now();
    expect(alike(many)).toHaveLength(10_000);
    expect(performance.now() - begun).toBeLessThan(400);
  });
});
