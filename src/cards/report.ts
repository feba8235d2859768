import type { Severity } from '../incident/alert.ts';
import type { EpochMs } from '../types.ts';

/** What happened in a stretch of time, for `/report`. */
export interface Report {
  readonly kind: 'daily' | 'weekly' | 'custom';
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
  readonly opened: Readonly<Record<Severity, number>>;
  readonly resolved: Readonly<Record<Severity, number>>;
  /** Unresolved at `to`. */
  readonly stillOpen?: number;
  /** Mean ms from opening to acknowledgement, of the incidents that have one. */
  readonly mttaMs?: number;
  /** Mean ms from opening to resolution, of the incidents that have one. */
  readonly mttrMs?: number;
  /** Most frequent first. */
  readonly noisiest: readonly { readonly title: string; readonly count: number }[];
  readonly deliveries?: { readonly ok: number; readonly failed: number };
  /** [start of an hour or day, incidents opened in it], ascending: the chart. */
  readonly openedOverTime?: readonly (readonly [EpochMs, number])[];
}
