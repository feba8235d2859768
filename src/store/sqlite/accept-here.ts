import { type DatabaseConnection, type Driver, Kysely } from 'kysely';
import type { Clock, EpochMs } from '../../types.ts';
import { createAcceptBatch } from '../accept.ts';
import type { AcceptBatch, AcceptSetup, Hint, Stored } from '../database.ts';
import { createRoutes } from '../routes.ts';
import type { Tables } from '../schema.ts';
import { dialectOf, resultOf } from './dialect.ts';
import type { Request } from './protocol.ts';
import type { Statements } from './statements.ts';

export type AcceptHere = (request: Extract<Request, { readonly op: 'accept' }>) => Promise<Stored>;

/**
 * Accepting inside the database thread: a batch is one message instead of a dozen, and the main thread is free to read
 * the next requests meanwhile. Runs in the transaction that is open on the connection.
 */
export function createAcceptHere(statements: Statements): AcceptHere {
  const db = new Kysely<Tables>({ dialect: dialectOf(() => createDriver(statements)) });
  const clock = { time: 0, now: () => clock.time };
  let acceptingSince = 0;
  let acceptBatch: AcceptBatch | undefined;
  return async ({ setup, arrivals, now }) => {
    clock.time = now;
    ({ acceptingSince } = setup);
    acceptBatch ??= createBatch(setup, clock, () => acceptingSince);
    const hints: Hint[] = [];
    const trx = { db, engine: 'sqlite', hint: (hint: Hint) => void hints.push(hint) } as const;
    const startedAt = performance.now();
    const accepted = await acceptBatch(trx, arrivals);
    return { accepted, hints, ms: performance.now() - startedAt };
  };
}

const createBatch = (
  { policy, fallbackTargets }: AcceptSetup,
  clock: Clock,
  acceptingSince: () => EpochMs,
): AcceptBatch =>
  createAcceptBatch({
    policy,
    clock,
    routes: createRoutes({ fallbackTargets: () => fallbackTargets }),
    acceptingSince,
  });

/** The connection is this thread's own, and its transaction is begun and ended by the main one. */
function createDriver(statements: Statements): Driver {
  const connection: DatabaseConnection = {
    executeQuery: async ({ sql, parameters }) => resultOf(statements.run(sql, parameters)),
    // oxlint-disable-next-line require-yield
    streamQuery: async function* () {
      throw new Error('read pages instead: a stream would hold the connection');
    },
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    init: nothing,
    acquireConnection: async () => connection,
    releaseConnection: nothing,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    destroy: nothing,
  };
}
