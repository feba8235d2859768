import type { Config } from '../config.ts';
import type { Clock } from '../types.ts';
import type { Backend } from './backend.ts';

/** What the command line needs from its process. */
export interface CliDeps {
  readonly config: () => Config;
  readonly clock: Clock;
  readonly print: (line: string) => void;
  readonly serve: () => Promise<void>;
}

/** A command that works on the database; it is closed whatever happens. */
export type OnBackend = (work: (backend: Backend) => Promise<void>) => Promise<void>;

/** A fault of whoever typed: told without a stack. */
export class CommandRefused extends Error {}
