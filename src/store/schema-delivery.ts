// Where things are shown, and what is to be sent. Columns as `migrations/` makes them.

export interface TargetsTable {
  id: string;
  name: string;
  channel: string;
  address: string;
  locale: string | null;
  timezone: string | null;
  secret: string | null;
  fallback: string | null;
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

export interface AppBucketsTable {
  key: string;
  tokens: number;
  at: number;
  paused_until: number;
}

export interface ApiCallsTable {
  app: string;
  month: string;
  calls: number;
}

export interface BindingsTable {
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

export interface PlacementsTable {
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
  counted_revision: number | null;
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

export interface StormsTable {
  id: string;
  target_id: string;
  revision: number;
  changed: number;
  started_at: number;
  calm_since: number | null;
  ended_at: number | null;
}

export interface StormMembersTable {
  incident_id: string;
  storm_id: string;
  joined_at: number;
  released_at: number | null;
  status: string;
  severity: string;
  rank: number;
  opened_at: number;
  seq: number;
}

export interface StormCountsTable {
  storm_id: string;
  status: string;
  severity: string;
  n: number;
}

export interface OutboxTable {
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

export interface AttemptsTable {
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

export interface PlaygroundMessagesTable {
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
