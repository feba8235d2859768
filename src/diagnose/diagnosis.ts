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
}

export interface Step {
  readonly text: string;
  readonly risk: 'safe' | 'careful' | 'dangerous';
  readonly command?: string;
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
}
