import type { Trx } from '../store/database.ts';
import type { EpochMs, Locale } from '../types.ts';
import type { Lease } from './work.ts';

/** The database as lanes see it: whose a target is, whether it lives, and what its app may still take. */
export interface TargetStore {
  /** Leases what is free or already ours and not paused; of the channels `unleased`, only finds and locks it. */
  leaseTargets(
    trx: Trx,
    ids: readonly string[],
    lease: Lease,
    now: EpochMs,
    unleased?: ReadonlySet<string>,
  ): Promise<readonly Target[]>;
  releaseTargets(trx: Trx, holder: string): Promise<void>;
  killTarget(trx: Trx, targetId: string, reason: string, now: EpochMs): Promise<void>;
  /** Parks what became due at dead targets; shows unresolved incidents left without a living place at the default. */
  rescue(trx: Trx, defaultTargetId: string, now: EpochMs): Promise<number>;
  rescueOne(trx: Trx, incidentId: string, defaultTargetId: string, now: EpochMs): Promise<void>;
  dueProbes(trx: Trx, lease: Lease, now: EpochMs): Promise<readonly Probe[]>;
  /** Lets one parked placement through, from the second probe on. Undefined when the target is gone or lives. */
  probe(trx: Trx, probe: Probe, nextAt: EpochMs): Promise<(Target & { readonly lastError: string }) | undefined>;
  /** A call succeeded: failures forgotten, a dead target's placements due again. Resolves to whether it was dead. */
  targetWorks(trx: Trx, targetId: string, now: EpochMs): Promise<boolean>;
  /** Locks these apps' buckets, which are made as given where there are none; without those that another replica holds. */
  lockAppBuckets(trx: Trx, fresh: readonly AppBucket[]): Promise<readonly AppBucket[]>;
  saveAppBuckets(trx: Trx, buckets: readonly AppBucket[]): Promise<void>;
  /** Empties the bucket until then: all lanes of the app wait, in every replica. */
  pauseApp(trx: Trx, key: string, until: EpochMs): Promise<void>;
  /** Pauses a lane; a failure counts, a throttle does not. */
  pauseTarget(trx: Trx, targetId: string, until: EpochMs, failed: boolean, error: string): Promise<void>;
}

export interface Target {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  readonly address: string;
  readonly locale?: Locale;
  readonly timezone?: string;
  readonly pacing?: Readonly<Record<string, unknown>>;
  readonly state: TargetState;
  readonly failures: number;
}

export type TargetState = 'ok' | 'backing_off' | 'dead';

/** What the targets of one app may still take together, as of `at`. */
export interface AppBucket {
  readonly key: string;
  readonly tokens: number;
  readonly at: EpochMs;
  /** The platform asked the app to wait: no token comes in before this. */
  readonly pausedUntil: EpochMs;
}

/** A dead target that is to be tried. */
export interface Probe {
  readonly targetId: string;
  readonly attempts: number;
}
