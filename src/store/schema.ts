import type { Generated, Insertable, Selectable } from 'kysely';

/** The tables as both engines have them; `migrations/` is the truth, a test compares. Times are epoch ms, JSON is text, flags are 0/1. */
export interface Tables {
  readonly incidents: IncidentsTable;
  readonly alerts: AlertsTable;
  readonly timeline: TimelineTable;
  readonly counters: CountersTable;
  readonly facts: FactsTable;
  readonly uptime: UptimeTable;
  readonly heartbeats: HeartbeatsTable;
  readonly targets: TargetsTable;
  readonly bindings: BindingsTable;
  readonly placements: PlacementsTable;
  readonly storms: StormsTable;
  readonly storm_members: StormMembersTable;
  readonly outbox: OutboxTable;
  readonly attempts: AttemptsTable;
  readonly due: DueTable;
  readonly diagnoses: DiagnosesTable;
  readonly verdicts: VerdictsTable;
  readonly search_docs: SearchDocsTable;
  readonly search_terms: SearchTermsTable;
  readonly silences: SilencesTable;
  readonly operators: OperatorsTable;
  readonly operator_ids: OperatorIdsTable;
  readonly link_codes: LinkCodesTable;
  readonly integrations: IntegrationsTable;
  readonly inbound: InboundTable;
  readonly audit: AuditTable;
  readonly preferences: PreferencesTable;
  readonly playground_messages: PlaygroundMessagesTable;
}

interface IncidentsTable {
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

interface AlertsTable {
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

interface TimelineTable {
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

interface CountersTable {
  name: string;
  value: number;
}

interface FactsTable {
  name: string;
  value: string;
}

interface UptimeTable {
  started_at: number;
  until_at: number;
}

interface HeartbeatsTable {
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

interface TargetsTable {
  id: string;
  name: string;
  channel: string;
  address: string;
  locale: string | null;
  timezone: string | null;
  secret: string | null;
  proxy: string | null;
  pacing: string | null;
  enabled: number;
  pending: number;
  state: string;
  state_since: number;
  next_at: number;
  lease_token: string | null;
  lease_until: number;
  failures: number;
  last_error: string | null;
  last_ok_at: number | null;
  last_test: string | null;
  created_at: number;
}

interface BindingsTable {
  id: string;
  event: string;
  matchers: string;
  target_id: string;
  enabled: number;
  cron: string | null;
  timezone: string | null;
  template: string | null;
  quiet_hours: string | null;
  dedupe_window: number | null;
  created_at: number;
  created_by: string;
}

interface PlacementsTable {
  subject_id: string;
  target_id: string;
  kind: string;
  priority: number;
  created_at: number;
  wanted_revision: number;
  shown_revision: number;
  urgent_revision: number;
  dirty_since: number | null;
  not_before: number;
  lease_token: string | null;
  lease_until: number;
  attempts: number;
  parked_reason: string | null;
  folded_into: string | null;
  message_key: string | null;
  pending_payload: string | null;
  pending_revision: number | null;
  ref: string | null;
  editable_until: number | null;
  edits_left: number | null;
  ticket: string | null;
  shown_facts: string | null;
  shown_hash: string | null;
  shown_at: number | null;
  first_shown_at: number | null;
  posted_at: number | null;
  rung: number;
  rung_at: number | null;
  generation: number;
  last_error: string | null;
}

interface StormsTable {
  id: string;
  target_id: string;
  revision: number;
  started_at: number;
  calm_since: number | null;
  ended_at: number | null;
}

interface StormMembersTable {
  storm_id: string;
  incident_id: string;
  joined_at: number;
  released_at: number | null;
}

interface OutboxTable {
  id: string;
  target_id: string;
  kind: string;
  event: string | null;
  incident_id: string | null;
  priority: number;
  payload: string;
  mentions: string;
  reply_to: string | null;
  reply_context: string | null;
  reply_context_until: number | null;
  after_subject: string | null;
  dedupe_key: string | null;
  created_at: number;
  expires_at: number | null;
  not_before: number;
  lease_token: string | null;
  lease_until: number;
  attempts: number;
  state: string;
  settled_at: number | null;
  ref: string | null;
  last_error: string | null;
  response: string | null;
  latency_ms: number | null;
}

interface AttemptsTable {
  id: string;
  target_id: string;
  subject_id: string;
  revision: number | null;
  verb: string;
  at: number;
  latency_ms: number;
  outcome: string;
  error: string | null;
  ref: string | null;
}

interface DueTable {
  kind: string;
  subject_id: string;
  due_at: number;
  payload: string | null;
  lease_token: string | null;
  lease_until: number;
  attempts: number;
  last_error: string | null;
}

interface DiagnosesTable {
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
}

interface VerdictsTable {
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

interface SearchDocsTable {
  seq: Generated<number>;
  incident_id: string;
  family: string;
  tokens: string;
  length: number;
}

interface SearchTermsTable {
  term: string;
  documents: number;
}

interface SilencesTable {
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

interface OperatorsTable {
  id: string;
  name: string;
  role: string;
  locale: string | null;
  created_at: number;
}

interface OperatorIdsTable {
  channel: string;
  external_id: string;
  operator_id: string;
}

interface LinkCodesTable {
  code_hash: string;
  operator_id: string;
  expires_at: number;
  used_at: number | null;
}

interface IntegrationsTable {
  id: string;
  name: string;
  key_hash: string;
  previous_key_hash: string | null;
  previous_until: number | null;
  hmac_secret: string | null;
  source: string | null;
  expires_at: number | null;
  disabled_at: number | null;
  created_at: number;
  last_used_at: number | null;
}

interface InboundTable {
  source: string;
  key: string;
  at: number;
  answer: string | null;
}

interface AuditTable {
  id: string;
  at: number;
  actor_id: string;
  actor_name: string;
  via: string;
  operation: string;
  subject: string | null;
  outcome: string;
  detail: string;
  trace_id: string | null;
}

interface PreferencesTable {
  subject: string;
  locale: string | null;
}

interface PlaygroundMessagesTable {
  id: string;
  room: string;
  thread_of: string | null;
  author_id: string;
  author_name: string;
  kind: string;
  body: string;
  mentions: string;
  revision: number;
  created_at: number;
  edited_at: number | null;
}

export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>;
