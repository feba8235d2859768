import { extname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from '../../errors.ts';
import { StorageLost, asStorageError } from '../faults.ts';
import type { AnswerTo, Notice, Reply, Request, ThreadOptions } from './protocol.ts';

/** A database thread seen from the main one. */
export interface Thread {
  /** Rejects with `StorageLost` (the writer's thread is gone), `StorageUnavailable`, `StorageCorrupt` or SQLite's own error, whose `code` is kept. */
  readonly send: <R extends Request>(request: R) => Promise<AnswerTo<R>>;
  /** False once it has ended; it then refuses everything. */
  readonly lives: () => boolean;
  /** Closes the connection and ends the thread; what was sent before is still answered. */
  readonly close: () => Promise<void>;
}

/** Enough to load the thread's modules; it has no data in JavaScript. */
const LITTLE = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };

export interface Hooks {
  /** Beyond it a statement is refused and the thread ends. */
  readonly answerMs?: number;
  /** Told what the thread says unasked. */
  readonly notice?: (notice: Notice) => void;
}

interface Waiting {
  readonly resolve: (answer: Extract<Reply, { ok: true }>['answer']) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts a thread and waits until its file is open. Rejects as `send` does when it cannot be opened. */
export async function startThread(options: ThreadOptions, { answerMs, notice }: Hooks = {}): Promise<Thread> {
  keepWrappers();
  // `.ts` from source, `.js` once built: tsc does not rewrite this name.
  const entry = new URL(`./thread${extname(import.meta.filename)}`, import.meta.url);
  const limits = options.mode === 'checkpointer' ? { resourceLimits: LITTLE } : {};
  const worker = new Worker(entry, { workerData: options, name: `sqlite-${options.mode}`, ...limits });
  const waiting: Waiting[] = [];
  let ended: StorageUnavailable | undefined;
  let leftAlone = false;
  const Ended = options.mode === 'writer' ? StorageLost : StorageUnavailable;
  const end = (why: string, cause?: unknown): void => {
    ended ??= new Ended(`The database thread has ended: ${why}.`, { cause });
    for (const { reject } of waiting.splice(0)) reject(ended);
  };
  const receive = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      waiting.push({ resolve: (answer) => resolve(answer as T), reject }); // the thread answers in the order it was asked
    });
  worker.on('message', (reply: Reply | Notice) => {
    if ('notice' in reply) return notice?.(reply);
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
  const send = <R extends Request>(request: R): Promise<AnswerTo<R>> => {
    if (ended !== undefined) return Promise.reject(ended);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    worker.postMessage(request);
    return answerMs === undefined ? receive() : within(answerMs, receive());
  };
  /** Native code cannot be interrupted: the thread is left alone with its statement, and ends after it. */
  const within = async <T>(ms: number, answer: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => {
      end(`a statement took longer than ${ms} ms`);
      leftAlone = true;
      void worker.terminate();
    }, ms);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  };
  await receive<undefined>();
  return {
    send,
    lives: () => ended === undefined,
    close: async () => {
      if (ended === undefined) await send({ op: 'close' });
      if (!leftAlone) await exited;
    },
  };
}

/**
 * Node strips types by WebAssembly, in each thread by itself. Where threads come and go, V8 13.6 may crash as it replaces
 * the small pieces of code between that and JavaScript by faster ones (a core showed `Runtime_TierUpWasmToJSWrapper`;
 * compare https://github.com/nodejs/node/issues/64500), so threads that start from now on never do that.
 */
const keepWrappers = (): void => setFlagsFromString('--wasm-wrapper-tiering-budget=1000000000');
