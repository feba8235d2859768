import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/diagnose/answer/read.ts';
import { answerSchema } from '../../../src/diagnose/answer/schema.ts';
import { aCutAnswer, aMutation } from './mutations.ts';

const SCHEMA = answerSchema([]);
/** Enough for a slow machine; what is left over is said. */
const MOST_MS = 90_000;

describe('a hundred thousand broken answers', () => {
  it('are never read when they were cut, and never break the reader', () => {
    const read = { cut: 0, mutated: 0 };
    const began = performance.now();
    const options = { numRuns: 50_000, interruptAfterTimeLimit: MOST_MS, markInterruptAsFailure: true };
    fc.assert(
      fc.property(aCutAnswer(), (text) => {
        read.cut += 1;
        return readAnswer({ text }, SCHEMA).kind === 'unreadable';
      }),
      options,
    );
    fc.assert(
      fc.property(aMutation(), (text) => {
        read.mutated += 1;
        const reading = readAnswer({ text }, SCHEMA);
        return reading.kind === 'unreadable' || SCHEMA.zod.safeParse(reading.answer).success;
      }),
      options,
    );
    expect(read).toEqual({ cut: 50_000, mutated: 50_000 });
    expect(performance.now() - began).toBeLessThan(2 * MOST_MS);
  });
});
