import type { Diagnosis, Evidence } from '../diagnosis.ts';
import type { Facts, KnownIncident } from '../ports.ts';
import type { Prompt } from '../prompt.ts';
import { estimateTokens } from '../providers/estimate.ts';
import { ModelFailed, type ModelMessage } from '../providers/model.ts';
import type { DataPolicy, Redacting } from '../redact/redactor.ts';
import { fenceEvidence } from './evidence.ts';
import { createFence } from './fence.ts';
import { createSections, type Sections } from './fenced-section.ts';
import { oneLine } from './plain.ts';
import { incidentWords, NONE } from './sections.ts';

/** What was said before in the same conversation. */
export interface Turn {
  readonly by: 'person' | 'bot';
  readonly text: string;
}

export interface AskContext {
  /** The incident that the conversation is about. */
  readonly facts?: Facts;
  readonly diagnosis?: Pick<Diagnosis, 'status' | 'summary' | 'causes'>;
  readonly evidence: readonly Evidence[];
  /** What else is open, the worst first. */
  readonly open?: readonly KnownIncident[];
}

export interface AskInput {
  readonly prompt: Prompt;
  readonly question: string;
  readonly context: AskContext;
  /** Oldest first. */
  readonly history: readonly Turn[];
  readonly relevance?: ReadonlyMap<string, number>;
  /** For all of it, in estimated tokens; what tools return is not in it. */
  readonly budgetTokens: number;
  /** Letters and digits, random for every request. */
  readonly nonce: string;
  /** Of this request. */
  readonly redactor: Redacting;
  readonly policy: DataPolicy;
}

export interface AssembledAsk {
  readonly version: string;
  /** Our words alone. */
  readonly system: string;
  /** What was said, then the data and the question, fenced. */
  readonly messages: readonly ModelMessage[];
  readonly redacted: number;
  /** Ids of evidence that is there in part or not at all. */
  readonly cut: readonly string[];
  /** Estimated, of all; never above the budget. */
  readonly tokens: number;
}

const PARTS = { context: 0.2, question: 0.15, history: 0.2 } as const;
const MOST_TURNS = 8;
const MOST_OPEN = 20;
/** Below this there is nothing to answer from; and what is only known at the end. */
const LEAST_EVIDENCE = 100;
const SPARE = 140;

/**
 * One prompt of a question, what is known and what was said before. Pure. Throws `ModelFailed` `too_long` when the budget
 * does not hold the rules and the question.
 */
export function assembleAsk(input: AskInput): AssembledAsk {
  const { prompt, context, policy, budgetTokens, nonce, redactor } = input;
  const fence = createFence(nonce);
  const sections = createSections({ fence, redactor });
  const part = (share: number): number => Math.floor(budgetTokens * share);
  const told = {
    context: sections.of('CONTEXT', contextWords(context, policy), part(PARTS.context)),
    question: sections.of('QUESTION', input.question, part(PARTS.question)),
  };
  const said = historyOf(input.history, sections, part(PARTS.history));
  const system = prompt.system({ nonce });
  const empty = prompt.user({ ...told, evidence: '', left_out: '' });
  const left = budgetTokens - tokensOf([system, empty, ...said.map(({ text }) => text)]) - SPARE;
  if (left < LEAST_EVIDENCE) throw new ModelFailed(`${budgetTokens} tokens cannot hold a question`, 'too_long');
  const found = fenceEvidence({ ...input, evidence: context.evidence, fence, budgetTokens: left });
  const user = prompt.user({
    ...told,
    evidence: found.text || NONE,
    left_out: found.leftOut.slice(0, 24).join(', ') || '-',
  });
  const messages = [...said, { role: 'user', text: user } as const];
  return {
    version: prompt.version,
    system,
    messages,
    redacted: sections.redacted() + found.redacted,
    cut: [...found.cut, ...found.leftOut],
    tokens: tokensOf([system, ...messages.map(({ text }) => text)]),
  };
}

const tokensOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + estimateTokens(text), 0);

function contextWords({ facts, diagnosis, open = [] }: AskContext, policy: DataPolicy): string {
  const others = open
    .slice(0, MOST_OPEN)
    .map(({ id, severity, status, title }) => `- ${id} ${severity} ${status} ${oneLine(title, 120)}`);
  const free = policy !== 'metadata_only';
  const parts = [
    ...(facts === undefined ? [] : [incidentWords(facts, policy)]),
    ...(diagnosis === undefined || !free ? [] : [diagnosisWords(diagnosis)]),
    ...(others.length === 0 ? [] : [`open incidents:\n${others.join('\n')}`]),
  ];
  return parts.length === 0 ? NONE : parts.join('\n\n');
}

const diagnosisWords = ({ status, summary, causes }: Pick<Diagnosis, 'status' | 'summary' | 'causes'>): string =>
  [
    `diagnosis: ${status}`,
    oneLine(summary, 800),
    ...causes.map(
      (cause) => `- ${oneLine(cause.statement, 300)} (${cause.confidence}) [${cause.evidenceIds.join(', ')}]`,
    ),
  ].join('\n');

/** The newest turns that fit, oldest first, beginning with a person's. Questions are fenced as the new one is. */
function historyOf(turns: readonly Turn[], sections: Sections, tokens: number): readonly ModelMessage[] {
  const kept: ModelMessage[] = [];
  let left = tokens;
  for (const turn of turns.slice(-MOST_TURNS).toReversed()) {
    const most = Math.floor(tokens / 2);
    const text = turn.by === 'person' ? sections.of('QUESTION', turn.text, most) : sections.plain(turn.text, most);
    const cost = estimateTokens(text);
    if (cost > left) break;
    left -= cost;
    kept.unshift({ role: turn.by === 'person' ? 'user' : 'assistant', text });
  }
  const first = kept.findIndex(({ role }) => role === 'user');
  return first === -1 ? [] : kept.slice(first);
}
