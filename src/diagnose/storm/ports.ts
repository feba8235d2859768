import type { Severity } from '../../incident/alert.ts';
import type { EpochMs, Labels } from '../../types.ts';
import type { Cause, Diagnosis, Evidence } from '../diagnosis.ts';

/** What a storm's diagnosis needs of one of its incidents. */
export interface StormMember {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly resolved: boolean;
  readonly labels: Labels;
  readonly openedAt: EpochMs;
  /** What the rules made of it by itself; empty when they did not know it. */
  readonly family: string;
  readonly cause?: Cause;
  /** Of the worst alone. */
  readonly evidence: readonly Evidence[];
}

export interface StormFacts {
  readonly id: string;
  readonly startedAt: EpochMs;
  readonly ended: boolean;
  /** All that ever joined. */
  readonly total: number;
  /** Worst and oldest first, at most 500. */
  readonly members: readonly StormMember[];
  /** What is stored of it. */
  readonly last?: StormDiagnosis;
}

export interface StormDiagnosis {
  readonly diagnosis: Diagnosis;
  /** How many incidents it is about. */
  readonly total: number;
  /** How often the storm has been looked at. */
  readonly turn: number;
}

export interface StormPorts {
  /** Undefined when it is gone. */
  storm(stormId: string): Promise<StormFacts | undefined>;
  /** Stores it and raises the storm's revision, so that its card follows. */
  keep(stormId: string, diagnosis: StormDiagnosis): Promise<void>;
  /** Has the storm looked at once more. */
  lookAgain(stormId: string, at: EpochMs): Promise<void>;
}

/** Where an incident is told: by cards of its own, by a storm's, or nobody knows yet. */
export type ToldBy = 'own' | 'storm' | 'undecided';
