import type { Answer } from './answer/schema.ts';
import { cleanAnswerText } from './answer/text.ts';
import type { Origin } from './diagnosis.ts';
import type { Assembled } from './prompting/assemble.ts';
import type { EvidencePack } from './provider.ts';
import type { Model, ModelReply } from './providers/model.ts';
import type { RequestRedactor } from './redact/redactor.ts';

/** What a model was shown, and what came back. */
export interface Shown {
  readonly reply: ModelReply;
  readonly prompt: Assembled;
}

/** What the prompt had no room for counts as cut; all of it, when the provider cut the prompt by itself. */
export const packShown = (pack: EvidencePack, { prompt, reply }: Shown): EvidencePack => ({
  ...pack,
  evidence: pack.evidence.map((item) =>
    reply.promptCut === true || prompt.cut.includes(item.id) ? { ...item, cut: true } : item,
  ),
});

/** Whose words these are and what they cost, over all of its replies; `struck` claims were not held up by the evidence. */
export function originOf(
  { reply, prompt }: Shown,
  replies: readonly ModelReply[],
  struck: number,
  elapsedMs: number,
  model: Model,
  { incident }: EvidencePack,
): Origin {
  const total = (of: (usage: ModelReply['usage']) => number | undefined): number =>
    replies.reduce((sum, { usage }) => sum + Math.min(Math.max(0, of(usage) ?? 0), MOST_COUNTED), 0);
  return {
    model: cleanAnswerText(reply.model, { max: 80, redact: (text) => text }),
    tokensIn: total(({ tokensIn }) => tokensIn),
    tokensOut: total(({ tokensOut }) => tokensOut),
    latencyMs: Math.round(elapsedMs),
    ...(replies.length > 1 ? { repaired: true } : {}),
    ...(struck > 0 ? { struck } : {}),
    ...(prompt.redacted > 0 ? { redacted: prompt.redacted } : {}),
    ...(model.feedback === undefined || reply.messageId === undefined
      ? {}
      : { feedback: { messageId: reply.messageId, subject: `incident-${incident.id}` } }),
  };
}

/** An endpoint may say anything. */
const MOST_COUNTED = 1e12;

/** What was kept from the provider but not from us stands in its answer again; nothing here is checked or clean yet. */
export function restored(answer: Answer, { restore }: RequestRedactor): Answer {
  return {
    ...answer,
    summary: restore(answer.summary),
    causes: answer.causes.map((cause) => ({ ...cause, statement: restore(cause.statement) })),
    steps: answer.steps.map((step) => ({ ...step, text: restore(step.text) })),
  };
}
