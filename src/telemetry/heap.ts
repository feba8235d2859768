import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Starting is over by then, and nothing is late if it is not. */
const AFTER_MS = 1500;

/**
 * Gives back, a moment from now, the memory that only loading this thread's modules needed: 30 MB in the main thread,
 * which V8 would otherwise keep until the heap next fills. Holds the thread up once, for some 20 ms.
 */
export function giveBackSoon(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const collect = runInNewContext('gc') as NodeJS.GCFunction; // what the flag makes in every new context
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
