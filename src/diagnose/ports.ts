import type { AlertRow } from '../incident/alert.ts';
import type { Incident } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import type { Corpus } from './bm25.ts';
import type { Diagnosis, Origin, Shortfall } from './diagnosis.ts';
import type { Draft } from './provider.ts';
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
  /** Newest first, bounded: about the incident, about those like it, of the family, and the latest of all. */
  verdicts(family: string, incidentId: string, similarIds: readonly string[]): Promise<readonly Verdict[]>;
  /** Stores the diagnosis and raises the incident's revision, so that its cards follow. */
  record(diagnosis: Omit<Diagnosis, 'id'>): Promise<void>;
}

/** A diagnosis by rules whose evidence a model is to look at. */
export interface Waiting {
  readonly facts: Facts;
  readonly diagnosis: Diagnosis;
  /** False when it has no use any more: resolved, or decided by a person. */
  readonly wanted: boolean;
}

/** A model's checked answer to the same question. */
export interface CachedDraft {
  readonly draft: Draft;
  /** Of the evidence that it was made from, in the digest's order: the same fact may be another's `E5`. */
  readonly ids: readonly string[];
  readonly provider: string;
  readonly promptVersion: string;
  readonly origin: Origin;
  readonly at: EpochMs;
}

/** What asking models needs stored. */
export interface SecondHalfPorts {
  /** Undefined when nothing waits: superseded, answered already, or gone. */
  waiting(incidentId: string): Promise<Waiting | undefined>;
  /** Stores a model's diagnosis in the place of the one that waited; false when that was superseded or decided. */
  replace(before: Diagnosis, after: Omit<Diagnosis, 'id'>): Promise<boolean>;
  /** Nothing came of it: the rules' diagnosis stands, and says why unless nobody asks any more. */
  giveUp(before: Diagnosis, shortfall?: Shortfall, said?: string): Promise<void>;
  /** What identical evidence was diagnosed as, not before `since`. */
  cached(digest: string, since: EpochMs): Promise<CachedDraft | undefined>;
  remember(digest: string, cached: Omit<CachedDraft, 'at'>, now: EpochMs): Promise<void>;
}
