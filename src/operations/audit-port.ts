import type { Actor } from '../incident/incident.ts';
import type { EpochMs, Page } from '../types.ts';

export interface AuditEntry {
  readonly at: EpochMs;
  readonly actor: Actor;
  readonly operation: string;
  readonly subject?: string;
  /** `ok` or a refusal's code. */
  readonly outcome: string;
  readonly detail: string;
  readonly traceId: string;
}

export interface RecordedEntry extends AuditEntry {
  readonly id: string;
}

export interface Audit {
  record(entry: AuditEntry): Promise<void>;
  get(id: string): Promise<RecordedEntry | undefined>;
  list(filter: { limit: number; cursor?: string; operation?: string; actor?: string }): Promise<Page<RecordedEntry>>;
}
