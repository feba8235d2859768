import type { Severity } from '../incident/alert.ts';
import type { Locale } from '../types.ts';
import type { Cause, DiagnosisStatus, Evidence, Step } from './diagnosis.ts';
import type { Match } from './match.ts';
import type { Facts } from './ports.ts';
import type { Similar } from './similar.ts';

/** Everything a provider may reason from; it looks nothing up itself. */
export interface EvidencePack extends Facts {
  /** Numbered; a claim may cite nothing else. */
  readonly evidence: readonly Evidence[];
  /** What the rules recognised, if anything. */
  readonly matched?: Match;
  readonly similar: readonly Similar[];
  readonly locale: Locale;
}

/** A provider's answer, before the memory of verdicts is applied to it. */
export interface Draft {
  readonly status: Extract<DiagnosisStatus, 'ready' | 'inconclusive' | 'not_an_issue'>;
  readonly family: string;
  readonly summary: string;
  /** Most likely first. */
  readonly causes: readonly Cause[];
  readonly steps: readonly Step[];
  readonly severityOpinion?: Severity;
}

/** Something that can turn evidence into a diagnosis: the rules, later language models. */
export interface Provider {
  /** As metrics and cards name it: `rules`, `dify`, `openai:deepseek`. */
  readonly name: string;
  readonly promptVersion: string;
  diagnose(pack: EvidencePack, signal: AbortSignal): Promise<Draft>;
}
