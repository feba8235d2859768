import type { Generated } from 'kysely';

// Incidents, what they are made of, and what is known about them. Columns as `migrations/` makes them.

export interface IncidentsTable {
  id: string;
  seq: number;
  key: string;
  status: string;
  severity: string;
  title: string;
  summary: string;
  source: string;
  integration: string;
  labels: string;
  links: string;
  revision: number;
  ring: number;
  ring_reason: string;
  alerts_count: number;
  firing_count: number;
  firing_critical: Generated<number>;
  firing_warning: Generated<number>;
  firing_info: Generated<number>;
  opened_at: number;
  last_seen_at: number;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  resolved_at: number | null;
  resolved_by: string | null;
  resolved_reason: string | null;
  stale_since: number | null;
  assignee: string | null;
  assignee_id: string | null;
  cause: string | null;
  silenced_until: number | null;
}

export interface AlertsTable {
  id: string;
  identity: string;
  current: number;
  incident_id: string | null;
  integration: string;
  source: string;
  fingerprint: string;
  status: string;
  title: string;
  summary: string;
  severity: string;
  severity_raw: string | null;
  labels: string;
  annotations: string;
  group_labels: string | null;
  links: string;
  starts_at: number | null;
  ends_at: number | null;
  received_at: number;
  last_seen_at: number;
  resolved_at: number | null;
  repeats: number;
  longest_gap_ms: number;
  digest: string;
  joined_revision: Generated<number>;
}

export interface TimelineTable {
  id: string;
  incident_id: string;
  at: number;
  kind: string;
  actor_id: string;
  actor_name: string;
  via: string;
  data: string;
  trace_id: string | null;
}

export interface HeartbeatsTable {
  identity: string;
  integration: string;
  source: string;
  title: string;
  labels: string;
  seen: number;
  first_seen_at: number;
  last_seen_at: number;
  longest_gap_ms: number;
  incident_id: string | null;
}

export interface DiagnosesTable {
  id: string;
  incident_id: string;
  status: string;
  provider: string;
  prompt_version: string;
  family: string;
  summary: string;
  causes: string;
  steps: string;
  evidence: string;
  confidence: number;
  created_at: number;
  decided_at: number | null;
  decided_by: string | null;
  reject_reason: string | null;
  severity_opinion: string | null;
  origin: string | null;
}

export interface VerdictsTable {
  id: string;
  incident_id: string;
  diagnosis_id: string | null;
  family: string;
  cause_key: string;
  cause: string;
  verdict: string;
  reason: string | null;
  actor_id: string;
  at: number;
}

export interface SearchDocsTable {
  seq: Generated<number>;
  incident_id: string;
  family: string;
  tokens: string;
  length: number;
}

export interface SearchTermsTable {
  term: string;
  documents: number;
}

export interface SilencesTable {
  id: string;
  incident_id: string | null;
  matchers: string;
  starts_at: number;
  ends_at: number;
  reason: string | null;
  created_by: string;
  created_name: string;
  created_at: number;
  removed_at: number | null;
  removed_by: string | null;
}
