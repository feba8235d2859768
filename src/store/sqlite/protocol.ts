import type { AcceptSetup, Stored } from '../database.ts';
import type { Arrival } from '../../incident/ports.ts';
import type { EpochMs } from '../../types.ts';

/** What the main thread asks of a database thread; answers come back in the same order. */
export type Request =
  | {
      readonly op: 'query';
      readonly sql: string;
      readonly parameters: readonly unknown[];
      readonly transaction: InTransaction;
    }
  | {
      /** Decides and stores alerts where the data is, instead of a dozen messages to and fro. */
      readonly op: 'accept';
      readonly setup: AcceptSetup;
      readonly arrivals: readonly Arrival[];
      readonly now: EpochMs;
      /** `own`: begun and committed for this batch alone, all in one message. */
      readonly transaction: InTransaction | 'own';
    }
  | { readonly op: 'commit' }
  | { readonly op: 'rollback' }
  | { readonly op: 'close' };

/** `start` begins the transaction in the same message, `inside` refuses to run when SQLite has rolled it back. */
export type InTransaction = 'none' | 'start' | 'inside';

export type AnswerTo<R extends Request> = R extends { readonly op: 'accept' }
  ? Stored
  : R extends { readonly op: 'query' }
    ? Answer
    : undefined;

/** Rows travel as arrays with the column names once: half the cost of cloning objects. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly changes: number;
  readonly lastId: number;
}

export type Reply =
  | { readonly ok: true; readonly answer: Answer | Stored | undefined }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** What a thread says unasked: passes over the log fail, told once until one works again. */
export interface Notice {
  readonly notice: 'checkpoint_failed';
  readonly reason: string;
}

export interface ThreadOptions {
  readonly file: string;
  /** The checkpointer is the writer's own, for nothing but checkpoints. */
  readonly mode: 'writer' | 'reader' | 'checkpointer';
  /** Held with an open exclusive transaction as long as the thread lives; the system frees it even at kill -9. */
  readonly lockFile?: string;
}
