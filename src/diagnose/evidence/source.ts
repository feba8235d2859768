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
  /**
   * Asks what costs next to nothing and proves that it can be asked as it is configured; resolves to what is wrong all
   * the same, in the reader's language. Rejects with `SourceFailed`. Only of sources at addresses of their own.
   */
  check?(signal: AbortSignal, locale: Locale): Promise<readonly Shortcoming[]>;
}

export interface Shortcoming {
  /** With what to do about it. */
  readonly text: string;
  /** It may be meant so. */
  readonly minor?: true;
}
