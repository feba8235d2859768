import type { UsageBy, UsageRow } from '../../cards/usage.ts';
import type { Prices, Quotas } from '../../diagnose/accounting/ports.ts';
import type { Diagnosis } from '../../diagnose/diagnosis.ts';
import type { AlertRow, Severity } from '../../incident/alert.ts';
import type { Change, ChangeKind, NewChange } from '../../incident/change.ts';
import type { IncidentId, TimelineEntry } from '../../incident/incident.ts';
import type { Perform } from '../../operations/perform.ts';
import type { Integrations } from '../../operations/integrations-port.ts';
import type { OperationPorts } from '../../operations/ports.ts';
import type { Providers } from '../../operations/provider.ts';
import type { Clock, EpochMs, Labels, Locale, Page } from '../../types.ts';

/** What the REST interface needs from other rooms; `app.ts` hands it in. */
export interface ApiDeps {
  readonly ports: OperationPorts;
  readonly perform: Perform;
  readonly integrations: Integrations;
  readonly providers: Providers;
  readonly alerts: AlertsPort;
  readonly story: StoryPort;
  readonly changes: ChangesPort;
  readonly usage: UsagePort;
  readonly quotas: Quotas;
  readonly prices: Prices;
  readonly clock: Clock;
  readonly timezone: string;
  readonly locale: Locale;
  /** The target that stands for DEFAULT_TARGET: without it incidents would appear nowhere. */
  readonly defaultTargetId: string;
  /** Whether a custom bot that a target can fall back to may live at this address. */
  readonly takesFallback: (url: URL) => boolean;
  /** Names of the alert formats we know. */
  readonly sources: readonly string[];
}

export interface AlertsPort {
  get(id: string): Promise<AlertRow | undefined>;
  list(filter: {
    readonly status?: readonly string[];
    readonly severity?: readonly Severity[];
    readonly q?: string;
    readonly labels?: Labels;
    readonly from?: EpochMs;
    readonly to?: EpochMs;
    readonly incidentId?: IncidentId;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<Page<AlertRow>>;
}

/** What belongs to incidents besides their own row. */
export interface StoryPort {
  /** Newest first. */
  timeline(id: IncidentId, limit: number): Promise<readonly TimelineEntry[]>;
  /** Newest first. */
  diagnoses(id: IncidentId): Promise<readonly Diagnosis[]>;
  /** The latest of each, or that one is pending; incidents with neither are missing. */
  currentDiagnoses(ids: readonly IncidentId[]): Promise<ReadonlyMap<string, Diagnosis>>;
}

export interface ChangeFilter {
  readonly service?: string;
  readonly environment?: string;
  readonly kind?: ChangeKind;
  readonly q?: string;
  readonly labels?: Labels;
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  readonly limit: number;
  readonly cursor?: string;
}

/** What was done to the systems we watch. */
export interface ChangesPort {
  /** One with a known `dedupeKey` of the same source changes nothing; the stored one is given. */
  record(change: NewChange): Promise<{ readonly change: Change; readonly created: boolean }>;
  get(id: string): Promise<Change | undefined>;
  /** Latest first. Throws `InvalidCursor` for a cursor it did not make. */
  list(filter: ChangeFilter): Promise<Page<Change>>;
}

/** Calls to models from `from` until just before `to`, added up: days oldest first, the others by tokens. */
export interface UsagePort {
  /** That money is counted in. */
  readonly currency: string;
  rows(by: UsageBy, from: EpochMs, to: EpochMs): Promise<readonly UsageRow[]>;
}
