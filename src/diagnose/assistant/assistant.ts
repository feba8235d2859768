import type { Log } from '../../telemetry/log.ts';
import type { Clock } from '../../types.ts';
import type { Afford, Chain } from '../chain/chain.ts';
import type { Model } from '../providers/model.ts';
import type { Redacting, RequestRedactor } from '../redact/redactor.ts';
import { citationsIn } from './citations.ts';
import { type Known, knownOf } from './context.ts';
import { type ConverseDeps, type Conversed, converse } from './converse.ts';
import { shownLines } from './lines.ts';
import type { Answered, Inquiry, Library, Progress } from './ports.ts';
import { type Toolbox, toolbox } from './tools/tools.ts';

export interface AssistantDeps extends ConverseDeps {
  readonly library: Library;
  readonly chain: Pick<Chain, 'ask'>;
  readonly afford: Afford;
  /** Every call is accounted for, under who asked and what it was about. */
  readonly metered: (model: Model, about: AnswerMetered) => Model;
  /** Secrets alone: what people are shown. */
  readonly shown: Redacting;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AnswerMetered {
  readonly purpose: 'answer';
  readonly person: Inquiry['person'];
  readonly incidentId?: string;
  readonly promptVersion: string;
}

export type Assistant = ReturnType<typeof createAssistant>;

/** Answers questions from what is known and what can be looked up, citing it. */
export function createAssistant(deps: AssistantDeps) {
  /** Rejects only when `signal` aborts, or with what is no model's fault. */
  return async (inquiry: Inquiry, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Answered> => {
    const { library, clock, policy } = deps;
    const known = await knownOf(library, inquiry, clock);
    const { facts } = known;
    const context = { now: clock.now(), locale: inquiry.locale, ...(facts === undefined ? {} : { facts }) };
    const tools = await toolbox(library, context, policy, signal);
    const told = progressOf(deps, onProgress);
    const ask = (model: Model, stop: AbortSignal): Promise<Conversed> =>
      converse(deps, {
        model: metered(deps, model, inquiry, known),
        inquiry,
        known,
        tools,
        signal: stop,
        onProgress: told,
      });
    const asked = await deps.chain.ask(ask, deps.afford, signal);
    return asked.ok
      ? answered(deps, asked.value, asked.model, inquiry, known, tools)
      : { kind: 'none', shortfall: asked.shortfall };
  };
}

const metered = ({ metered: meter, prompts }: AssistantDeps, model: Model, inquiry: Inquiry, { facts }: Known): Model =>
  meter(model, {
    purpose: 'answer',
    person: inquiry.person,
    ...(facts === undefined ? {} : { incidentId: facts.incident.id }),
    promptVersion: prompts[inquiry.locale].version,
  });

/** What grows is shown as carefully as what is complete. */
const progressOf =
  ({ shown }: AssistantDeps, onProgress: (progress: Progress) => void) =>
  (text: string, redactor: RequestRedactor, looking: readonly string[]): void =>
    onProgress({ text: () => fit(text, redactor, shown), ...(looking.length === 0 ? {} : { looking }) });

const fit = (text: string, redactor: RequestRedactor, shown: Redacting): string =>
  shownLines(redactor.restore(text), { redact: (words) => shown.redact(words).text });

function answered(
  { shown, log }: AssistantDeps,
  { reply, evidence, redactor, promptVersion }: Conversed,
  model: Model,
  inquiry: Inquiry,
  { facts }: Known,
  tools: Toolbox,
): Answered {
  const { text, evidence: cited, struck } = citationsIn(fit(reply.text, redactor, shown), evidence);
  if (text.trim() === '') return { kind: 'none', shortfall: 'unstructured' };
  const { conversation } = reply;
  const about = { provider: model.name, cited: cited.length, struck, tools: tools.size };
  log.info({ action: 'question_answered', ...about }, 'a question was answered');
  return {
    kind: 'answer',
    text,
    cited: cited.map((item) => ({ ...item, title: shown.redact(item.title).text })),
    provider: model.name,
    model: shownLines(reply.model.slice(0, 80), { redact: (words) => words }),
    promptVersion,
    ...(conversation === undefined
      ? {}
      : { remote: { provider: model.name, subject: inquiry.subject, id: conversation } }),
    ...(facts === undefined ? {} : { incidentId: facts.incident.id }),
  };
}
