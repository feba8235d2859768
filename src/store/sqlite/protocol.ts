/** What the main thread asks of a database thread; answers come back in the same order. */
export type Request =
  | {
      readonly op: 'query';
      readonly sql: string;
      readonly parameters: readonly unknown[];
      /** `start` begins the transaction in the same message, `inside` refuses to run when SQLite has rolled it back. */
      readonly transaction: 'none' | 'start' | 'inside';
    }
  | { readonly op: 'commit' }
  | { readonly op: 'rollback' }
  | { readonly op: 'close' };

/** Rows travel as arrays with the column names once: half the cost of cloning objects. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly changes: number;
  readonly lastId: number;
}

export type Reply =
  | { readonly ok: true; readonly answer: Answer | undefined }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface ThreadOptions {
  readonly file: string;
  readonly mode: 'writer' | 'reader';
  /** Held with an open exclusive transaction as long as the thread lives; the system frees it even at kill -9. */
  readonly lockFile?: string;
}
