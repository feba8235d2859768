import type { AlertRow } from '../incident/alert.ts';
import type { Incident } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import type { Corpus } from './bm25.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Likeness } from './tokens.ts';

/** What a diagnosis needs of an incident. */
export type KnownIncident = { readonly id: string } & Pick<
  Incident,
  'status' | 'severity' | 'title' | 'summary' | 'source' | 'integration' | 'labels' | 'openedAt'
>;

/** What a diagnosis needs of an alert. */
export type KnownAlert = Pick<
  AlertRow,
  | 'id'
  | 'status'
  | 'severity'
  | 'severityRaw'
  | 'title'
  | 'summary'
  | 'integration'
  | 'labels'
  | 'annotations'
  | 'links'
  | 'startsAt'
  | 'receivedAt'
>;

/** What a diagnosis starts from. */
export interface Facts {
  readonly incident: KnownIncident;
  /** Firing first, newest first, at most 20. */
  readonly alerts: readonly KnownAlert[];
}

/** A closed incident as the index has it. */
export interface PastIncident extends Likeness {
  readonly id: string;
  readonly tokens: readonly string[];
  readonly openedAt: EpochMs;
  readonly resolvedAt: EpochMs;
  /** What a person said it was. */
  readonly cause?: string;
}

/** What a person said about one cause of one incident. */
export interface Verdict {
  readonly incidentId: string;
  readonly causeKey: string;
  /** The words of the cause as they were shown. */
  readonly cause: string;
  readonly verdict: 'confirmed' | 'rejected';
  readonly reason?: string;
  readonly at: EpochMs;
  /** The incident it was about. */
  readonly about: Likeness;
}

export interface SearchQuery {
  /** Any of these must stand in a document; when too many do, an earlier one's come first. */
  readonly terms: readonly string[];
  /** Only documents of this family; empty: of any. */
  readonly family: string;
  readonly limit: number;
}

/** The memory of closed incidents. Reads never run on the writing connection. */
export interface Search {
  /** How common the tokens are among all documents. */
  corpus(tokens: readonly string[]): Promise<Corpus>;
  /** Newest first. */
  candidates(query: SearchQuery): Promise<readonly PastIncident[]>;
}

export interface IndexEntry {
  readonly incidentId: string;
  readonly family: string;
  readonly tokens: readonly string[];
}

export interface IndexPorts {
  facts(incidentId: string): Promise<Facts | undefined>;
  /** Adds a closed incident, or replaces what was known of it. */
  put(entry: IndexEntry): Promise<void>;
}

export interface DiagnosePorts extends Search {
  facts(incidentId: string): Promise<Facts | undefined>;
  /** Newest first, at most 200, of the family or about the incident. */
  verdicts(family: string, incidentId: string): Promise<readonly Verdict[]>;
  /** Stores the diagnosis and raises the incident's revision, so that its cards follow. */
  record(diagnosis: Omit<Diagnosis, 'id'>): Promise<void>;
}
