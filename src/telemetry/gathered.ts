import type { DestinationStream } from 'pino';

/** What is gathered may grow to so many characters before it is written within the turn. */
const MOST = 64 * 1024;

/**
 * Writes the lines of one turn of the event loop together: a write for each costs as much as making the line. A process
 * that is killed takes the lines of that turn with it; whoever ends one in order calls `flushSync`.
 */
export function gatherLines(out: DestinationStream & { flushSync(): void }): typeof out {
  let gathered = '';
  const pass = (): void => {
    const text = gathered;
    gathered = '';
    if (text !== '') out.write(text);
  };
  return {
    write: (line) => {
      if (gathered === '') setImmediate(pass);
      gathered += line;
      if (gathered.length > MOST) pass();
    },
    flushSync: () => {
      pass();
      out.flushSync();
    },
  };
}
