import type { Config } from '../config.ts';
import type { Edges } from '../types.ts';
import type { Backend } from './backend.ts';

/** What the command line needs from its process. */
export interface CliDeps extends Edges {
  readonly config: () => Config;
  readonly print: (line: string) => void;
  readonly serve: () => Promise<void>;
  /** Of this program. */
  readonly version: string;
  /** The bytes of a file; `-` is the standard input. */
  readonly read: (path: string) => Promise<Buffer>;
  /** The same piece by piece, for what may be large. */
  readonly open: (path: string) => AsyncIterable<Uint8Array>;
  /** Says something beside the output, on the standard error. */
  readonly tell: (line: string) => void;
  /** Aborts when somebody wants the process to end; until it is called, a signal ends the process at once. */
  readonly interrupted: () => AbortSignal;
}

/** A command that works on the database; it is closed whatever happens. */
export type OnBackend = (work: (backend: Backend) => Promise<void>) => Promise<void>;

/** A fault of whoever typed: told without a stack. */
export class CommandRefused extends Error {}
