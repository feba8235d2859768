import type { IncidentView, Person, StormView } from '../cards/view.ts';
import type { Channel, Message } from '../channels/channel.ts';
import type { Alert } from '../incident/alert.ts';
import type { Incident } from '../incident/incident.ts';
import type { Trx, Write } from '../store/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Clock, EpochMs, Locale } from '../types.ts';
import type { NewMessage, OutboxChange, OutboxRow } from './outbox.ts';
import type { PageDeps, PageStore } from './page-ports.ts';
import type { Made, Placement, PlacementChange, PlacementKey } from './placement.ts';
import type { StormStore } from './storm-ports.ts';
import type { Target, TargetStore } from './target-ports.ts';
import type { Attempt, Changed, Lease, Waiting } from './work.ts';

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

/** The database as delivery sees it. What takes a `trx` runs inside a transaction of the committer, the rest only reads. */
export interface DeliveryStore extends PageStore, StormStore, TargetStore {
  look(channels: readonly string[], holder: string, now: EpochMs, cutoffs: Cutoffs): Promise<Outlook>;
  /** Due rows by channel: how many, and since when the oldest waits. */
  backlog(): Promise<readonly { readonly channel: string; readonly count: number; readonly oldestAt: EpochMs }[]>;
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

/** What restraint compares columns with; see `restraintCutoffs`. */
export interface Cutoffs {
  readonly youngSince: EpochMs;
  readonly youngShownBy: EpochMs;
  readonly oldShownBy: EpochMs;
}
