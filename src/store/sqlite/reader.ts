import type { Thread } from './client.ts';
import { createLazyThread } from './lazy-thread.ts';

/** As long as PostgreSQL's reader gets: a slow read keeps the write-ahead log from being emptied. */
const ANSWER_MS = 10_000;

/** The thread that reads. One that a statement keeps for too long is replaced at the next use. */
export const createReader = (file: string, answerMs = ANSWER_MS): Thread =>
  createLazyThread({ file, mode: 'reader' }, { answerMs });
