import type { EpochMs } from '../types.ts';

/** Whose use a quota limits. */
export const QUOTA_SUBJECTS = ['person', 'provider'] as const;
export type QuotaSubject = (typeof QUOTA_SUBJECTS)[number];

/** Windows of five hours from the epoch on; weeks from Monday and months, in TIMEZONE. */
export const QUOTA_PERIODS = ['5h', 'week', 'month'] as const;
export type QuotaPeriod = (typeof QUOTA_PERIODS)[number];

/** `cost` is money in LLM_CURRENCY. */
export const QUOTA_MEASURES = ['tokens', 'cost', 'calls'] as const;
export type QuotaMeasure = (typeof QUOTA_MEASURES)[number];

/** How much of a limit is used: below the threshold, from it on, from nine tenths on. */
export type Band = 'green' | 'yellow' | 'red';

export const USAGE_BY = ['provider', 'person', 'model', 'day'] as const;
export type UsageBy = (typeof USAGE_BY)[number];

/** The subject of a quota that holds for each person, or each provider, that has none of its own. */
export const EACH = '*';

/** What a person or a provider may use in a period. */
export interface Quota {
  readonly id: string;
  readonly subjectKind: QuotaSubject;
  /** An operator's id or `channel:external id`; a provider's name; `EACH`. */
  readonly subject: string;
  readonly period: QuotaPeriod;
  readonly measure: QuotaMeasure;
  readonly amount: number;
  /** The share from which on people are warned, above 0 and at most 1. */
  readonly threshold: number;
  readonly enabled: boolean;
  readonly createdAt: EpochMs;
}

/** How one subject stands against a quota now. */
export interface Standing {
  readonly quotaId: string;
  readonly subjectKind: QuotaSubject;
  readonly subject: string;
  /** What people call the subject. */
  readonly name: string;
  readonly period: QuotaPeriod;
  readonly measure: QuotaMeasure;
  readonly used: number;
  readonly amount: number;
  readonly left: number;
  readonly band: Band;
  readonly since: EpochMs;
  /** When the period ends and use counts from nothing again. */
  readonly renewsAt: EpochMs;
  /** What `cost` is measured in. */
  readonly currency: string;
}

/** Calls of one provider, person, model or day. */
export interface UsageRow {
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  readonly calls: number;
  readonly failures: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** In LLM_CURRENCY. */
  readonly cost: number;
  /** Answered calls whose money is not known, or known in another currency. */
  readonly uncounted: number;
  /** Mean time of a call, ms. */
  readonly meanMs: number;
}

/** What `/usage` shows. */
export interface UsageView {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly currency: string;
  /** Whether any model can be asked. */
  readonly configured: boolean;
  /** Of today in TIMEZONE. */
  readonly budget?: {
    readonly spent: number;
    readonly amount: number;
    readonly band: Band;
    readonly renewsAt: EpochMs;
  };
  /** Between `from` and `to`, most calls first. */
  readonly providers: readonly UsageRow[];
  /** Of the providers and of who asks. */
  readonly quotas: readonly Standing[];
  readonly own?: UsageRow;
  /** At most five, most tokens first. */
  readonly people: readonly UsageRow[];
}

/** What the events about models tell, by name. */
export interface ModelEvents {
  readonly breaker_open: { readonly provider: string; readonly fault: string; readonly until: EpochMs };
  readonly quota_warning: Standing;
  readonly usage_leaderboard: {
    readonly from: EpochMs;
    readonly to: EpochMs;
    readonly currency: string;
    /** Most tokens first, at most ten. */
    readonly people: readonly UsageRow[];
    readonly providers: readonly UsageRow[];
  };
}

/** What a provider asks for a million tokens. */
export interface Price {
  readonly id: string;
  readonly provider: string;
  /** Empty: any model of the provider that has no price of its own. */
  readonly model: string;
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  readonly currency: string;
  readonly createdAt: EpochMs;
}
