import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { AlertRow, Severity } from '../incident/alert.ts';
import type { Incident, RingReason, Status, TimelineEntry } from '../incident/incident.ts';
import type { EpochMs, Locale } from '../types.ts';

/** For whom a card is built: nothing but facts, so the same input always gives the same card. */
export interface CardContext {
  readonly locale: Locale;
  readonly timezone: string;
  readonly publicUrl: string;
}

/** Everything an incident's card is a function of. */
export interface IncidentView {
  readonly incident: Incident;
  /** Current and past episodes, firing first, newest first, at most 20. */
  readonly alerts: readonly AlertRow[];
  /** The latest diagnosis, or that one is pending, which then takes its place. */
  readonly diagnosis?: Diagnosis;
  /** What the label rules say before any diagnosis: one line each. */
  readonly hints: readonly string[];
  /** Newest first, at most 10. */
  readonly timeline: readonly TimelineEntry[];
  /** Whom it can be given to where the card is shown, besides the presser; a form is offered when there are any. */
  readonly people?: readonly Person[];
}

/** A person as `assign` takes one: `id` is `channel:external id` or an operator's id. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface StormView {
  readonly id: string;
  readonly revision: number;
  readonly startedAt: EpochMs;
  readonly endedAt?: EpochMs;
  readonly total: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly byStatus: Readonly<Record<Status, number>>;
  /** Worst and oldest first, at most 10, criticals first. */
  readonly listed: readonly Incident[];
  /** The one for all of them. */
  readonly diagnosis?: Diagnosis;
}

/** What `/status` shows. */
export interface StatusView {
  readonly open: number;
  readonly acknowledged: number;
  /** Of the unresolved. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly silences: number;
  /** Cards and messages waiting to be sent. */
  readonly waiting: number;
  readonly targets: readonly { readonly name: string; readonly state: string; readonly pending: boolean }[];
  /** Unresolved incidents, worst first. */
  readonly worst?: readonly Incident[];
}

/** Where an incident is shown, or why it is not. */
export interface PlaceView {
  readonly target: string;
  readonly shownRevision: number;
  readonly wantedRevision: number;
  readonly attempts: number;
  readonly parkedReason?: string;
  readonly foldedInto?: string;
  readonly lastError?: string;
  readonly shownAt?: EpochMs;
}

/** One outgoing call. */
export interface AttemptView {
  readonly at: EpochMs;
  readonly target: string;
  /** `post`, `edit`, `send`. */
  readonly verb: string;
  /** `ok` or an error's code. */
  readonly outcome: string;
  readonly latencyMs: number;
  readonly revision?: number;
  readonly error?: string;
}

/** Everything delivered and decided about one incident. */
export interface WhyView {
  readonly incident: Incident;
  readonly places: readonly PlaceView[];
  /** Newest first. */
  readonly attempts: readonly AttemptView[];
  /** Newest first. */
  readonly timeline: readonly TimelineEntry[];
}

/** What a placement last showed, as facts that can be compared; stored as JSON. */
export interface ShownFacts {
  readonly status: Status;
  readonly severity: Severity;
  readonly diagnosis: string;
  readonly ring: number;
}

/** What an announcement is about. */
export interface Announcement {
  readonly incident: Incident;
  readonly reason: RingReason;
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
}

/** One command for `/help`, made from the table of operations. */
export interface HelpEntry {
  readonly slash: string;
  readonly chinese: string;
  readonly usage: string;
  readonly help: string;
  readonly right: string;
}
