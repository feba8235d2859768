import { describe, expect, it } from 'vitest';
import { type Passes, nextStep } from '../../src/store/sqlite/checkpoint-step.ts';

const passes = (state: Passes['state'], asked = 8100): Passes => ({ state, asked });
const log = (frames: number, left: number) => ({ frames, left });

describe('what to do about the write-ahead log after a commit', () => {
  it.each(['none', 'passed', 'blocked', 'failed'] as const)(
    'is nothing while it is short, after a pass: %s',
    (state) => {
      expect(nextStep(log(8000, 8000), passes(state))).toBe('short');
    },
  );

  it('is to ask for a pass once it is long, and nothing while that is under way', () => {
    expect(nextStep(log(8001, 8001), passes('none', 0))).toBe('ask');
    expect(nextStep(log(9000, 9000), passes('working'))).toBe('later');
    expect(nextStep(log(40_100, 40_100), passes('working'))).toBe('later');
  });

  it('is to ask again as long as a pass shortens it, and the last bit here', () => {
    expect(nextStep(log(9000, 900), passes('passed'))).toBe('ask');
    expect(nextStep(log(9000, 64), passes('passed'))).toBe('here');
    expect(nextStep(log(9000, 65), passes('passed'))).toBe('ask');
  });

  it('is to finish here what passes no longer shorten: each commit writes much', () => {
    expect(nextStep(log(18_000, 5000), passes('passed', 9000))).toBe('here');
    expect(nextStep(log(18_000, 4500), passes('passed', 9000))).toBe('ask');
  });

  it('is to leave a log alone of which only the last bit is left, when it did not start anew', () => {
    expect(nextStep(log(9000, 64), passes('none', 0))).toBe('later');
    expect(nextStep(log(9000, 65), passes('none', 0))).toBe('ask');
  });

  it('is to ask less often while a reader keeps passes from going on, however long the log', () => {
    expect(nextStep(log(200_000, 102_000), passes('blocked', 100_000))).toBe('later');
    expect(nextStep(log(200_000, 102_001), passes('blocked', 100_000))).toBe('ask');
  });

  it('is to wait for a pass that is much slower than the writer', () => {
    expect(nextStep(log(40_101, 40_101), passes('working'))).toBe('wait');
  });

  it('is to do it here when passes fail and it has grown far', () => {
    expect(nextStep(log(10_100, 10_100), passes('failed'))).toBe('later');
    expect(nextStep(log(10_101, 10_101), passes('failed'))).toBe('ask');
    expect(nextStep(log(32_001, 32_001), passes('failed', 31_000))).toBe('here');
  });
});
