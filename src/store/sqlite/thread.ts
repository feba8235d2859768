import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { giveBackSoon } from '../../telemetry/heap.ts';
import { SYNC_FAILED } from '../faults.ts';
import type { AcceptHere } from './accept-here.ts';
import type { Stored } from '../database.ts';
import { PASSIVE, createCheckpoints } from './checkpoints.ts';
import { type Failure, attempt, attemptNow, failureOf, isFailure } from './failure.ts';
import { createLazyThread } from './lazy-thread.ts';
import type { Answer, InTransaction, Notice, Reply, Request, ThreadOptions } from './protocol.ts';
import { type Statements, createStatements } from './statements.ts';

// The entry point of a database thread: opens the file, answers whether that worked, then serves requests in order.

type Connection = Sqlite.Database;

/** Older versions can corrupt a write-ahead log when two connections checkpoint it. */
const OLDEST = [3, 51, 3] as const;
/** A full check reads the file once; beyond this size it would delay the start for too long. */
const CHECKED_BYTES = 32 * 1024 * 1024;

function serve(port: NonNullable<typeof parentPort>, options: ThreadOptions): void {
  const opened = attemptNow(() => {
    const lock = options.lockFile === undefined ? undefined : takeLock(options.lockFile);
    return { lock, connection: open(options) };
  });
  if (isFailure(opened)) {
    port.postMessage(opened);
    return port.close();
  }
  const { connection, lock } = opened.value;
  port.postMessage({ ok: true, answer: undefined } satisfies Reply);
  giveBackSoon();
  const statements = createStatements(connection);
  let lost: Failure | undefined;
  const noted = <T extends object>(result: T | Failure): T | Failure => {
    if (isFailure(result) && SYNC_FAILED.test(result.code)) lost ??= { ...result, message: RESTART };
    return result;
  };
  const passesFail = createTeller(port);
  const checkpointer = createLazyThread(
    { file: options.file, mode: 'checkpointer' },
    { replaced: () => passesFail.tell('its thread had ended') },
  );
  const checkpoint = createCheckpoints({
    statements,
    pass: async () => {
      const passed = await checkpointer.send({ op: 'query', sql: PASSIVE, parameters: [], transaction: 'none' });
      passesFail.over();
      return passed;
    },
    failed: (err) => {
      passesFail.tell(failureOf(err).message);
      noted(failureOf(err instanceof Error ? err.cause : err));
    },
  });
  // Only the writer needs these modules, and the start does not wait for them.
  const accepting = options.mode === 'writer' ? import('./accept-here.ts') : undefined;
  let acceptHere: AcceptHere | undefined;
  const accept: AcceptHere = async (request) => {
    acceptHere ??= (await accepting)?.createAcceptHere(statements);
    if (acceptHere === undefined) throw new Error('this thread accepts nothing');
    return acceptHere(request);
  };
  const serveOne = async (request: Request): Promise<void> => {
    const refused = request.op === 'close' ? undefined : lost;
    // The last connection that closes ends the log, and that is the writer's.
    if (request.op === 'close') await attempt(() => checkpointer.close());
    const answered = refused ?? noted(await attempt(() => answer(connection, statements, accept, request)));
    port.postMessage(isFailure(answered) ? answered : ({ ok: true, answer: answered.value } satisfies Reply));
    // Its failure is no commit's failure, and the next one tries again, unless nothing can be trusted any more.
    if (commits(request) && options.mode === 'writer') noted(await attempt(checkpoint));
    if (request.op !== 'close') return;
    lock?.close();
    port.close();
  };
  let turn = Promise.resolve();
  port.on('message', (request: Request) => {
    turn = turn.then(() => serveOne(request));
  });
}

/** One notice, however often passes fail until one works again. */
function createTeller(port: NonNullable<typeof parentPort>) {
  let told = false;
  return {
    tell: (reason: string): void => {
      if (!told) port.postMessage({ notice: 'checkpoint_failed', reason } satisfies Notice);
      told = true;
    },
    over: (): void => {
      told = false;
    },
  };
}

function takeLock(file: string): Connection {
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (err) {
    lock.close();
    const busy = err instanceof Sqlite.SqliteError && err.code.startsWith('SQLITE_BUSY');
    throw busy ? Object.assign(new Error(file), { code: 'LOCKED_BY_ANOTHER' }) : err;
  }
}

function open({ file, mode }: ThreadOptions): Connection {
  const unclean = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const connection = new Sqlite(file, { timeout: 5000, readonly: mode === 'reader' });
  refuseOld(connection);
  if (mode === 'reader') return connection;
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  // Otherwise what a savepoint could need to undo goes to a temporary file: four writes for every alert.
  connection.pragma('temp_store = memory');
  connection.pragma('foreign_keys = on');
  connection.pragma('wal_autocheckpoint = 0');
  connection.pragma('journal_size_limit = 67108864');
  const small = statSync(file).size <= CHECKED_BYTES;
  if (mode === 'writer' && unclean && small) refuseDamaged(connection.pragma('quick_check(1)', { simple: true }));
  return connection;
}

function refuseOld(connection: Connection): void {
  const version = String(connection.prepare('select sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  const differs = OLDEST.findIndex((least, index) => parts[index] !== least);
  if (differs !== -1 && (parts[differs] ?? 0) < (OLDEST[differs] ?? 0)) {
    throw new Error(`SQLite ${version} is too old; ${OLDEST.join('.')} is needed`);
  }
}

function refuseDamaged(verdict: unknown): void {
  if (verdict !== 'ok')
    throw Object.assign(new Error(String(verdict).replaceAll('\n', ' ')), { code: 'SQLITE_CORRUPT' });
}

function answer(
  connection: Connection,
  statements: Statements,
  accept: AcceptHere,
  request: Request,
): Answer | Stored | undefined | Promise<Stored> {
  switch (request.op) {
    case 'query':
      enter(connection, statements, request.transaction);
      return statements.run(request.sql, request.parameters);
    case 'accept':
      if (request.transaction === 'own') return inOwn(connection, statements, () => accept(request));
      enter(connection, statements, request.transaction);
      return accept(request);
    case 'commit':
      refuseEnded(connection);
      statements.run('commit', []);
      return undefined;
    case 'rollback':
      // A full disk has already rolled back; a second rollback would hide that error behind its own.
      if (connection.inTransaction) statements.run('rollback', []);
      return undefined;
    case 'close':
      connection.close();
      return undefined;
    default:
      return request satisfies never;
  }
}

async function inOwn<T>(connection: Connection, statements: Statements, work: () => Promise<T>): Promise<T> {
  statements.run('begin immediate', []);
  try {
    const result = await work();
    refuseEnded(connection);
    statements.run('commit', []);
    return result;
  } finally {
    if (connection.inTransaction) statements.run('rollback', []);
  }
}

const commits = (request: Request): boolean =>
  request.op === 'commit' || (request.op === 'accept' && request.transaction === 'own');

function enter(connection: Connection, statements: Statements, transaction: InTransaction): void {
  if (transaction === 'start') statements.run(connection.readonly ? 'begin' : 'begin immediate', []);
  if (transaction === 'inside') refuseEnded(connection);
}

/** Without this, what follows an engine's own rollback would run and commit outside of any transaction. */
function refuseEnded(connection: Connection): void {
  if (!connection.inTransaction) throw new Error('SQLite has rolled this transaction back after an earlier error');
}

/** After a failed sync this connection must not acknowledge anything any more. */
const RESTART = 'the disk failed to keep what was written; check it and start Zhiban again';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion
if (parentPort !== null) serve(parentPort, workerData as ThreadOptions); // only client.ts starts this file
