import type { Series } from '../cards/card.ts';
import type { Severity } from '../incident/alert.ts';
import type { EpochMs } from '../types.ts';

export const DIAGNOSIS_STATUSES = [
  'pending',
  'ready',
  'inconclusive',
  'not_an_issue',
  'confirmed',
  'rejected',
  'failed',
] as const;
export type DiagnosisStatus = (typeof DIAGNOSIS_STATUSES)[number];

/** One fact that a claim may cite. */
export interface Evidence {
  /** Short and stable within a diagnosis: `E1`, `E2`, … */
  readonly id: string;
  /** `alert`, `rule`, `incident`, `prometheus`, … */
  readonly source: string;
  readonly title: string;
  /** What was asked, when something was. */
  readonly query?: string;
  /** What was found: untrusted text. */
  readonly text: string;
  readonly at: EpochMs;
  readonly url?: string;
  /** The time the question was about. */
  readonly range?: { readonly from: EpochMs; readonly to: EpochMs };
  /** The source could not answer. A fact too, and no sign that all is well there. */
  readonly failed?: true;
  /** There was more than is kept here. */
  readonly cut?: true;
  /** What a chart of it shows: at most 3 series of at most 60 points. */
  readonly series?: readonly Series[];
  /** How much it helps to tell the cause, 0 … 1: what does not fit goes from the least. 0.5 when absent. */
  readonly relevance?: number;
}

export interface Cause {
  readonly statement: string;
  /** 0 … 1. */
  readonly confidence: number;
  readonly evidenceIds: readonly string[];
  /** Identifies "the same cause" across incidents, so that verdicts can teach: `crash_loop/config`. */
  readonly key: string;
  /** Earlier incidents with this cause, and how many of them people confirmed. */
  readonly seen?: number;
  readonly confirmed?: number;
  /** It names things that no evidence names: shown as unverified. */
  readonly unverified?: true;
}

export const RISKS = ['safe', 'careful', 'dangerous'] as const;

export interface Step {
  readonly text: string;
  readonly risk: (typeof RISKS)[number];
  readonly command?: string;
  /** A registered runbook, by its id. */
  readonly runbookId?: string;
}

/** Why a diagnosis is the rules' own although a model is configured. */
export const SHORTFALLS = [
  'failed',
  'timeout',
  'breaker_open',
  'busy',
  'budget',
  'quota',
  'storm',
  'unstructured',
] as const;
export type Shortfall = (typeof SHORTFALLS)[number];

/** How a diagnosis came about. */
export interface Origin {
  /** The model's own name, as its endpoint says it. */
  readonly model?: string;
  /** A model is being asked; its answer will replace this diagnosis. */
  readonly awaiting?: true;
  /** No model's answer could be had, and why. */
  readonly shortfall?: Shortfall;
  /** What a model said that had no structure: plain text, unverified, at most 800 characters. */
  readonly said?: string;
  /** Identical evidence had been diagnosed then. */
  readonly cachedAt?: EpochMs;
  readonly tokensIn?: number;
  readonly tokensOut?: number;
  readonly latencyMs?: number;
  /** The answer had to be asked for again. */
  readonly repaired?: true;
  /** Claims struck because they cited nothing that exists. */
  readonly struck?: number;
  /** Secrets and personal data kept from the model. */
  readonly redacted?: number;
  /** Of the evidence, so that the same is not asked about twice. */
  readonly digest?: string;
  /** Where a verdict is told to the provider. */
  readonly feedback?: { readonly messageId: string; readonly subject: string };
}

export interface Diagnosis {
  readonly id: string;
  readonly incidentId: string;
  readonly status: DiagnosisStatus;
  /** `rules`, later `dify`, `openai:deepseek`, … */
  readonly provider: string;
  readonly promptVersion: string;
  readonly family: string;
  readonly summary: string;
  /** Most likely first. */
  readonly causes: readonly Cause[];
  readonly steps: readonly Step[];
  readonly evidence: readonly Evidence[];
  /** Of the first cause, 0 … 1; 0 when inconclusive. */
  readonly confidence: number;
  readonly createdAt: EpochMs;
  readonly decidedAt?: EpochMs;
  readonly decidedBy?: string;
  readonly rejectReason?: string;
  /** A model's opinion on how bad it is, when that differs from the alert's. */
  readonly severityOpinion?: Severity;
  readonly origin?: Origin;
}
