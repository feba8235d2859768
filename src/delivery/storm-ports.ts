import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';
import type { Lease } from './work.ts';

/** The database as storms see it: first cards that are too many, and the one card that stands for them. */
export interface StormStore {
  firstCards(trx: Trx, targetIds: readonly string[], now: EpochMs): Promise<readonly FirstCards[]>;
  waitingFirstCards(
    trx: Trx,
    targetId: string,
  ): Promise<readonly { readonly subjectId: string; readonly critical: boolean }[]>;
  /** They keep cards of their own, whatever storm comes. */
  admit(trx: Trx, targetId: string, subjectIds: readonly string[], newKey: () => string): Promise<void>;
  /** Folds them into the target's storm, which is started when there is none; its card is raised. */
  fold(trx: Trx, targetId: string, subjectIds: readonly string[], now: EpochMs): Promise<void>;
  dueStorms(trx: Trx, lease: Lease, now: EpochMs): Promise<readonly StormRow[]>;
  /** Members that changed since last counted are counted as of now, up to a bound. */
  absorbChanges(trx: Trx, storm: StormRow): Promise<Absorbed>;
  /** Incidents that came to the storm's target in the last minute, folded or not; nothing is counted beyond `upTo`. */
  stormRate(trx: Trx, storm: StormRow, upTo: number, now: EpochMs): Promise<number>;
  changeStorm(trx: Trx, storm: StormRow, change: StormChange, now: EpochMs): Promise<void>;
  /** Critical incidents whose first card this target saw in the last minute. */
  criticalsLastMinute(trx: Trx, targetId: string, upTo: number, now: EpochMs): Promise<number>;
  releasedLastMinute(trx: Trx, stormId: string, upTo: number, now: EpochMs): Promise<number>;
  /** Up to `count` unresolved members, and to a bound, get their own card, worst first. */
  releaseMembers(trx: Trx, storm: StormRow, release: Release, now: EpochMs): Promise<Released>;
  /** Lets go of members that ended, up to a bound, once none is open: reopened, they get a card like anything new. */
  settleStorm(trx: Trx, storm: StormRow): Promise<StormSettled>;
}

/** First cards that wait at a target, and what it had in the last minute. */
export interface FirstCards {
  readonly targetId: string;
  readonly storm?: string;
  readonly recent: { readonly critical: number; readonly other: number };
  readonly waiting: number;
}

export interface StormRow {
  readonly id: string;
  readonly targetId: string;
  readonly revision: number;
  readonly startedAt: EpochMs;
  readonly calmSince?: EpochMs;
  readonly endedAt?: EpochMs;
}

/** What a look at a storm decided. */
export interface StormChange {
  readonly calmSince?: EpochMs;
  readonly endedAt?: EpochMs;
  /** The card has something new to say. */
  readonly raise: boolean;
  /** When to look again; absent = never. */
  readonly nextAt?: EpochMs;
}

export interface Absorbed {
  /** The storm's card has something new to say of its members. */
  readonly changed: boolean;
  /** There may be more that is not counted yet. */
  readonly more: boolean;
}

export interface Release {
  readonly count: number;
  readonly only: 'critical' | 'open';
  readonly newKey: () => string;
}

export interface Released {
  readonly released: number;
  /** There may be more for whom there is room. */
  readonly more: boolean;
}

/** Whether a storm that is over still hides anybody: `held` while members are open. */
export type StormSettled = 'settled' | 'unfinished' | 'held';
