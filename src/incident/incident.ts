import type { EpochMs, Labels } from '../types.ts';
import type { Link, Severity } from './alert.ts';

/** `INC-YYYYMMDD-NNN`; minted only by `incidentId` in `incident/id.ts`. */
export type IncidentId = string & { readonly __brand: 'IncidentId' };

export const STATUSES = ['open', 'acknowledged', 'resolved'] as const;
export type Status = (typeof STATUSES)[number];

/** Why an incident ended: its alerts did, a person said so, or nobody heard of it for a week. */
export type ResolvedReason = 'alerts' | 'manual' | 'expired';

/** What last raised `ring`; decides the words of the announcement. */
export const RING_REASONS = [
  'opened',
  'reopened',
  'severity_up',
  'new_alert',
  'assigned',
  'stale',
  'resolved',
  'unacknowledged',
] as const;
export type RingReason = (typeof RING_REASONS)[number];

export interface Incident {
  readonly id: IncidentId;
  /** Order of opening among incidents of the same millisecond. */
  readonly seq: number;
  readonly key: string;
  readonly status: Status;
  /** The worst firing alert's; what it last was once nothing fires. */
  readonly severity: Severity;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  readonly integration: string;
  /** Labels that all its alerts share. */
  readonly labels: Labels;
  readonly links: readonly Link[];
  /** Raised by at most one in a transaction, by none for a mere repeat. */
  readonly revision: number;
  /** Counts what deserves attention; a placement that has rung less gets an announcement. */
  readonly ring: number;
  readonly ringReason: RingReason;
  readonly alertsCount: number;
  readonly firingCount: number;
  readonly openedAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  readonly acknowledgedAt?: EpochMs;
  readonly acknowledgedBy?: string;
  readonly resolvedAt?: EpochMs;
  readonly resolvedBy?: string;
  readonly resolvedReason?: ResolvedReason;
  readonly staleSince?: EpochMs;
  /** The person who has it: a display name; `assigneeId` is `channel:external id` or an operator's id. */
  readonly assignee?: string;
  readonly assigneeId?: string;
  /** What a person said it was when resolving. */
  readonly cause?: string;
  /** While set and in the future, alerts of it change the rows and show nothing new. */
  readonly silencedUntil?: EpochMs;
}

/** Who did something, as the timeline, the audit and the card name them. */
export interface Actor {
  /** `lark:ou_…`, `playground:alice`, `api`, `cli`, `system`. */
  readonly id: string;
  readonly name: string;
  /** Where from: a channel's name, `api`, `cli`, `console`, `system`. */
  readonly via: string;
}

export const SYSTEM: Actor = { id: 'system', name: 'Zhiban', via: 'system' };

export const TIMELINE_KINDS = [
  'opened',
  'alerts',
  'severity',
  'acknowledged',
  'assigned',
  'noted',
  'resolved',
  'reopened',
  'stale',
  'silenced',
  'unsilenced',
  'diagnosis',
  'confirmed',
  'rejected',
  'reminded',
  'paged',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** One line of an incident's story. */
export interface TimelineEntry {
  readonly at: EpochMs;
  readonly kind: TimelineKind;
  readonly actor: Actor;
  /** Facts by name, e.g. `{ from: 'warning', to: 'critical' }`, `{ text: '…' }`; data, never markup. */
  readonly data: Readonly<Record<string, string | number>>;
}
