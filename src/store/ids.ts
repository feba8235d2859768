import { randomBytes } from 'node:crypto';

let last = 0;
let counter = 0;

/**
 * A sortable row id: 9 base-36 digits of epoch ms, 4 of a counter within it, 8 random hex digits.
 * Order is by time of making, so inserts stay at the end of every index.
 */
export function rowId(now: number): string {
  counter = now === last ? counter + 1 : 0;
  last = now;
  return `${now.toString(36).padStart(9, '0')}${counter.toString(36).padStart(4, '0')}${randomBytes(4).toString('hex')}`;
}
