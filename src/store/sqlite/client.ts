import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from '../../errors.ts';
import { asStorageError } from '../faults.ts';
import type { Answer, Reply, Request, ThreadOptions } from './protocol.ts';

/** A database thread seen from the main one. */
export interface Thread {
  /** Rejects with `StorageUnavailable`, `StorageCorrupt` or SQLite's own error, whose `code` is kept. */
  readonly send: (request: Request) => Promise<Answer | undefined>;
  /** Closes the connection and ends the thread; what was sent before is still answered. */
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts a thread and waits until its file is open. Rejects as `send` does when it cannot be opened. */
export async function startThread(options: ThreadOptions): Promise<Thread> {
  // `.ts` from source, `.js` once built: tsc does not rewrite this name.
  const entry = new URL(`./thread${extname(import.meta.filename)}`, import.meta.url);
  const worker = new Worker(entry, { workerData: options, name: `sqlite-${options.mode}` });
  const waiting: Waiting[] = [];
  let ended: StorageUnavailable | undefined;
  const end = (why: string, cause?: unknown): void => {
    ended ??= new StorageUnavailable(`The database thread has ended: ${why}.`, { cause });
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  const receive = (): Promise<Answer | undefined> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  worker.on('message', (reply: Reply) => {
    const next = waiting.shift();
    if (reply.ok) next?.resolve(reply.answer);
    else next?.reject(asStorageError(Object.assign(new Error(reply.message), { code: reply.code })));
  });
  worker.on('error', (err) => end(err.message, err));
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      end(`exit code ${code}`);
      resolve();
    });
  });
  const send = (request: Request): Promise<Answer | undefined> => {
    if (ended !== undefined) return Promise.reject(ended);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    worker.postMessage(request);
    return receive();
  };
  await receive();
  return {
    send,
    close: async () => {
      if (ended === undefined) await send({ op: 'close' });
      await exited;
    },
  };
}
