import { randomFillSync } from 'node:crypto';

/** Taken in one call for many ids: each call costs ten times what an id needs of it. */
const random = Buffer.alloc(4096);
let used = random.length;
let last = 0;
let counter = 0;

/**
 * A sortable row id: 9 base-36 digits of epoch ms, 4 of a counter within it, 8 random hex digits.
 * Order is by time of making, so inserts stay at the end of every index; within a millisecond only one thread's own.
 */
export function rowId(now: number): string {
  counter = now === last ? counter + 1 : 0;
  last = now;
  return `${now.toString(36).padStart(9, '0')}${counter.toString(36).padStart(4, '0')}${randomHex()}`;
}

function randomHex(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += 4;
  return random.toString('hex', used - 4, used);
}
