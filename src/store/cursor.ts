import { AppError } from '../errors.ts';

/** A cursor that no list of ours made. */
export class InvalidCursor extends AppError {
  readonly code = 'invalid_cursor';
}

/** Where a list goes on: the sort keys of the last row shown, opaque to others. */
export const writeCursor = (keys: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(keys)).toString('base64url');

/** Throws `InvalidCursor` unless the text holds exactly keys of these types. */
export function readCursor(text: string, types: readonly ('string' | 'number')[]): readonly (string | number)[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(keys) && keys.length === types.length && keys.every((key, at) => typeof key === types[at])) {
      return keys;
    }
  } catch {
    // Falls through to the one error.
  }
  throw new InvalidCursor('The cursor is none of ours; start again without one.');
}
