import { setImmediate as turn } from 'node:timers/promises';

/** Long work in pieces, between which others run. */
export interface Turns {
  /** The piece has held the event loop long enough: wait for `next`. */
  due(): boolean;
  next(): Promise<void>;
}

/** Well below what anybody notices, and long enough that a turn costs little beside it. */
const PIECE_MS = 3;

/** All work that shares one takes turns with each other too: whoever waits goes on alone, a turn after the one before. */
export function createTurns(): Turns {
  let since = performance.now();
  let last: Promise<void> = Promise.resolve();
  const begin = async (): Promise<void> => {
    await turn();
    since = performance.now();
  };
  return {
    due: () => performance.now() - since >= PIECE_MS,
    next: () => (last = last.then(begin)),
  };
}
