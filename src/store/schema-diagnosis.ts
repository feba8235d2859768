import type { EpochMs } from '../types.ts';

export interface ProvidersTable {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly base_url: string;
  readonly model: string | null;
  readonly secret: string | null;
  readonly settings: string;
  readonly enabled: number;
  readonly created_at: EpochMs;
}

export interface ModelCallsTable {
  readonly id: string;
  readonly at: EpochMs;
  readonly provider: string;
  readonly model: string;
  readonly purpose: string;
  readonly incident_id: string | null;
  readonly person_id: string | null;
  readonly person_name: string | null;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cost: number | null;
  readonly currency: string | null;
  readonly latency_ms: number;
  readonly outcome: string;
  readonly prompt_version: string | null;
  readonly trace_id: string | null;
}

export interface PricesTable {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly input_per_million: number;
  readonly output_per_million: number;
  readonly currency: string;
  readonly created_at: EpochMs;
}

export interface QuotasTable {
  readonly id: string;
  readonly subject_kind: string;
  readonly subject: string;
  readonly period: string;
  readonly measure: string;
  readonly amount: number;
  readonly threshold: number;
  readonly enabled: number;
  readonly created_at: EpochMs;
}

export interface EventsTable {
  readonly id: string;
  readonly event: string;
  readonly dedupe_key: string;
  readonly data: string;
  readonly at: EpochMs;
}

export interface ChangesTable {
  readonly id: string;
  readonly at: EpochMs;
  readonly kind: string;
  readonly service: string;
  readonly environment: string | null;
  readonly title: string;
  readonly version: string | null;
  readonly author: string | null;
  readonly url: string | null;
  readonly source: string;
  readonly labels: string;
  readonly dedupe_key: string | null;
  readonly created_at: EpochMs;
}

export interface ConversationsTable {
  readonly id: string;
  readonly target_id: string;
  readonly messages: string;
  readonly incident_id: string | null;
  readonly remote: string | null;
  readonly updated_at: EpochMs;
}

export interface DiagnosisCacheTable {
  readonly digest: string;
  readonly draft: string;
  readonly provider: string;
  readonly prompt_version: string;
  readonly origin: string;
  readonly created_at: EpochMs;
}

export interface RememberedIncidentsTable {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly labels: string;
  readonly source: string;
  readonly severity: string;
  readonly cause: string | null;
  readonly opened_at: EpochMs;
  readonly resolved_at: EpochMs;
  readonly imported_at: EpochMs;
}

export interface StormDiagnosesTable {
  readonly storm_id: string;
  readonly diagnosis: string;
  readonly total: number;
  readonly turn: number;
  readonly created_at: EpochMs;
}
