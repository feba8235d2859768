import { z } from 'zod';
import { sparkline } from '../../cards/sparkline.ts';
import type { Diagnosis, Origin } from '../../diagnose/diagnosis.ts';
import type { AlertRow } from '../../incident/alert.ts';
import { type Incident, STATUSES, type TimelineEntry } from '../../incident/incident.ts';
import { iso, isoOrNull, labels, link, severity, time } from './schemas.ts';

const cause = z.object({
  statement: z.string(),
  confidence: z.number(),
  evidence_ids: z.array(z.string()),
  unverified: z.boolean().describe('it names things that no evidence names'),
  seen: z.number().nullable().describe('incidents of which people said something about this cause'),
  confirmed: z.number().nullable(),
});
const step = z.object({
  text: z.string(),
  risk: z.string(),
  command: z.string().nullable(),
  runbook_id: z.string().nullable(),
});
const origin = z.object({
  model: z.string().nullable(),
  awaiting: z.boolean().describe('a model is being asked; its answer will be a diagnosis of its own'),
  shortfall: z.string().nullable().describe('why no model gave one'),
  said: z.string().nullable().describe('what a model said that had no structure: unverified'),
  cached_at: time.nullable().describe('when identical evidence was diagnosed'),
  tokens_in: z.number().nullable(),
  tokens_out: z.number().nullable(),
  latency_ms: z.number().nullable(),
  repaired: z.boolean(),
  struck: z.number().describe('claims without evidence'),
  redacted: z.number().describe('secrets and personal data kept back'),
});
const evidence = z.object({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  query: z.string().nullable(),
  text: z.string(),
  at: time,
  url: z.string().nullable(),
  range: z.object({ from: time, to: time }).nullable(),
  failed: z.boolean().describe('the source did not answer'),
  cut: z.boolean().describe('there was more'),
  series: z
    .array(z.object({ name: z.string(), points: z.array(z.tuple([time, z.number()])) }))
    .describe('what a chart of it shows'),
  sparkline: z.string().nullable().describe('the same as a small SVG image'),
});

export const evidenceList = z.array(evidence);

export const diagnosisShape = z.object({
  id: z.string().describe('empty while pending'),
  status: z.string().describe('pending: one is coming, and nothing else is known of it'),
  provider: z.string(),
  prompt_version: z.string(),
  family: z.string(),
  summary: z.string(),
  causes: z.array(cause),
  steps: z.array(step),
  confidence: z.number(),
  created_at: time,
  decided_at: time.nullable(),
  decided_by: z.string().nullable(),
  reject_reason: z.string().nullable(),
  severity_opinion: z.string().nullable(),
  origin,
});

export const diagnosisJson = (diagnosis: Diagnosis): z.infer<typeof diagnosisShape> => ({
  id: diagnosis.id,
  status: diagnosis.status,
  provider: diagnosis.provider,
  prompt_version: diagnosis.promptVersion,
  family: diagnosis.family,
  summary: diagnosis.summary,
  causes: diagnosis.causes.map(({ statement, confidence, evidenceIds, unverified, seen, confirmed }) => ({
    statement,
    confidence,
    evidence_ids: [...evidenceIds],
    unverified: unverified ?? false,
    seen: seen ?? null,
    confirmed: confirmed ?? null,
  })),
  steps: diagnosis.steps.map(({ text, risk, command, runbookId }) => ({
    text,
    risk,
    command: command ?? null,
    runbook_id: runbookId ?? null,
  })),
  confidence: diagnosis.confidence,
  created_at: iso(diagnosis.createdAt),
  decided_at: isoOrNull(diagnosis.decidedAt),
  decided_by: diagnosis.decidedBy ?? null,
  reject_reason: diagnosis.rejectReason ?? null,
  severity_opinion: diagnosis.severityOpinion ?? null,
  origin: originJson(diagnosis.origin ?? {}),
});

const originJson = (given: Origin): z.infer<typeof origin> => ({
  model: given.model ?? null,
  awaiting: given.awaiting ?? false,
  shortfall: given.shortfall ?? null,
  said: given.said ?? null,
  cached_at: isoOrNull(given.cachedAt),
  tokens_in: given.tokensIn ?? null,
  tokens_out: given.tokensOut ?? null,
  latency_ms: given.latencyMs ?? null,
  repaired: given.repaired ?? false,
  struck: given.struck ?? 0,
  redacted: given.redacted ?? 0,
});

export const evidenceJson = (diagnosis: Diagnosis | undefined): z.infer<typeof evidenceList> =>
  (diagnosis?.evidence ?? []).map(({ id, source, title, query, text, at, url, range, failed, cut, series = [] }) => ({
    id,
    source,
    title,
    query: query ?? null,
    text,
    at: iso(at),
    url: url ?? null,
    range: range === undefined ? null : { from: iso(range.from), to: iso(range.to) },
    failed: failed ?? false,
    cut: cut ?? false,
    series: series.map(({ name, points }) => ({
      name,
      points: points.map(([when, value]): [string, number] => [iso(when), value]),
    })),
    sparkline: series.length === 0 ? null : sparkline(series.map(({ points }) => points)),
  }));

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
