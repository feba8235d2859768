import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { gatherLines } from './gathered.ts';
import { createPretty } from './pretty.ts';

export type Log = Logger;

export interface Trace {
  readonly trace_id: string;
}

const current = new AsyncLocalStorage<Trace>();

/** Runs `work` with fields that every log line inside it will carry. */
export const withTrace = <T>(trace: Trace, work: () => T): T => current.run(trace, work);

/** The trace this code runs under, empty outside of one. */
export const traceId = (): string => current.getStore()?.trace_id ?? '';

/**
 * Field names whose values never reach a log line. Top level only: deeper paths cost 5 µs a line, and we log no nested
 * objects but errors, whose own properties (a client's config, headers) `errorOf` leaves out.
 */
const SECRETS = ['authorization', 'password', 'secret', 'token', 'api_key', 'cookie', 'headers', 'config'];

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

const MAX_CAUSES = 5;

/** What an error tells without its properties. */
function errorOf(err: unknown, depth = 0): LoggedError {
  if (!(err instanceof Error)) return { type: typeof err, message: String(err) };
  const code = 'code' in err ? err.code : undefined;
  return {
    type: err.name,
    message: err.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(depth === 0 && err.stack !== undefined ? { stack: err.stack } : {}),
    ...(err.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: errorOf(err.cause, depth + 1) }),
  };
}

/**
 * One JSON line per event: `time, level, trace_id, action, …`. `action` names the event; the message stays short.
 * `masked` are our secrets as they are now, the same array until they change: their values are blanked wherever they
 * appear in a line. On a terminal the lines are made for reading.
 */
export function createLog(
  level: string,
  masked: readonly string[] | (() => readonly string[]),
  destination?: DestinationStream,
): Log {
  const valuesNow = createValues(masked);
  const blank = (line: string): string => valuesNow().reduce((text, value) => text.replaceAll(value, '[secret]'), line);
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS, censor: '[secret]' },
    serializers: { err: (err: unknown) => errorOf(err) },
    mixin: () => ({ ...current.getStore() }),
    hooks: { streamWrite: blank },
  };
  if (level === 'silent') return pino(options);
  return pino(options, destination ?? (process.stdout.isTTY ? createPretty(process.stdout) : gatheredStdout()));
}

/** A reader that has stopped reading must not stop us, so nothing waits for the writes but the process's end. */
function gatheredStdout(): DestinationStream {
  const gathered = gatherLines(pino.destination({ dest: 1, sync: false }));
  process.once('exit', gathered.flushSync);
  return gathered;
}

/** As they are and as JSON writes them; longest first, so that no secret hides the rest of another. */
function createValues(masked: readonly string[] | (() => readonly string[])): () => readonly string[] {
  let of: readonly string[] = [];
  let values: readonly string[] = [];
  return () => {
    const now = typeof masked === 'function' ? masked() : masked;
    if (now !== of) {
      const told = now.filter((value) => value.length >= 6);
      const written = told.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
      values = [...new Set(written)].toSorted((a, b) => b.length - a.length);
    }
    of = now;
    return values;
  };
}
