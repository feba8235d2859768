import type { Heartbeat } from '../incident/heartbeat.ts';
import type { Incident, IncidentId } from '../incident/incident.ts';
import type { Matcher } from '../incident/matchers.ts';
import type { FiringOfSource, Interval } from '../incident/stale.ts';
import type { EpochMs } from '../types.ts';

/** Leased work of one kind about one subject. */
export interface DueWork {
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: EpochMs;
  readonly payload?: string;
  /** This try included. */
  readonly attempts: number;
  readonly token: string;
}

/** The due-rows; what is scheduled anew while it is leased stays for another run. */
export interface DueRows {
  /** When the next row that nobody works on is due. */
  next(kind: string, now: EpochMs): Promise<EpochMs | undefined>;
  claim(kind: string, limit: number, now: EpochMs, leaseMs: number): Promise<readonly DueWork[]>;
  complete(work: DueWork): Promise<boolean>;
  retry(work: DueWork, at: EpochMs, error: string): Promise<boolean>;
}

/** What the jobs that watch time pass need to know. */
export interface Watch {
  incident(
    id: IncidentId,
  ): Promise<{ readonly incident: Incident; readonly firing: readonly FiringOfSource[] } | undefined>;
  /** When we were accepting since `from`. */
  accepting(from: EpochMs): Promise<readonly Interval[]>;
  silence(
    id: string,
  ): Promise<
    { readonly matchers: readonly Matcher[]; readonly endsAt: EpochMs; readonly removedAt?: EpochMs } | undefined
  >;
  unresolvedMatching(matchers: readonly Matcher[]): Promise<readonly IncidentId[]>;
  heartbeats(): Promise<readonly ArmedHeartbeat[]>;
  /** It has to be seen twice again before its absence means anything. */
  disarm(identity: string): Promise<void>;
  /** Replaces the time of an earlier row. */
  schedule(kind: string, subject: string, dueAt: EpochMs): Promise<void>;
}

export interface ArmedHeartbeat {
  readonly heartbeat: Heartbeat;
  /** What stands for its absence: not firing, firing in an open incident, or in one that a person has resolved. */
  readonly absence: 'unknown' | 'shown' | 'dismissed';
}
