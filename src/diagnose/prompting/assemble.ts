import type { Verdict } from '../ports.ts';
import type { Prompt } from '../prompt.ts';
import type { EvidencePack } from '../provider.ts';
import { estimateTokens } from '../providers/estimate.ts';
import { type JsonSchema, ModelFailed } from '../providers/model.ts';
import type { DataPolicy, Redacting } from '../redact/redactor.ts';
import { fenceEvidence } from './evidence.ts';
import { createFence } from './fence.ts';
import { createSections } from './fenced-section.ts';
import { incidentWords, type RulesSaid, type Runbook, rulesWords, runbookWords, verdictWords } from './sections.ts';

export interface AssembleInput {
  readonly prompt: Prompt;
  readonly pack: EvidencePack;
  /** How much each item helps to tell the cause, 0 … 1, by its id; 0.5 when absent. */
  readonly relevance?: ReadonlyMap<string, number>;
  readonly rules: RulesSaid;
  /** What people said about causes of like incidents, the likest first. */
  readonly examples: readonly Verdict[];
  /** Those that a step may name. */
  readonly runbooks: readonly Runbook[];
  readonly schema: JsonSchema;
  /** An answer of the schema's form, about something else. */
  readonly example: unknown;
  /** For all of it, in estimated tokens. */
  readonly budgetTokens: number;
  /** Letters and digits, random for every request. */
  readonly nonce: string;
  /** Of this request. */
  readonly redactor: Redacting;
  readonly policy: DataPolicy;
}

export interface Assembled {
  readonly version: string;
  /** Our words alone. */
  readonly system: string;
  /** Data, all of it fenced. */
  readonly user: string;
  /** How many secrets and personal data were kept back. */
  readonly redacted: number;
  /** Ids of evidence that is there in part or not at all. */
  readonly cut: readonly string[];
  /** Estimated, of both; never above the budget. */
  readonly tokens: number;
}

/** Parts of the budget that the words beside the evidence may have at most. */
const PARTS = { incident: 0.06, rules: 0.05, verdicts: 0.06, runbooks: 0.05 } as const;
/** Below this there is no evidence to speak of. */
const LEAST_EVIDENCE = 200;
/** For what is only known at the end: the list of what was left out, and rounding. */
const SPARE = 140;

/**
 * One prompt of an incident's evidence: redacted, fenced, within the budget; the same input gives the same prompt. Pure.
 * Throws `ModelFailed` `too_long` when the budget does not even hold the rules, the incident and a little evidence.
 */
export function assemblePrompt(input: AssembleInput): Assembled {
  const { prompt, pack, policy, budgetTokens, nonce, redactor } = input;
  const fence = createFence(nonce);
  const sections = createSections({ fence, redactor });
  const part = (share: number): number => Math.floor(budgetTokens * share);
  const told = {
    incident: sections.of('INCIDENT', incidentWords(pack, policy), part(PARTS.incident)),
    rules: sections.of('RULES', rulesWords(input.rules, pack.matched), part(PARTS.rules)),
    verdicts: sections.of('VERDICTS', verdictWords(input.examples, pack.incident.id, policy), part(PARTS.verdicts)),
    runbooks: sections.of('RUNBOOKS', runbookWords(input.runbooks), part(PARTS.runbooks)),
  };
  const system = prompt.system({ nonce, schema: JSON.stringify(input.schema), example: JSON.stringify(input.example) });
  const fixed = estimateTokens(system) + estimateTokens(prompt.user({ ...told, evidence: '', left_out: '' }));
  const left = budgetTokens - fixed - SPARE;
  if (left < LEAST_EVIDENCE) throw tooLong(budgetTokens, fixed);
  const evidence = fenceEvidence({ ...input, evidence: pack.evidence, fence, budgetTokens: left });
  const user = prompt.user({ ...told, evidence: evidence.text, left_out: listed(evidence.leftOut) });
  return {
    version: prompt.version,
    system,
    user,
    redacted: sections.redacted() + evidence.redacted,
    cut: [...evidence.cut, ...evidence.leftOut],
    tokens: estimateTokens(system) + estimateTokens(user),
  };
}

const tooLong = (budget: number, fixed: number): ModelFailed =>
  new ModelFailed(
    `a prompt of ${budget} tokens cannot hold the rules (${fixed}) and evidence: give the model a larger context`,
    'too_long',
  );

const MOST_LISTED = 24;

/** Ids are ours: `E12`. */
const listed = (ids: readonly string[]): string =>
  ids.length > MOST_LISTED ? `${ids.slice(0, MOST_LISTED).join(', ')}, … (${ids.length})` : ids.join(', ') || '-';
