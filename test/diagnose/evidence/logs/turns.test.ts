import { describe, expect, it } from 'vitest';
import { groupLines } from '../../../../src/diagnose/evidence/logs/groups.ts';
import { rankGroups } from '../../../../src/diagnose/evidence/logs/rank.ts';
import { createTurns } from '../../../../src/diagnose/evidence/logs/turns.ts';
import { createStopwatch } from '../../../support/worked.ts';
import { createRandom } from './noise.ts';

const START = Date.parse('2026-11-22T08:00:00Z');
const SPAN = { from: START - 3_600_000, startedAt: START };
const LINES = 10_000;

const random = createRandom(3);
const word = (): string =>
  Math.floor(random() * 1e9)
    .toString(36)
    .replaceAll(/\d/g, 'z');
const words = (count: number): string => Array.from({ length: count }, word).join(' ');
const same = words(20).split(' ');
const long = 'x'.repeat(8000);

const KINDS: Readonly<Record<string, (at: number) => string>> = {
  'are wholly different': () => words(12),
  'are wholly different and of all lengths': (at) => words(2 + (at % 69)),
  'are alike in just too few words': () => same.map((one, at) => (at % 2 === 0 ? one : word())).join(' '),
  'are alike but for a word': () => [...same, word()].join(' '),
  'are alike but for a number that is kept': (at) => `${'w '.repeat(50)}code ${at}`,
  'are long': () => `{"level":"error","msg":"${words(3)}","pad":"${long}"}`,
  'have long traces': () => `ERROR ${words(3)}\n${`\tat ${long.slice(0, 100)}\n`.repeat(40)}`,
};

/** The longest that this thread has worked without that anything else had its turn, ms. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let [longest, worked, over] = [0, createStopwatch(), false];
  const watch = (): void => {
    longest = Math.max(longest, worked());
    worked = createStopwatch();
    if (!over) setImmediate(watch);
  };
  setImmediate(watch);
  await work();
  watch();
  over = true;
  return longest;
}

describe('ten thousand lines', () => {
  it.each(Object.entries(KINDS))('that %s hold nobody up', async (_name, text) => {
    const lines = Array.from({ length: LINES }, (_, at) => ({
      at: SPAN.from + at * 300,
      text: text(at),
      stream: `pod-${at % 5}`,
    }));
    const turns: number[] = [];
    // The least of three: a collection of garbage in between is nobody's fault. Pieces are of 3 ms; in one go it is 150 to 2500.
    for (let round = 0; round < 3; round++) {
      turns.push(
        await longestTurn(async () => {
          const groups = await groupLines(lines, SPAN);
          expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(LINES);
          await rankGroups(groups, { ...SPAN, words: ['refused', 'timeout'] });
        }),
      );
    }
    expect(Math.min(...turns)).toBeLessThan(50);
  });
});

describe('work in turns', () => {
  it('of several is done one after the other, with a turn in between', async () => {
    const turns = createTurns();
    const begun: string[] = [];
    const work = async (name: string): Promise<void> => {
      await turns.next();
      begun.push(name);
      setImmediate(() => begun.push('others'));
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    expect(begun).toEqual(['a', 'others', 'b', 'others', 'c']);
  });

  it('is due soon after a turn has begun, not at once', async () => {
    const turns = createTurns();
    await turns.next();
    expect(turns.due()).toBe(false);
    const begun = performance.now();
    while (performance.now() - begun < 4);
    expect(turns.due()).toBe(true);
  });
});
