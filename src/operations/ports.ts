import type { Report } from '../cards/report.ts';
import type { UsageView } from '../cards/usage.ts';
import type { IncidentView, StatusView, WhyView } from '../cards/view.ts';
import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { Runbooks } from '../diagnose/evidence/runbooks/runbooks.ts';
import type { Alert, Severity } from '../incident/alert.ts';
import type { Actor, Incident, IncidentId, Status } from '../incident/incident.ts';
import type { Matcher } from '../incident/matchers.ts';
import type { AcceptAlerts, Respond } from '../incident/ports.ts';
import type { EpochMs, Labels, Locale, Page } from '../types.ts';
import type { AnswersBeingWritten } from './answers-port.ts';
import type { Audit } from './audit-port.ts';
import type { Right } from './operation.ts';

/** What operations need done by other rooms; `app.ts` hands them in. */
export interface OperationPorts {
  readonly respond: Respond;
  readonly accept: AcceptAlerts;
  /** Reads alerts out of pasted text, none when nothing in it looks like one; `senderId` keeps two people's pastes apart. */
  readonly parsePastedAlert: ParsePastedAlert;
  /** What alerts out of pasted text probably mean; stores nothing. */
  readonly examine: (alerts: readonly Alert[], now: EpochMs) => Promise<Diagnosis>;
  readonly incidents: Incidents;
  readonly silences: Silences;
  readonly operators: Operators;
  readonly targets: Targets;
  readonly bindings: Bindings;
  readonly preferences: Preferences;
  readonly reports: Reports;
  readonly deliveries: Deliveries;
  readonly audit: Audit;
  readonly runbooks: Omit<Runbooks, 'forIncident'>;
  /** What models were used for, as it concerns this person, by any of their ids. */
  readonly usage: (person: { readonly id: string; readonly name: string }) => Promise<UsageView>;
  /** Sends a short message to a target now; never throws. */
  readonly testTarget: (target: Target) => Promise<TestResult>;
  /** Absent where nobody can ask. */
  readonly answers?: AnswersBeingWritten;
  readonly publicUrl: string;
}

export type ParsePastedAlert = (text: string, senderId: string, receivedAt: EpochMs) => readonly Alert[];

export interface IncidentFilter {
  readonly status?: readonly Status[];
  readonly severity?: readonly Severity[];
  /** Words looked for in id, title, summary and labels. */
  readonly q?: string;
  readonly labels?: Labels;
  /** Opened at or after, before; epoch ms. */
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  /** Only what is shown at this target. */
  readonly targetId?: string;
  readonly assigneeIds?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

export interface Incidents {
  get(id: IncidentId): Promise<Incident | undefined>;
  /** Latest opened first. Throws `InvalidCursor` for a cursor it did not make. */
  list(filter: IncidentFilter): Promise<Page<Incident>>;
  /** What the card of an incident is built from; with a channel, also whom it can be given to there. */
  view(id: IncidentId, channel?: string): Promise<IncidentView | undefined>;
  /** Which incident the card or message `ref` in this target's chat is about. */
  ofMessage(targetId: string, ref: string): Promise<IncidentId | undefined>;
  /** The same, of living cards only: answers and announcements about an incident are not its card. */
  ofCard(targetId: string, ref: string): Promise<IncidentId | undefined>;
}

export interface Silence {
  readonly id: string;
  readonly incidentId?: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly reason?: string;
  readonly createdBy: string;
  readonly createdName: string;
  readonly createdAt: EpochMs;
}

export interface Silences {
  /** Silences alerts by their labels; incidents are silenced through `Respond`. */
  create(silence: { matchers: readonly Matcher[]; until: EpochMs; reason?: string; actor: Actor }): Promise<Silence>;
  /** Those in force, soonest ending first. */
  active(): Promise<readonly Silence[]>;
  /** False when there is none of this id in force. */
  remove(id: string, actor: Actor): Promise<boolean>;
}

export type Role = Exclude<Right, 'guest'>;

export interface Operator {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly locale?: Locale;
  /** `channel:external id`. */
  readonly ids: readonly string[];
  readonly createdAt: EpochMs;
}

export interface Operators {
  list(): Promise<readonly Operator[]>;
  /** By id or by name, whatever its case. */
  find(idOrName: string): Promise<Operator | undefined>;
  /** The person behind `channel:external id`. */
  byExternalId(externalId: string): Promise<Operator | undefined>;
  /** Whether anybody of `role` or more can act on this channel. */
  anyNamed(role: Role, channel?: string): Promise<boolean>;
  /** Adds a person, or changes the role of the one with that name and adds the ids to it. */
  add(operator: { name: string; role: Role; ids: readonly string[]; locale?: Locale }): Promise<Operator>;
  remove(id: string): Promise<boolean>;
  /** A one-use code, good for 15 minutes; only its digest is stored. */
  makeLinkCode(operatorId: string): Promise<{ code: string; expiresAt: EpochMs }>;
  /** Adds the id to the code's person; undefined when the code is unknown, used or too old. */
  redeemLinkCode(code: string, externalId: string): Promise<Operator | undefined>;
}

export interface TestResult {
  readonly at: EpochMs;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: string;
}

export interface Target {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  /** The part the channel understands: a room, a chat id, a URL. */
  readonly address: string;
  readonly locale?: Locale;
  readonly timezone?: string;
  readonly proxy?: { readonly url: string; readonly fallback: boolean };
  readonly pacing?: Readonly<Record<string, number>>;
  readonly hasSecret: boolean;
  /** Whether another way is bound for when the channel's own is closed. */
  readonly hasFallback: boolean;
  readonly enabled: boolean;
  /** Known, but nobody allowed it yet: it gets answers, no incidents. */
  readonly pending: boolean;
  readonly state: string;
  readonly stateSince: EpochMs;
  readonly lastError?: string;
  readonly lastTest?: TestResult;
  readonly createdAt: EpochMs;
}

export interface TargetChanges {
  readonly name?: string;
  readonly locale?: Locale | null;
  readonly timezone?: string | null;
  readonly proxy?: Target['proxy'] | null;
  readonly pacing?: Target['pacing'] | null;
  /** Stored sealed, never read back; null removes it. */
  readonly secret?: string | null;
  /** Of a Lark target: the group's custom bot, used while the app may not call. Sealed and removed like `secret`. */
  readonly fallback?: { readonly url: string; readonly secret?: string } | null;
  readonly enabled?: boolean;
  readonly pending?: boolean;
}

export interface Targets {
  list(): Promise<readonly Target[]>;
  get(id: string): Promise<Target | undefined>;
  byAddress(channel: string, address: string): Promise<Target | undefined>;
  /** By id, name or full address. */
  find(words: string): Promise<Target | undefined>;
  /** The row of this address, made when there is none; `pending` counts only then. */
  ensure(channel: string, address: string, made: { pending: boolean } & TargetChanges): Promise<Target>;
  update(id: string, changes: TargetChanges): Promise<Target | undefined>;
  /** Removes it and its bindings; false when there is none. */
  remove(id: string): Promise<boolean>;
  rememberTest(id: string, result: TestResult): Promise<void>;
}

export interface Binding {
  readonly id: string;
  readonly event: string;
  readonly matchers: readonly Matcher[];
  readonly targetId: string;
  readonly enabled: boolean;
  readonly cron?: string;
  readonly timezone?: string;
  readonly template?: string;
  readonly quietHours?: string;
  readonly dedupeWindowMs?: number;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
}

export type NewBinding = Omit<Binding, 'id' | 'createdAt'>;

export interface Bindings {
  list(filter?: { targetId?: string }): Promise<readonly Binding[]>;
  get(id: string): Promise<Binding | undefined>;
  /** The same event, matchers and target twice is one binding, enabled. */
  add(binding: NewBinding): Promise<Binding>;
  update(id: string, changes: Partial<NewBinding>): Promise<Binding | undefined>;
  remove(id: string): Promise<boolean>;
}

export interface Preferences {
  /** Of a chat (`target address`) or a person (`channel:external id`). */
  locale(subject: string): Promise<Locale | undefined>;
  setLocale(subject: string, locale: Locale): Promise<void>;
}

export interface Reports {
  report(kind: Report['kind'], from: EpochMs, to: EpochMs): Promise<Report>;
  status(): Promise<StatusView>;
}

export interface Deliveries {
  /** Where an incident is shown or why it is not, every call about it, and what was decided. */
  why(id: IncidentId): Promise<WhyView | undefined>;
  /** Shows an incident's card in this target's chat at once, folded or not. */
  showNow(id: IncidentId, targetId: string): Promise<void>;
  /** Latest first. Throws `InvalidCursor` for a cursor it did not make. */
  list(filter: DeliveryFilter): Promise<Page<Delivery>>;
  get(id: string): Promise<Delivery | undefined>;
  /** Makes a dead or parked one due again; undefined when there is none of this id. */
  retry(id: string): Promise<Delivery | undefined>;
}

export const DELIVERY_STATES = ['due', 'leased', 'shown', 'dead'] as const;

/** A card's place or a one-shot message, as people ask about it. */
export interface Delivery {
  readonly id: string;
  readonly targetId: string;
  readonly event: string;
  readonly incidentId?: string;
  readonly state: (typeof DELIVERY_STATES)[number];
  readonly attempts: number;
  readonly lastError?: string;
  /** What is or was sent. */
  readonly request?: unknown;
  readonly response?: string;
  readonly latencyMs?: number;
  readonly createdAt: EpochMs;
  readonly settledAt?: EpochMs;
}

export interface DeliveryFilter {
  readonly state?: readonly Delivery['state'][];
  readonly targetId?: string;
  readonly incidentId?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** A named sender of alerts with a credential of its own. */
export interface Integration {
  readonly id: string;
  readonly name: string;
  /** The format it always sends, when that is known. */
  readonly source?: string;
  readonly hasHmacSecret: boolean;
  readonly expiresAt?: EpochMs;
  readonly disabledAt?: EpochMs;
  readonly createdAt: EpochMs;
  /** The key before the last rotation works until then. */
  readonly previousUntil?: EpochMs;
}

/** Digests and secrets of an integration that may speak now; what the entrance compares with. */
export interface IntegrationCredentials {
  readonly name: string;
  /** Lower-case hex SHA-256 of its keys: the current one and, until it runs out, the previous. */
  readonly keyHashes: readonly string[];
  readonly hmacSecrets: readonly string[];
  readonly source?: string;
}

export interface NewIntegration {
  readonly name: string;
  readonly source?: string;
  readonly expiresAt?: EpochMs;
  readonly hmacSecret?: string;
}

export interface Integrations {
  list(): Promise<readonly Integration[]>;
  /** By id or name. */
  find(idOrName: string): Promise<Integration | undefined>;
  /** The one that may speak now under this name; expired and disabled ones are not found. */
  credentials(name: string): Promise<IntegrationCredentials | undefined>;
  /** The key is told once and stored as a digest; undefined when the name is taken. */
  add(integration: NewIntegration): Promise<{ integration: Integration; key: string } | undefined>;
  disable(id: string, disabled: boolean): Promise<Integration | undefined>;
  /** A new key; the old one works on for `graceMs`. */
  rotate(id: string, graceMs: number): Promise<{ integration: Integration; key: string } | undefined>;
}
