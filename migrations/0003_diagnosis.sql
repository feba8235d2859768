-- Models, what they cost, and what the evidence is made of besides alerts.

alter table diagnoses add column severity_opinion text;
alter table diagnoses add column origin text;

-- Model endpoints that rows name, besides those of the environment. `secret` is sealed.
create table providers (
  id text primary key,
  name text not null,
  kind text not null,
  base_url text not null,
  model text,
  secret text,
  settings text not null,
  enabled bigint not null,
  created_at bigint not null
);
create unique index providers_name on providers (name);

-- Every call to a model.
create table model_calls (
  id text primary key,
  at bigint not null,
  provider text not null,
  model text not null,
  purpose text not null,
  incident_id text,
  person_id text,
  person_name text,
  tokens_in bigint not null,
  tokens_out bigint not null,
  cost double precision,
  currency text,
  latency_ms bigint not null,
  outcome text not null,
  prompt_version text,
  trace_id text
);
create index model_calls_at on model_calls (at);
create index model_calls_provider on model_calls (provider, at);
create index model_calls_person on model_calls (person_id, at) where person_id is not null;
create index model_calls_incident on model_calls (incident_id) where incident_id is not null;

-- Money for a million tokens; `model` = '' is any model of the provider.
create table prices (
  id text primary key,
  provider text not null,
  model text not null,
  input_per_million double precision not null,
  output_per_million double precision not null,
  currency text not null,
  created_at bigint not null
);
create unique index prices_of on prices (provider, model);

-- What a person or a provider may use in a period (`5h`, `week`, `month`). `subject` = '*' is each of them.
create table quotas (
  id text primary key,
  subject_kind text not null,
  subject text not null,
  period text not null,
  measure text not null,
  amount double precision not null,
  threshold double precision not null,
  enabled bigint not null,
  created_at bigint not null
);
create unique index quotas_of on quotas (subject_kind, subject, period, measure);

-- Things that happened and that people may want to be told of: `breaker_open`, `quota_warning`, `usage_leaderboard`.
create table events (
  id text primary key,
  event text not null,
  dedupe_key text not null,
  data text not null,
  at bigint not null
);
create unique index events_dedupe on events (dedupe_key);
create index events_at on events (at);

-- Releases, configuration changes, migrations: what was done to the systems we watch.
create table changes (
  id text primary key,
  at bigint not null,
  kind text not null,
  service text not null,
  environment text,
  title text not null,
  version text,
  author text,
  url text,
  source text not null,
  labels text not null,
  dedupe_key text,
  created_at bigint not null
);
create index changes_at on changes (at);
create index changes_service on changes (service, at);
create unique index changes_dedupe on changes (dedupe_key) where dedupe_key is not null;

-- What was said in a thread with the assistant; `messages` is bounded.
create table conversations (
  id text primary key,
  target_id text not null,
  messages text not null,
  incident_id text,
  remote text,
  updated_at bigint not null
);
create index conversations_updated on conversations (updated_at);

-- Diagnoses of identical evidence, so that it is asked about once. A rejection takes its row away.
create table diagnosis_cache (
  digest text primary key,
  draft text not null,
  provider text not null,
  prompt_version text not null,
  origin text not null,
  created_at bigint not null
);
create index diagnosis_cache_created on diagnosis_cache (created_at);

-- Incidents of another installation, or of an earlier life of this one: they are remembered, nobody works on them.
create table remembered_incidents (
  id text primary key,
  title text not null,
  summary text not null,
  labels text not null,
  source text not null,
  severity text not null,
  cause text,
  opened_at bigint not null,
  resolved_at bigint not null,
  imported_at bigint not null
);
create index remembered_incidents_resolved on remembered_incidents (resolved_at);
create index remembered_incidents_opened on remembered_incidents (opened_at, id);

-- The latest of a family, and of all: a family may have tens of thousands.
create index verdicts_family_at on verdicts (family, at);
create index verdicts_at on verdicts (at);

-- What nearly all of a storm's incidents have in common and what that probably means; JSON. `total` incidents it is
-- about; `turn` says how often the storm has been looked at.
create table storm_diagnoses (
  storm_id text primary key,
  diagnosis text not null,
  total bigint not null,
  turn bigint not null,
  created_at bigint not null
);
