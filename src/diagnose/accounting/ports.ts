import type { ModelEvents, Price, Quota, QuotaMeasure, QuotaSubject, UsageBy, UsageRow } from '../../cards/usage.ts';
import type { EpochMs } from '../../types.ts';
import type { ModelFault } from '../providers/model.ts';
import type { Span } from './periods.ts';

/** One call to a model, as it is kept: no word of what was asked or answered. */
export interface ModelCall {
  /** When it ended. */
  readonly at: EpochMs;
  readonly provider: string;
  /** As the endpoint names it; empty when it never said. */
  readonly model: string;
  readonly purpose: 'diagnose' | 'repair' | 'storm' | 'answer';
  readonly incidentId?: string;
  readonly person?: { readonly id: string; readonly name: string };
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Unknown without a price. */
  readonly cost?: { readonly amount: number; readonly currency: string };
  readonly latencyMs: number;
  readonly outcome: 'ok' | ModelFault | 'unexpected';
  readonly promptVersion?: string;
  readonly traceId?: string;
}

/** Calls and what they add up to; sums are read on the reading connection. */
export interface Calls {
  record(call: ModelCall): Promise<void>;
  /** What was used under any of these ids from then on; money in `currency` only. */
  used(kind: QuotaSubject, ids: readonly string[], from: EpochMs, currency: string): Promise<Used>;
  /** Money of all calls from then on, in `currency` only. */
  spent(from: EpochMs, currency: string): Promise<number>;
  /** Days oldest first, anything else by tokens, most first. */
  rows(
    by: Exclude<UsageBy, 'day'>,
    span: Span,
    currency: string,
    ids?: readonly string[],
  ): Promise<readonly UsageRow[]>;
  days(days: readonly (Span & { readonly day: string })[], currency: string): Promise<readonly UsageRow[]>;
}

export type Used = Readonly<Record<QuotaMeasure, number>>;

export interface Quotas {
  list(): Promise<readonly Quota[]>;
  get(id: string): Promise<Quota | undefined>;
  /** Undefined when there is one of the same subject, period and measure. */
  add(quota: Omit<Quota, 'id' | 'createdAt'>): Promise<Quota | undefined>;
  update(id: string, changes: Partial<Pick<Quota, 'amount' | 'threshold' | 'enabled'>>): Promise<Quota | undefined>;
  remove(id: string): Promise<boolean>;
}

export interface Prices {
  list(): Promise<readonly Price[]>;
  get(id: string): Promise<Price | undefined>;
  /** Sets the price of a provider's model, in the place of an earlier one. */
  set(price: Omit<Price, 'id' | 'createdAt'>): Promise<Price>;
  remove(id: string): Promise<boolean>;
}

export interface NewEvent<E extends keyof ModelEvents = keyof ModelEvents> {
  readonly event: E;
  /** The same key again is the same event. */
  readonly dedupeKey: string;
  readonly data: ModelEvents[E];
  readonly at: EpochMs;
}

/** False when it was recorded before. */
export type RecordEvent = (event: NewEvent) => Promise<boolean>;

/** A person by any of their ids: the id use is kept under first, the others behind it. */
export type IdsOf = (personId: string) => Promise<readonly [string, ...string[]]>;
