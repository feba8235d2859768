import type { Heartbeat } from '../incident/heartbeat.ts';
import type { Incident, IncidentId } from '../incident/incident.ts';
import type { Matcher } from '../incident/matchers.ts';
import type { PageStep, PageTurn } from '../incident/paging.ts';
import type { FiringOfSource, Interval } from '../incident/stale.ts';
import type { Trx } from '../store/database.ts';
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

/** Where an incident is shown by a channel that can page, and whom to call there: perhaps nobody. */
export interface PagePlace {
  readonly targetId: string;
  readonly people: readonly { readonly id: string; readonly name: string }[];
}

export interface NewPage extends PagePlace {
  readonly incidentId: IncidentId;
  readonly step: PageStep;
  readonly turn: PageTurn;
}

/** What the job that pages does, all of it in one transaction. */
export interface PageRows {
  /** Locks the incident; `silenced`: nothing of it may draw attention now. */
  incident(
    trx: Trx,
    id: IncidentId,
    now: EpochMs,
  ): Promise<{ readonly incident: Incident; readonly silenced: boolean } | undefined>;
  /** Ends the work together with what it writes. False: it was scheduled anew since, or another has it. */
  take(trx: Trx, work: DueWork): Promise<boolean>;
  places(trx: Trx, incident: Incident): Promise<readonly PagePlace[]>;
  /** Ids of those who were or are about to be called in this way from then until now, about other incidents. */
  calledSince(trx: Trx, id: IncidentId, step: PageStep, since: EpochMs, now: EpochMs): Promise<ReadonlySet<string>>;
  /** A second page of the same turn and target is not stored. */
  enqueue(trx: Trx, page: NewPage, now: EpochMs): Promise<void>;
  schedule(trx: Trx, id: IncidentId, turn: PageTurn, dueAt: EpochMs): Promise<void>;
}
