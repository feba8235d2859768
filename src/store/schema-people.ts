// People, senders, what has been taken in, and the small state of the process. Columns as `migrations/` makes them.

export interface CountersTable {
  name: string;
  value: number;
}

export interface FactsTable {
  name: string;
  value: string;
}

export interface UptimeTable {
  started_at: number;
  until_at: number;
}

export interface DueTable {
  kind: string;
  subject_id: string;
  due_at: number;
  payload: string | null;
  lease_token: string | null;
  lease_until: number;
  attempts: number;
  last_error: string | null;
}

export interface OperatorsTable {
  id: string;
  name: string;
  role: string;
  locale: string | null;
  created_at: number;
}

export interface OperatorIdsTable {
  channel: string;
  external_id: string;
  operator_id: string;
}

export interface LinkCodesTable {
  code_hash: string;
  operator_id: string;
  expires_at: number;
  used_at: number | null;
}

export interface IntegrationsTable {
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

export interface InboundTable {
  source: string;
  key: string;
  at: number;
  answer: string | null;
}

export interface AuditTable {
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

export interface PreferencesTable {
  subject: string;
  locale: string | null;
}
