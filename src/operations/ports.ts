import type { Report } from '../cards/report.ts';
import type { UsageView } from '../cards/usage.ts';
import type { StatusView } from '../cards/view.ts';
import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { Runbooks } from '../diagnose/evidence/runbooks/runbooks.ts';
import type { Alert } from '../incident/alert.ts';
import type { AcceptAlerts, Respond } from '../incident/ports.ts';
import type { EpochMs, Locale } from '../types.ts';
import type { AnswersBeingWritten } from './answers-port.ts';
import type { Audit } from './audit-port.ts';
import type { Bindings } from './bindings-port.ts';
import type { Deliveries } from './deliveries-port.ts';
import type { Incidents } from './incidents-port.ts';
import type { Operators } from './operators-port.ts';
import type { Silences } from './silences-port.ts';
import type { Target, Targets, TestResult } from './targets-port.ts';

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
  /** Where incidents go that no binding takes. */
  readonly defaultTargetId: string;
}

export type ParsePastedAlert = (text: string, senderId: string, receivedAt: EpochMs) => readonly Alert[];

export interface Preferences {
  /** Of a chat (`target address`) or a person (`channel:external id`). */
  locale(subject: string): Promise<Locale | undefined>;
  setLocale(subject: string, locale: Locale): Promise<void>;
}

export interface Reports {
  report(kind: Report['kind'], from: EpochMs, to: EpochMs): Promise<Report>;
  status(): Promise<StatusView>;
}
