import { type Thread, startThread } from './client.ts';

/** As long as PostgreSQL's reader gets: a slow read keeps the write-ahead log from being emptied. */
const ANSWER_MS = 10_000;

/**
 * The thread that reads. One that has ended, or that a statement keeps for too long, is replaced at the next use: it
 * holds nothing that matters.
 */
export function createReader(file: string, answerMs = ANSWER_MS): Thread {
  let current: Promise<Thread | undefined> | undefined;
  const use = async (): Promise<Thread> => {
    const known = await current;
    if (known?.lives() === true) return known;
    const starting = startThread({ file, mode: 'reader' }, answerMs);
    current = starting.catch(() => undefined);
    return starting;
  };
  return {
    send: async (request) => (await use()).send(request),
    lives: () => true,
    close: async () => (await current)?.close(),
  };
}
