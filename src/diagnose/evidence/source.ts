import type { EpochMs, Locale } from '../../types.ts';
import type { Evidence } from '../diagnosis.ts';
import type { Facts } from '../ports.ts';
import type { Subject } from '../subject.ts';
import type { Plan } from './plan.ts';

/** A fact that has no number yet. */
export type Finding = Omit<Evidence, 'id'>;

/** What an incident is about, for those who look things up. */
export interface About {
  readonly facts: Facts;
  /** Empty when no rule knows it. */
  readonly family: string;
  readonly plan: Plan;
  /** Pod, namespace, host, service, … as the alert names them; untrusted. */
  readonly subject: Subject;
  /** When it began, by the alert's own clock where that is plausible. */
  readonly startedAt: EpochMs;
  readonly now: EpochMs;
  readonly locale: Locale;
}

/** One place to look things up: read-only, at a configured address only. */
export interface EvidenceSource {
  /** `prometheus`, `loki`, `mcp:grafana`: as evidence and errors name it. */
  readonly name: string;
  /** All its questions together, ms. */
  readonly timeoutMs: number;
  /**
   * None when it has nothing to ask. A question that fails is a finding with `failed` and what to do about it; rejects
   * only when nothing at all could be asked (the collector then makes that finding).
   */
  collect(about: About, signal: AbortSignal): Promise<readonly Finding[]>;
}
