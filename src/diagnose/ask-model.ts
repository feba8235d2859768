import type { Locale } from '../types.ts';
import { checkClaims } from './answer/check.ts';
import { exampleAnswer } from './answer/example.ts';
import { type Reading, readAnswer } from './answer/read.ts';
import { repairMessages } from './answer/repair.ts';
import { type AnswerSchema, answerSchema } from './answer/schema.ts';
import { shownText } from './answer/shown.ts';
import type { Origin } from './diagnosis.ts';
import type { Memory } from './memory.ts';
import { examplesFor } from './memory/examples.ts';
import { type Shown, originOf, packShown, restored } from './model-draft.ts';
import type { Formats } from './model-formats.ts';
import type { Facts } from './ports.ts';
import type { Prompt } from './prompt.ts';
import { assemblePrompt } from './prompting/assemble.ts';
import type { RulesSaid, Runbook } from './prompting/sections.ts';
import type { Draft, EvidencePack } from './provider.ts';
import { type Model, ModelFailed } from './providers/model.ts';
import type { DataPolicy, Redactor, RequestRedactor } from './redact/redactor.ts';

export interface AskModelDeps {
  readonly prompts: Readonly<Record<Locale, Prompt>>;
  /** Those that are for the incident: a step may name one of them. */
  readonly runbooks: (facts: Facts) => Promise<readonly Runbook[]>;
  /** Of what leaves. */
  readonly redactor: Redactor;
  /** Takes out what nobody is to see: what a model says is shown to people. */
  readonly shown: (text: string) => string;
  readonly policy: DataPolicy;
  /** Letters and digits nobody can guess. */
  readonly nonce: () => string;
  /** What each model turned out to take. */
  readonly formats: Formats;
  /** Every call is accounted for, under what it is about. */
  readonly metered: (model: Model, about: Metered) => Model;
}

export interface Metered {
  readonly purpose: 'diagnose' | 'repair' | 'storm';
  readonly incidentId: string;
  readonly promptVersion: string;
}

export interface ModelQuestion {
  readonly pack: EvidencePack;
  readonly memory: Pick<Memory, 'verdicts'>;
  /** What is stored of the rules: the model is told it. */
  readonly rules: RulesSaid;
  /** `diagnose` when absent. */
  readonly purpose?: 'diagnose' | 'storm';
}

export type ModelAnswer =
  | { readonly kind: 'answer'; readonly draft: Draft; readonly promptVersion: string; readonly origin: Origin }
  /** Two answers that nobody could read: the words of the last, plain and clipped. */
  | { readonly kind: 'unstructured'; readonly said: string };

export type AskModel = (model: Model, question: ModelQuestion, signal: AbortSignal) => Promise<ModelAnswer>;

const OUTPUT_TOKENS = 1200;
const SAID = 800;

interface Asking {
  readonly deps: AskModelDeps;
  readonly model: Model;
  readonly question: ModelQuestion;
  readonly schema: AnswerSchema;
  readonly runbooks: readonly Runbook[];
  readonly redactor: RequestRedactor;
  readonly signal: AbortSignal;
}

interface Said extends Shown {
  readonly reading: Reading;
}

/**
 * One diagnosis by one model: prompt, answer, at most one more turn (less evidence when it did not fit, or the form
 * mended), every claim held against the evidence. Throws `ModelFailed` when there is no answer at all.
 */
export const createAskModel =
  (deps: AskModelDeps): AskModel =>
  async (model, question, signal) => {
    const startedAt = performance.now();
    const runbooks = await deps.runbooks(question.pack);
    const schema = answerSchema(runbooks.map(({ id }) => id));
    const asking = { deps, model, question, schema, runbooks, redactor: deps.redactor.openRequest(), signal };
    const said = await sayOnce(asking);
    const { reading, replies } = await read(asking, said);
    const { shown: redact } = deps;
    if (reading.kind === 'unreadable')
      return { kind: 'unstructured', said: shownText(reading.excerpt, { max: SAID, redact }) };
    const { pack } = question;
    const answer = restored(reading.answer, asking.redactor);
    const { draft, struck } = checkClaims(answer, packShown(pack, said), {
      runbookIds: runbooks.map(({ id }) => id),
      redact,
    });
    const origin = originOf(said, replies, struck, performance.now() - startedAt, model, pack);
    return { kind: 'answer', draft, promptVersion: said.prompt.version, origin };
  };

/** With all the evidence that fits; once more with half of it when that was too much, for the model or for its answer. */
async function sayOnce(asking: Asking): Promise<Said> {
  try {
    const said = await say(asking, 1);
    return said.reading.kind === 'unreadable' && said.reading.cut === true ? await say(asking, 0.5) : said;
  } catch (err) {
    if (!(err instanceof ModelFailed) || (err.fault !== 'truncated' && err.fault !== 'too_long')) throw err;
    return say(asking, 0.5);
  }
}

async function say(asking: Asking, share: number): Promise<Said> {
  const { deps, model, question, schema, signal } = asking;
  const { pack, memory, rules, purpose = 'diagnose' } = question;
  const prompt = assemblePrompt({
    prompt: deps.prompts[pack.locale],
    pack,
    relevance: new Map(pack.evidence.map(({ id, relevance = 0.5 }) => [id, relevance])),
    rules,
    examples: examplesFor(memory),
    runbooks: asking.runbooks,
    schema: schema.json,
    example: exampleAnswer(pack.locale),
    budgetTokens: Math.floor(model.promptTokens * share),
    nonce: deps.nonce(),
    redactor: asking.redactor,
    policy: deps.policy,
  });
  const metered = deps.metered(model, { purpose, incidentId: pack.incident.id, promptVersion: prompt.version });
  const reply = await deps.formats.complete(metered, {
    system: prompt.system,
    messages: [{ role: 'user', text: prompt.user }],
    schema: schema.json,
    maxOutputTokens: OUTPUT_TOKENS,
    subject: `incident-${pack.incident.id}`,
    locale: pack.locale,
    signal,
  });
  const reading = readAnswer(reply, schema);
  deps.formats.note(model, reading.kind === 'answer');
  return { reply, prompt, reading };
}

/** What cannot be read is asked for once more, in the right form; a form that fails again is not asked for a third time. */
async function read({ deps, model, question, schema, signal }: Asking, said: Said) {
  const { reading, reply, prompt } = said;
  const replies = [reply];
  if (reading.kind === 'answer' || reading.cut === true || reading.excerpt.trim() === '') return { reading, replies };
  const about = { purpose: 'repair', incidentId: question.pack.incident.id, promptVersion: prompt.version } as const;
  const request = { ...repairMessages(reading, schema, deps.nonce()), subject: `incident-${about.incidentId}`, signal };
  try {
    const again = await deps.formats.complete(deps.metered(model, about), request);
    const mended = readAnswer(again, schema);
    return mended.kind === 'answer'
      ? { reading: mended, replies: [reply, again] }
      : { reading, replies: [reply, again] };
  } catch (err) {
    // The first answer stands as what it is: the provider did answer.
    if (!(err instanceof ModelFailed) || err.fault === 'cancelled') throw err;
    return { reading, replies };
  }
}
