import { z } from 'zod';
import type { Diagnosis } from '../../diagnose/diagnosis.ts';
import type { AlertRow } from '../../incident/alert.ts';
import { type Incident, STATUSES, type TimelineEntry } from '../../incident/incident.ts';
import { diagnosisJson, diagnosisShape } from './diagnosis-json.ts';
import { iso, isoOrNull, labels, link, severity, time } from './schemas.ts';

export const incidentShape = z.object({
  id: z.string(),
  status: z.enum(STATUSES),
  severity,
  title: z.string(),
  summary: z.string(),
  source: z.string(),
  integration: z.string(),
  labels,
  links: z.array(link),
  alerts_count: z.number().int(),
  firing_count: z.number().int(),
  revision: z.number().int(),
  opened_at: time,
  acknowledged_at: time.nullable(),
  acknowledged_by: z.string().nullable(),
  resolved_at: time.nullable(),
  resolved_by: z.string().nullable(),
  resolved_reason: z.string().nullable(),
  last_seen_at: time,
  stale_since: time.nullable(),
  silenced_until: time.nullable(),
  assignee: z.string().nullable(),
  assignee_id: z.string().nullable(),
  cause: z.string().nullable(),
  diagnosis: diagnosisShape.nullable(),
});

export const incidentJson = (incident: Incident, diagnosis: Diagnosis | undefined): z.infer<typeof incidentShape> => ({
  id: incident.id,
  status: incident.status,
  severity: incident.severity,
  title: incident.title,
  summary: incident.summary,
  source: incident.source,
  integration: incident.integration,
  labels: { ...incident.labels },
  links: [...incident.links],
  alerts_count: incident.alertsCount,
  firing_count: incident.firingCount,
  revision: incident.revision,
  opened_at: iso(incident.openedAt),
  acknowledged_at: isoOrNull(incident.acknowledgedAt),
  acknowledged_by: incident.acknowledgedBy ?? null,
  resolved_at: isoOrNull(incident.resolvedAt),
  resolved_by: incident.resolvedBy ?? null,
  resolved_reason: incident.resolvedReason ?? null,
  last_seen_at: iso(incident.lastSeenAt),
  stale_since: isoOrNull(incident.staleSince),
  silenced_until: isoOrNull(incident.silencedUntil),
  assignee: incident.assignee ?? null,
  assignee_id: incident.assigneeId ?? null,
  cause: incident.cause ?? null,
  diagnosis: diagnosis === undefined ? null : diagnosisJson(diagnosis),
});

export const alertShape = z.object({
  id: z.string(),
  fingerprint: z.string(),
  status: z.enum(['firing', 'resolved']),
  source: z.string(),
  integration: z.string(),
  title: z.string(),
  summary: z.string(),
  severity,
  severity_raw: z.string().nullable(),
  labels,
  annotations: labels,
  links: z.array(link),
  starts_at: time.nullable(),
  ends_at: time.nullable(),
  received_at: time,
  last_seen_at: time,
  resolved_at: time.nullable(),
  repeats: z.number().int(),
  incident_id: z.string().nullable(),
});

export const alertJson = (alert: AlertRow): z.infer<typeof alertShape> => ({
  id: alert.id,
  fingerprint: alert.fingerprint,
  status: alert.status,
  source: alert.source,
  integration: alert.integration,
  title: alert.title,
  summary: alert.summary,
  severity: alert.severity,
  severity_raw: alert.severityRaw ?? null,
  labels: { ...alert.labels },
  annotations: { ...alert.annotations },
  links: [...alert.links],
  starts_at: isoOrNull(alert.startsAt),
  ends_at: isoOrNull(alert.endsAt),
  received_at: iso(alert.receivedAt),
  last_seen_at: iso(alert.lastSeenAt),
  resolved_at: isoOrNull(alert.resolvedAt),
  repeats: alert.repeats,
  incident_id: alert.incidentId ?? null,
});

export const timelineShape = z.object({
  at: time,
  kind: z.string(),
  actor: z.object({ id: z.string(), name: z.string(), via: z.string() }),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const timelineJson = ({ at, kind, actor, data }: TimelineEntry): z.infer<typeof timelineShape> => ({
  at: iso(at),
  kind,
  actor: { ...actor },
  data: { ...data },
});
