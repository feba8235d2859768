-- One file for both engines: text ids, bigint epoch milliseconds, JSON as text, no booleans (0/1), no triggers;
-- every statement ends with a semicolon at the end of a line. `/* sqlite: … */` is for SQLite alone: a narrow table
-- that lives in its primary key costs every alert one tree less.

create table incidents (
  id text primary key,
  seq bigint not null,
  key text not null,
  status text not null,
  severity text not null,
  title text not null,
  summary text not null,
  source text not null,
  integration text not null,
  labels text not null,
  links text not null,
  revision bigint not null,
  ring bigint not null,
  ring_reason text not null,
  alerts_count bigint not null,
  firing_count bigint not null,
  firing_critical bigint not null default 0,
  firing_warning bigint not null default 0,
  firing_info bigint not null default 0,
  opened_at bigint not null,
  last_seen_at bigint not null,
  acknowledged_at bigint,
  acknowledged_by text,
  resolved_at bigint,
  resolved_by text,
  resolved_reason text,
  stale_since bigint,
  assignee text,
  assignee_id text,
  cause text,
  silenced_until bigint
);
-- At most one unresolved incident of a key; also what keeps the cost of an alert independent of the history.
create unique index incidents_one_unresolved_per_key on incidents (key) where status <> 'resolved';
create index incidents_key_resolved on incidents (key, resolved_at) where resolved_at is not null;
create index incidents_opened on incidents (opened_at, seq);

-- One row per episode; the latest of an identity is current.
create table alerts (
  id text primary key,
  identity text not null,
  current bigint not null,
  incident_id text,
  integration text not null,
  source text not null,
  fingerprint text not null,
  status text not null,
  title text not null,
  summary text not null,
  severity text not null,
  severity_raw text,
  labels text not null,
  annotations text not null,
  group_labels text,
  links text not null,
  starts_at bigint,
  ends_at bigint,
  received_at bigint not null,
  last_seen_at bigint not null,
  resolved_at bigint,
  repeats bigint not null,
  longest_gap_ms bigint not null,
  digest text not null,
  joined_revision bigint not null default 0
);
create unique index alerts_current on alerts (identity) where current = 1;
create index alerts_incident on alerts (incident_id);

create table timeline (
  id text not null,
  incident_id text not null,
  at bigint not null,
  kind text not null,
  actor_id text not null,
  actor_name text not null,
  via text not null,
  data text not null,
  trace_id text,
  primary key (incident_id, at, id)
) /* sqlite: without rowid */;

-- Counters: `incidents:20261122`, `seq`, …
create table counters (
  name text primary key,
  value bigint not null
) /* sqlite: without rowid */;

-- Small facts of the process: heartbeats, settings, the key check of SECRET_KEY.
create table facts (
  name text primary key,
  value text not null
);

-- When we were accepting: silence of a sender only counts inside these.
create table uptime (
  started_at bigint primary key,
  until_at bigint not null
);

-- Senders whose presence is the good news; `identity` is the alert's.
create table heartbeats (
  identity text primary key,
  integration text not null,
  source text not null,
  title text not null,
  labels text not null,
  seen bigint not null,
  first_seen_at bigint not null,
  last_seen_at bigint not null,
  longest_gap_ms bigint not null,
  incident_id text
);

create table targets (
  id text primary key,
  name text not null,
  channel text not null,
  address text not null,
  locale text,
  timezone text,
  secret text,
  fallback text,
  proxy text,
  pacing text,
  enabled bigint not null,
  pending bigint not null,
  state text not null,
  state_since bigint not null,
  next_at bigint not null,
  lease_token text,
  lease_until bigint not null,
  failures bigint not null,
  last_error text,
  last_ok_at bigint,
  last_test text,
  created_at bigint not null
);
create unique index targets_address on targets (channel, address);

create table bindings (
  id text primary key,
  event text not null,
  matchers text not null,
  target_id text not null,
  enabled bigint not null,
  cron text,
  timezone text,
  template text,
  quiet_hours text,
  dedupe_window bigint,
  created_at bigint not null,
  created_by text not null
);

-- What the targets of one app may take together, as of `at`; nothing comes in before `paused_until`.
create table app_buckets (
  key text primary key,
  tokens double precision not null,
  at bigint not null,
  paused_until bigint not null
) /* sqlite: without rowid */;

-- Calls to a platform that counts them, by app (`lark:cli_…`) and month (`2026-11`).
create table api_calls (
  app text not null,
  month text not null,
  calls bigint not null,
  primary key (app, month)
) /* sqlite: without rowid */;

-- Where an incident or a storm is shown, and at which revision. Due = not parked and shown < wanted. Of a storm's member,
-- `counted_revision` is the one at which the target's storms count it; null = it is in none.
create table placements (
  subject_id text not null,
  target_id text not null,
  kind text not null,
  priority bigint not null,
  created_at bigint not null,
  wanted_revision bigint not null,
  shown_revision bigint not null,
  urgent_revision bigint not null,
  dirty_since bigint,
  not_before bigint not null,
  lease_token text,
  lease_until bigint not null,
  attempts bigint not null,
  parked_reason text,
  folded_into text,
  counted_revision bigint,
  message_key text,
  pending_payload text,
  pending_revision bigint,
  ref text,
  editable_until bigint,
  edits_left bigint,
  ticket text,
  shown_facts text,
  shown_hash text,
  shown_at bigint,
  first_shown_at bigint,
  posted_at bigint,
  rung bigint not null,
  rung_at bigint,
  generation bigint not null,
  last_error text,
  primary key (subject_id, target_id)
);
create index placements_due on placements (target_id, not_before, priority) where parked_reason is null and shown_revision < wanted_revision;
create index placements_target_shown on placements (target_id, first_shown_at) where first_shown_at is not null;
create index placements_folded on placements (folded_into) where folded_into is not null;
create index placements_uncounted on placements (target_id) where counted_revision < wanted_revision;
create index placements_parked on placements (target_id, parked_reason) where parked_reason is not null;
create index placements_created on placements (created_at);
create index placements_ref on placements (ref, target_id) where ref is not null;

-- A digest card of one target while more first cards a minute would appear than people can read. `changed` = a member is
-- counted otherwise than when the card was last raised.
create table storms (
  id text primary key,
  target_id text not null,
  revision bigint not null,
  changed bigint not null,
  started_at bigint not null,
  calm_since bigint,
  ended_at bigint
);
create unique index storms_one_active on storms (target_id) where ended_at is null;

-- `status`, `severity` and `rank` (of both: the order in which members are listed) are the incident's as last counted.
create table storm_members (
  incident_id text not null,
  storm_id text not null,
  joined_at bigint not null,
  released_at bigint,
  status text not null,
  severity text not null,
  rank bigint not null,
  opened_at bigint not null,
  seq bigint not null,
  primary key (incident_id, storm_id)
) /* sqlite: without rowid */;
create index storm_members_listed on storm_members (storm_id, rank, opened_at, seq) where released_at is null;
create index storm_members_joined on storm_members (storm_id, joined_at);
create index storm_members_released on storm_members (storm_id, released_at) where released_at is not null;

-- How many members each storm has of a kind: what its card says without looking at all of them.
create table storm_counts (
  storm_id text not null,
  status text not null,
  severity text not null,
  n bigint not null,
  primary key (storm_id, status, severity)
) /* sqlite: without rowid */;

-- One-shot messages: answers, announcements, reports, tests, notification events.
create table outbox (
  id text primary key,
  target_id text not null,
  kind text not null,
  event text,
  incident_id text,
  priority bigint not null,
  payload text not null,
  mentions text not null,
  reply_to text,
  reply_context text,
  reply_context_until bigint,
  after_subject text,
  dedupe_key text,
  created_at bigint not null,
  expires_at bigint,
  not_before bigint not null,
  lease_token text,
  lease_until bigint not null,
  attempts bigint not null,
  state text not null,
  settled_at bigint,
  ref text,
  last_error text,
  response text,
  latency_ms bigint
);
create index outbox_due on outbox (target_id, priority, not_before) where state = 'due';
create unique index outbox_dedupe on outbox (dedupe_key) where dedupe_key is not null;
create index outbox_created on outbox (created_at);
create index outbox_ref on outbox (ref, target_id) where ref is not null;

-- Every outgoing call, for /why and the deliveries list; pruned by retention.
create table attempts (
  id text primary key,
  target_id text not null,
  subject_id text not null,
  revision bigint,
  verb text not null,
  at bigint not null,
  latency_ms bigint not null,
  outcome text not null,
  error text,
  ref text
);
create index attempts_subject on attempts (subject_id, at);
create index attempts_at on attempts (at);
create index attempts_ref on attempts (ref, target_id) where ref is not null;

-- Leased due-rows of the same kind: diagnose, remind, stale, silence_end, storm, target_probe, …
create table due (
  kind text not null,
  subject_id text not null,
  due_at bigint not null,
  payload text,
  lease_token text,
  lease_until bigint not null,
  attempts bigint not null,
  last_error text,
  primary key (kind, subject_id)
) /* sqlite: without rowid */;
create index due_at on due (kind, due_at);

create table diagnoses (
  id text primary key,
  incident_id text not null,
  status text not null,
  provider text not null,
  prompt_version text not null,
  family text not null,
  summary text not null,
  causes text not null,
  steps text not null,
  evidence text not null,
  confidence double precision not null,
  created_at bigint not null,
  decided_at bigint,
  decided_by text,
  reject_reason text
);
create index diagnoses_incident on diagnoses (incident_id, created_at);

-- What people said about causes: the memory that later diagnoses learn from.
create table verdicts (
  id text primary key,
  incident_id text not null,
  diagnosis_id text,
  family text not null,
  cause_key text not null,
  cause text not null,
  verdict text not null,
  reason text,
  actor_id text not null,
  at bigint not null
);
create index verdicts_family on verdicts (family, cause_key);
create index verdicts_incident on verdicts (incident_id);

create table silences (
  id text primary key,
  incident_id text,
  matchers text not null,
  starts_at bigint not null,
  ends_at bigint not null,
  reason text,
  created_by text not null,
  created_name text not null,
  created_at bigint not null,
  removed_at bigint,
  removed_by text
);
create index silences_active on silences (ends_at) where removed_at is null;

create table operators (
  id text primary key,
  name text not null,
  role text not null,
  locale text,
  created_at bigint not null
);
create unique index operators_name on operators (name);

create table operator_ids (
  channel text not null,
  external_id text not null,
  operator_id text not null,
  primary key (channel, external_id)
);
create index operator_ids_operator on operator_ids (operator_id);

create table link_codes (
  code_hash text primary key,
  operator_id text not null,
  expires_at bigint not null,
  used_at bigint
);

create table integrations (
  id text primary key,
  name text not null,
  key_hash text not null,
  previous_key_hash text,
  previous_until bigint,
  hmac_secret text,
  source text,
  expires_at bigint,
  disabled_at bigint,
  created_at bigint not null,
  last_used_at bigint
);
create unique index integrations_name on integrations (name);

-- What has already been taken in: platform message, event and press ids, kept at least a day.
create table inbound (
  source text not null,
  key text not null,
  at bigint not null,
  answer text,
  primary key (source, key)
);
create index inbound_at on inbound (at);

create table audit (
  id text primary key,
  at bigint not null,
  actor_id text not null,
  actor_name text not null,
  via text not null,
  operation text not null,
  subject text,
  outcome text not null,
  detail text not null,
  trace_id text
);
create index audit_at on audit (at);

-- Chat settings: `/lang` of a chat or a person.
create table preferences (
  subject text primary key,
  locale text
);

-- The playground's own chat: a platform like any other, kept in the same file.
create table playground_messages (
  id text primary key,
  room text not null,
  thread_of text,
  author_id text not null,
  author_name text not null,
  kind text not null,
  body text not null,
  mentions text not null,
  revision bigint not null,
  created_at bigint not null,
  edited_at bigint
);
create index playground_room on playground_messages (room, created_at, id);
create index playground_thread on playground_messages (thread_of, created_at) where thread_of is not null;
