import type { Diagnosis } from '../../diagnose/diagnosis.ts';
import type { AlertRow } from '../../incident/alert.ts';
import type { Incident, TimelineEntry } from '../../incident/incident.ts';
import type { Row } from '../schema.ts';

/** An incident as its row has it. */
export function incidentOf(row: Row<'incidents'>): Incident {
  const built = {
    id: row.id,
    seq: row.seq,
    key: row.key,
    status: row.status,
    severity: row.severity,
    title: row.title,
    summary: row.summary,
    source: row.source,
    integration: row.integration,
    labels: JSON.parse(row.labels),
    links: JSON.parse(row.links),
    revision: row.revision,
    ring: row.ring,
    ringReason: row.ring_reason,
    alertsCount: row.alerts_count,
    firingCount: row.firing_count,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    ...present({
      acknowledgedAt: row.acknowledged_at,
      acknowledgedBy: row.acknowledged_by,
      resolvedAt: row.resolved_at,
      resolvedBy: row.resolved_by,
      resolvedReason: row.resolved_reason,
      staleSince: row.stale_since,
      assignee: row.assignee,
      assigneeId: row.assignee_id,
      cause: row.cause,
      silencedUntil: row.silenced_until,
    }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: its words were written from the same unions
  return built as Incident;
}

/** One episode of an alert as its row has it. */
export function alertOf(row: Row<'alerts'>): AlertRow {
  const built = {
    id: row.id,
    identity: row.identity,
    integration: row.integration,
    source: row.source,
    fingerprint: row.fingerprint,
    status: row.status,
    title: row.title,
    summary: row.summary,
    severity: row.severity,
    labels: JSON.parse(row.labels),
    annotations: JSON.parse(row.annotations),
    links: JSON.parse(row.links),
    receivedAt: row.received_at,
    lastSeenAt: row.last_seen_at,
    repeats: row.repeats,
    longestGapMs: row.longest_gap_ms,
    digest: row.digest,
    ...present({
      incidentId: row.incident_id,
      severityRaw: row.severity_raw,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      resolvedAt: row.resolved_at,
    }),
    ...(row.group_labels === null ? {} : { groupLabels: JSON.parse(row.group_labels) }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: its words were written from the same unions
  return built as AlertRow;
}

/** One line of an incident's story as its row has it. */
export function timelineOf(row: Row<'timeline'>): TimelineEntry {
  const built = {
    at: row.at,
    kind: row.kind,
    actor: { id: row.actor_id, name: row.actor_name, via: row.via },
    data: JSON.parse(row.data),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: `kind` was written from the same union
  return built as TimelineEntry;
}

/** A diagnosis as its row has it. */
export function diagnosisOf(row: Row<'diagnoses'>): Diagnosis {
  const built = {
    id: row.id,
    incidentId: row.incident_id,
    status: row.status,
    provider: row.provider,
    promptVersion: row.prompt_version,
    family: row.family,
    summary: row.summary,
    causes: JSON.parse(row.causes),
    steps: JSON.parse(row.steps),
    evidence: JSON.parse(row.evidence),
    confidence: row.confidence,
    createdAt: row.created_at,
    ...present({ decidedAt: row.decided_at, decidedBy: row.decided_by, rejectReason: row.reject_reason }),
    ...present({ severityOpinion: row.severity_opinion }),
    ...(row.origin === null ? {} : { origin: JSON.parse(row.origin) }),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own row: `status` was written from the same union
  return built as Diagnosis;
}

/** The fields that are there: rows say null, domain types leave them out. */
export function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly what the filter left
  return Object.fromEntries(kept) as { [K in keyof T]?: NonNullable<T[K]> };
}
