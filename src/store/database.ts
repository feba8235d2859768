import type { Kysely, Transaction } from 'kysely';
import type { Accepted, Arrival, Policy } from '../incident/ports.ts';
import type { Clock, EpochMs } from '../types.ts';
import type { Tables } from './schema.ts';

export type Engine = 'sqlite' | 'postgres';

/** Anything queries run on: the pool, or one transaction. Inside a transaction use only the handle it gave. */
export interface Handle {
  readonly db: Kysely<Tables> | Transaction<Tables>;
  readonly engine: Engine;
}

/** An open database. `db` writes (one connection on SQLite), `reader` is read-only and may be slow without harm. */
export interface Database extends Handle {
  readonly db: Kysely<Tables>;
  readonly reader: Kysely<Tables>;
  /** The SQLite file. */
  readonly file?: string;
  /** One transaction outside the committer (migrations, tests); using `db` or `reader` inside throws. */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** `createAcceptBatch` run next to the data, where the engine is in this process. */
  acceptNear?(setup: () => AcceptSetup, clock: Clock): AcceptNear;
}

export interface AcceptNear {
  readonly acceptBatch: AcceptBatch;
  readonly acceptAlone: AcceptAlone;
}

/** `AcceptBatch` in a transaction of its own; resolves after the commit. Two may be under way: they run in order. */
export type AcceptAlone = (arrivals: readonly Arrival[]) => Promise<Stored>;

/** What a batch did, and what is to be said about it once it is committed. */
export interface Stored {
  readonly accepted: readonly Accepted[];
  readonly hints: readonly Hint[];
  /** How long deciding and storing took, without the transaction's beginning and commit. */
  readonly ms: number;
}

/** Stores the alerts of many requests inside one transaction; the answers stand in the order of the requests. */
export type AcceptBatch = (trx: Trx, arrivals: readonly Arrival[]) => Promise<readonly Accepted[]>;

/** What hardly ever changes from one batch of a process to the next; plain data, so that it can be sent to a thread. */
export interface AcceptSetup {
  readonly policy: Policy;
  readonly fallbackTargets: readonly string[];
  readonly acceptingSince: EpochMs;
}

/** Order in which waiting work enters the next transaction. */
export const PRIORITIES = ['press', 'ingest', 'delivery', 'job'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One transaction, and what it wants to say once it is committed. */
export interface Trx extends Handle {
  /** A lost hint costs a poll interval, never work. */
  hint(hint: Hint): void;
}

/** A target has work, rows of a kind are due from a time on, an incident has a new revision. */
export type Hint =
  | { readonly kind: 'target'; readonly id: string }
  | { readonly kind: 'due'; readonly id: string; readonly at: EpochMs }
  | { readonly kind: 'incident'; readonly id: string; readonly revision: number };

/**
 * The one way to write. Work of all callers that wait shares the next transaction (group commit, no timer); when it
 * fails, each runs again alone, so `work` must be free of effects outside the database. Resolves after the commit.
 * Rejects with `Overloaded` beyond the queue's bound and `StorageUnavailable` when the database refuses writes.
 */
export type Write = <T>(priority: Priority, work: (trx: Trx) => Promise<T>) => Promise<T>;
