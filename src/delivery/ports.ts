import type { Card } from '../cards/card.ts';
import type { IncidentView, Person, StormView } from '../cards/view.ts';
import type { Channel, Message, MessageContent, Shown } from '../channels/channel.ts';
import type { Alert } from '../incident/alert.ts';
import type { Incident } from '../incident/incident.ts';
import type { Trx, Write } from '../store/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Clock, EpochMs, Locale } from '../types.ts';
import type { PageDeps, PagePayload, PageStore } from './page-ports.ts';
import type {
  Absorbed,
  AppBucket,
  Attempt,
  Changed,
  FirstCards,
  Lease,
  OutboxChange,
  OutboxRow,
  Placement,
  PlacementChange,
  PlacementKey,
  Probe,
  Released,
  Settled,
  StormChange,
  StormRow,
  Target,
  Waiting,
} from './work.ts';

/** What delivery needs from the rest; `app.ts` hands it in. */
export interface DeliveryDeps extends PageDeps {
  readonly write: Write;
  readonly store: DeliveryStore;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'firstCard' | 'deliveries' | 'deliveryAttempts' | 'outboxDepth' | 'outboxOldest'>;
  readonly config: DeliveryConfig;
  /** What the label rules say before any diagnosis: one line each. */
  readonly hintsOf: (incident: Incident, alerts: readonly Alert[], locale: Locale) => readonly string[];
  /** A target died (told again at each probe while it stays dead), and came back. Harmless when repeated. */
  readonly onTargetDead: (target: Target, reason: string) => Promise<void>;
  readonly onTargetAlive: (target: Target) => Promise<void>;
}

export interface DeliveryConfig {
  /** First cards a minute and target before a storm folds the rest. */
  readonly stormPerMinute: number;
  readonly publicUrl: string;
  readonly timezone: string;
  readonly locale: Locale;
  /** Where incidents go that are left without a living place. */
  readonly defaultTargetId: string;
}

/** What lies before us, without touching it. */
export interface Outlook {
  /** Targets with something due that this process may lease. */
  readonly targets: readonly string[];
  readonly storms: boolean;
  readonly probes: boolean;
  /** Something became due at a dead target. */
  readonly strays: boolean;
}

/** The database as delivery sees it. What takes a `trx` runs inside a transaction of the committer, the rest only reads. */
export interface DeliveryStore extends PageStore {
  look(channels: readonly string[], holder: string, now: EpochMs, cutoffs: Cutoffs): Promise<Outlook>;
  /** Due rows by channel: how many, and since when the oldest waits. */
  backlog(): Promise<readonly { readonly channel: string; readonly count: number; readonly oldestAt: EpochMs }[]>;

  /** Leases what is free or already ours and not paused; of the channels `unleased`, only finds and locks it. */
  leaseTargets(
    trx: Trx,
    ids: readonly string[],
    lease: Lease,
    now: EpochMs,
    unleased?: ReadonlySet<string>,
  ): Promise<readonly Target[]>;
  releaseTargets(trx: Trx, holder: string): Promise<void>;
  /** The best `perTarget` placements and messages of each target. */
  waiting(
    trx: Trx,
    targetIds: readonly string[],
    perTarget: number,
    now: EpochMs,
    cutoffs: Cutoffs,
  ): Promise<readonly Waiting[]>;
  claimPlacements(trx: Trx, keys: readonly PlacementKey[], lease: Lease, now: EpochMs): Promise<readonly Placement[]>;
  claimMessages(trx: Trx, ids: readonly string[], lease: Lease, now: EpochMs): Promise<readonly OutboxRow[]>;
  /** Writes where the token still matches. */
  changePlacement(trx: Trx, key: PlacementKey, token: string, change: PlacementChange, now: EpochMs): Promise<Changed>;
  /** Keeps the message a call made although its lease was lost, and has the placement shown once more. */
  adoptPlacement(trx: Trx, key: PlacementKey, made: Made): Promise<void>;
  /** Writes where the token still matches; resolves to whether it did. */
  changeMessage(trx: Trx, id: string, token: string, change: OutboxChange): Promise<boolean>;
  /** Gives the shown card up: the placement is due as a first post of the next generation. */
  reissue(trx: Trx, key: PlacementKey, generation: number): Promise<void>;
  enqueue(trx: Trx, message: NewMessage, now: EpochMs): Promise<string | undefined>;
  /** Unsent announcements about a subject at a target give way to a newer one. */
  dropAttention(trx: Trx, key: PlacementKey, now: EpochMs): Promise<void>;
  addAttempts(trx: Trx, attempts: readonly Attempt[]): Promise<void>;

  incidentViews(trx: Trx, ids: readonly string[]): Promise<ReadonlyMap<string, IncidentView>>;
  /** Whom an incident can be given to on each of these channels; channels without anybody are missing. */
  peopleOn(trx: Trx, channels: readonly string[]): Promise<ReadonlyMap<string, readonly Person[]>>;
  stormViews(trx: Trx, ids: readonly string[]): Promise<ReadonlyMap<string, StormView>>;
  /** Whom an announcement about this incident mentions on this channel. */
  whoToMention(trx: Trx, incident: Incident, channel: string): Promise<Message['mentions']>;

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
  settleStorm(trx: Trx, storm: StormRow): Promise<Settled>;

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

/**
 * A message that is edited until it is complete. `first` is what it begins as, at every try the same; once it is there,
 * it is made to look like `card`, and the row becomes due again whenever `card` changes.
 */
export interface GrowingPayload {
  readonly kind: 'growing';
  readonly first: Card;
  readonly card: Card;
  readonly locale: Locale;
}

/** What an outbox row says. `pointer` edits an old card so that it points to the one that replaced it. */
export type MessagePayload =
  | { readonly kind: 'message'; readonly content: MessageContent; readonly locale?: Locale }
  | { readonly kind: 'pointer'; readonly ref: string; readonly card: Card; readonly locale: Locale }
  | GrowingPayload
  | PagePayload;

/** A message to be sent once. */
export interface NewMessage {
  readonly targetId: string;
  readonly kind: 'answer' | 'page' | 'attention' | 'pointer' | 'report' | 'test' | 'event';
  readonly event?: string;
  readonly incidentId?: string;
  /** One of `RANKS`; by `kind` when absent. */
  readonly priority?: number;
  readonly payload: MessagePayload;
  readonly mentions?: Message['mentions'];
  readonly replyTo?: string;
  readonly replyContext?: string;
  readonly replyContextUntil?: EpochMs;
  /** Waits for this subject's card; goes without it when that is parked. */
  readonly afterSubject?: string;
  /** The second message of one key is not stored. */
  readonly dedupeKey?: string;
  readonly notBefore?: EpochMs;
  /** Answers end after 10 minutes when absent, everything else never. */
  readonly expiresAt?: EpochMs;
}

/** What restraint compares columns with; see `restraintCutoffs`. */
export interface Cutoffs {
  readonly youngSince: EpochMs;
  readonly youngShownBy: EpochMs;
  readonly oldShownBy: EpochMs;
}

/** What a call made whose lease was lost. */
export interface Made {
  readonly messageKey?: string;
  readonly shown?: Shown;
  readonly at: EpochMs;
}

export interface Release {
  readonly count: number;
  readonly only: 'critical' | 'open';
  readonly newKey: () => string;
}
