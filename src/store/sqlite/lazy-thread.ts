import { type Thread, startThread } from './client.ts';
import type { ThreadOptions } from './protocol.ts';

/** A thread that starts at its first use. One that has ended is replaced at the next: it holds nothing that matters. */
export function createLazyThread(options: ThreadOptions, answerMs?: number): Thread {
  let current: Promise<Thread | undefined> | undefined;
  const use = async (): Promise<Thread> => {
    const known = await current;
    if (known?.lives() === true) return known;
    const starting = startThread(options, answerMs);
    current = starting.catch(() => undefined);
    return starting;
  };
  return {
    send: async (request) => (await use()).send(request),
    lives: () => true,
    close: async () => (await current)?.close(),
  };
}
