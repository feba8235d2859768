import type { EpochMs } from '../types.ts';
import type { Alert, AlertStatus, Severity } from './alert.ts';
import { type Heartbeat, isHeartbeat, silentAlert } from './heartbeat.ts';
import type { Incident, TimelineKind } from './incident.ts';
import { identityOf, incidentKeyOf } from './key.ts';
import type { Arrival, Policy } from './ports.ts';
import type { FiringCounts } from './severity.ts';
import type { Interval } from './stale.ts';

/** An alert with the names it is found by. */
export interface Identified {
  readonly alert: Alert;
  readonly identity: string;
  readonly key: string;
  /** Present for a heartbeat: the alert that stands for its absence. */
  readonly absence?: { readonly identity: string; readonly key: string };
}

export interface IdentifiedArrival {
  readonly arrival: Arrival;
  readonly alerts: readonly Identified[];
}

/** What deciding needs of an identity's current row; the long texts stay in the database. */
export interface KnownAlert {
  readonly id: string;
  readonly identity: string;
  readonly incidentId?: string;
  readonly status: AlertStatus;
  readonly severity: Severity;
  readonly title: string;
  readonly summary: string;
  readonly startsAt?: EpochMs;
  readonly endsAt?: EpochMs;
  readonly lastSeenAt: EpochMs;
  readonly resolvedAt?: EpochMs;
  readonly repeats: number;
  readonly longestGapMs: number;
  readonly digest: string;
}

/** An incident with what its severity is read from. */
export interface IncidentState {
  readonly incident: Incident;
  readonly firing: FiringCounts;
}

/** What the database knows about the alerts of a batch. */
export interface Known {
  readonly alerts: readonly KnownAlert[];
  /** Those the alerts are attached to, and of every key the unresolved one and the one resolved last. */
  readonly incidents: readonly IncidentState[];
  readonly heartbeats: readonly Heartbeat[];
  /** Times of accepting that reach back to the oldest `lastSeenAt` that matters; the present one is open-ended. */
  readonly accepting: readonly Interval[];
}

/** How far a row must be written: one that only counted a repeat is far cheaper. */
export type Writing = 'none' | 'repeat' | 'change' | 'insert';

/** An alert's row while a batch is decided. */
export interface AlertDraft {
  row: KnownAlert;
  incident: IncidentDraft | undefined;
  writing: Writing;
  current: boolean;
  /** The full content, to insert or to refresh the stored one with. */
  content: Alert | undefined;
  receivedAt: EpochMs;
}

/** What one request did to one incident: becomes one timeline row. */
export interface Delta {
  opened: boolean;
  reopened: 'returned' | 'still_firing' | undefined;
  cleared: boolean;
  joined: number;
  returned: number;
  stopped: number;
  severityFrom: Severity;
  silenceBroken: boolean;
}

/** An incident while a batch is decided. */
export interface IncidentDraft {
  /** As stored when the transaction began; absent for one opened in it. */
  readonly before: Incident | undefined;
  /** Until the counter has given numbers, the id of a new one is `NO_ID`. */
  incident: Incident;
  firing: FiringCounts;
  /** Something a card shows is different. */
  changed: boolean;
  /** `lastSeenAt` moved enough to be worth a write. */
  seen: boolean;
  reopened: boolean;
  /** An alert joined that no acknowledgement covers. */
  uncovered: boolean;
  delta: Delta | undefined;
  readonly timeline: DraftEntry[];
  /** Where senders asked for it to be shown. */
  readonly targetIds: Set<string>;
}

/** Alerts are nobody's decision: the actor is the system. */
export interface DraftEntry {
  readonly at: EpochMs;
  readonly kind: TimelineKind;
  readonly data: Record<string, string | number>;
  readonly traceId: string;
}

export interface WorkingSet {
  readonly policy: Policy;
  readonly newId: () => string;
  readonly alerts: Map<string, AlertDraft>;
  /** Rows that stopped being current in this batch. */
  readonly superseded: AlertDraft[];
  readonly incidents: IncidentDraft[];
  /** Incidents the present request took an alert away from. */
  readonly left: Set<IncidentDraft>;
  readonly unresolvedByKey: Map<string, IncidentDraft>;
  readonly lastResolvedByKey: Map<string, IncidentDraft>;
  readonly heartbeats: Map<string, Heartbeat>;
  readonly beaten: Set<string>;
  readonly known: Known;
}

/** Names every alert of a request; pure, so it can be done before the transaction. */
export function identify(arrival: Arrival, policy: Policy): IdentifiedArrival {
  return { arrival, alerts: arrival.alerts.map((alert) => identified(alert, policy)) };
}

/** An incident nothing has happened to yet. */
export function draftOf({ incident, firing }: IncidentState, stored: boolean): IncidentDraft {
  return {
    before: stored ? incident : undefined,
    incident,
    firing,
    changed: !stored,
    seen: false,
    reopened: false,
    uncovered: false,
    delta: undefined,
    timeline: [],
    targetIds: new Set(),
  };
}

/** What a batch decides on: all that is known of its alerts, as drafts that change in memory. */
export function createWorkingSet(known: Known, policy: Policy, newId: () => string): WorkingSet {
  const incidents = known.incidents.map((state) => draftOf(state, true));
  const byId = new Map(incidents.map((draft) => [draft.incident.id as string, draft])); // rows name incidents by plain text
  const alerts = known.alerts.map((row): [string, AlertDraft] => [row.identity, storedAlert(row, byId)]);
  const unresolved = incidents.filter(({ incident }) => incident.status !== 'resolved');
  const resolved = incidents
    .filter(({ incident }) => incident.status === 'resolved')
    .toSorted((a, b) => (a.incident.resolvedAt ?? 0) - (b.incident.resolvedAt ?? 0));
  return {
    policy,
    newId,
    alerts: new Map(alerts),
    superseded: [],
    incidents,
    left: new Set(),
    unresolvedByKey: new Map(unresolved.map((draft) => [draft.incident.key, draft])),
    lastResolvedByKey: new Map(resolved.map((draft) => [draft.incident.key, draft])),
    heartbeats: new Map(known.heartbeats.map((heartbeat) => [heartbeat.identity, heartbeat])),
    beaten: new Set(),
    known,
  };
}

function storedAlert(row: KnownAlert, incidents: ReadonlyMap<string, IncidentDraft>): AlertDraft {
  const incident = row.incidentId === undefined ? undefined : incidents.get(row.incidentId);
  return { row, incident, writing: 'none', current: true, content: undefined, receivedAt: row.lastSeenAt };
}

function identified(alert: Alert, policy: Policy): Identified {
  const identity = identityOf(alert);
  const key = incidentKeyOf(alert);
  if (!isHeartbeat(alert, policy)) return { alert, identity, key };
  const absence = silentAlert({ ...alert, identity }, 'firing', policy.locale ?? 'en-US');
  return { alert, identity, key, absence: { identity: identityOf(absence), key: incidentKeyOf(absence) } };
}
