import { AppError, StorageUnavailable } from '../errors.ts';

/** The database file is damaged. It is kept as it is: what to do is in the message. */
export class StorageCorrupt extends AppError {
  readonly code = 'storage_corrupt';
}

/**
 * This process will never write again: its database thread is gone, or the disk failed to keep what was written and a
 * later success would prove nothing. A new process may.
 */
export class StorageLost extends StorageUnavailable {}

/** After a failed sync the system may have dropped what it could not write, and a later sync would not say so. */
export const SYNC_FAILED = /^SQLITE_IOERR_(DIR_)?FSYNC$/;

/** Another process owns this data folder. */
export class AlreadyRunning extends AppError {
  readonly code = 'already_running';
}

/** Two writers met (deadlock, serialisation failure, unique key): the same transaction may succeed when run again. */
export const isConflict = (error: unknown): boolean => CONFLICTS.has(codeIn(error));

/** What a driver threw, as the error the rest of the program knows; anything it cannot name passes through. */
export function asStorageError(error: unknown): unknown {
  const code = codeIn(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (isDamage(code)) return new StorageCorrupt(`The database is damaged (${code}: ${reason}).`, { cause: error });
  if (SYNC_FAILED.test(code)) return new StorageLost(`The database is lost (${code}: ${reason}).`, { cause: error });
  if (isOutage(code) || LOST_CONNECTION.test(reason)) {
    return new StorageUnavailable(`The database cannot be used now (${code}: ${reason}).`, { cause: error });
  }
  return error;
}

const CONFLICTS = new Set(['40P01', '40001', '23505', '55P03']);

const isDamage = (code: string): boolean => code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';

/** PostgreSQL classes: 08 connection, 53 resources (disk full, too many clients), 57P shutdown, 58 system, 25006 read-only. */
const isOutage = (code: string): boolean =>
  /^SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN|NOMEM|LOCKED)/.test(code) ||
  /^(08|53|57P|58)/.test(code) ||
  code === '25006' ||
  /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT$)/.test(code);

/** pg reports these without a code. */
const LOST_CONNECTION =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

const codeIn = (error: unknown): string => {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};
