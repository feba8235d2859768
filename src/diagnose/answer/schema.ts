import { z } from 'zod';
import type { Severity } from '../../incident/alert.ts';
import { RISKS } from '../diagnosis.ts';
import type { JsonSchema } from '../providers/model.ts';
import { isExample } from './example.ts';

/** A model's diagnosis in its own words, of the right form and nothing more: every claim in it is still unchecked. */
export interface Answer {
  readonly summary: string;
  readonly causes: readonly AnsweredCause[];
  readonly steps: readonly AnsweredStep[];
  /** How bad the model thinks it is. */
  readonly severity: Severity | null;
  /** The evidence does not tell. */
  readonly inconclusive: boolean;
  /** Nothing is wrong. Never together with `inconclusive`. */
  readonly not_an_issue: boolean;
}

export interface AnsweredCause {
  readonly statement: string;
  /** 0 … 1. */
  readonly confidence: number;
  readonly evidence_ids: readonly string[];
}

export interface AnsweredStep {
  readonly text: string;
  readonly risk: (typeof RISKS)[number];
  readonly runbook: string | null;
}

export interface AnswerSchema {
  /** Decides what is an answer. Takes any runbook id: an invented one costs the step its runbook, not us the answer. */
  readonly zod: z.ZodType<Answer>;
  /** What the model is asked for: two levels, every key required, no limits that some endpoint would refuse. */
  readonly json: JsonSchema;
}

export const answerSchema = (runbookIds: readonly string[]): AnswerSchema => ({
  zod: ANSWER,
  json: jsonOf(runbookIds),
});

const SEVERITIES = ['critical', 'warning', 'info'] as const satisfies readonly Severity[];

/** A text of an answer, characters: no model needs more, and what is shown is cut far below. */
const MOST_TEXT = 4000;
const words = z.string().max(MOST_TEXT);
const said = words.refine((text) => text.trim() !== '', { error: 'must not be empty' });

/** `"0.7"` is plainly meant as 0.7; `70` or `"70%"` may be meant as anything, and is not guessed. */
const confidence = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^(?:0?\.\d{1,17}|[01](?:\.\d{1,17})?)$/)
        .transform(Number),
    ],
    {
      error: 'must be a number from 0 to 1',
    },
  )
  .pipe(z.number().min(0, { error: 'must be a number from 0 to 1' }).max(1, { error: 'must be a number from 0 to 1' }));

const ANSWER = z
  .object({
    summary: said,
    causes: z
      .array(z.object({ statement: said, confidence, evidence_ids: z.array(z.string().max(200)).max(60) }))
      .max(12),
    steps: z.array(z.object({ text: said, risk: z.enum(RISKS), runbook: z.string().max(500).nullable() })).max(20),
    severity: z.enum(SEVERITIES).nullable(),
    inconclusive: z.boolean(),
    not_an_issue: z.boolean(),
  })
  .superRefine((answer, context) => {
    const problem = contradictionOf(answer);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

function contradictionOf(answer: Answer): string | undefined {
  if (answer.inconclusive && answer.not_an_issue) return 'inconclusive and not_an_issue cannot both be true';
  if (!answer.inconclusive && !answer.not_an_issue && answer.causes.length === 0)
    return 'causes is empty: name a cause, or set inconclusive or not_an_issue';
  return isExample(answer.summary) ? 'this repeats the example; diagnose the incident instead' : undefined;
}

const object = (properties: JsonSchema): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const TEXT: JsonSchema = { type: 'string' };
const FLAG: JsonSchema = { type: 'boolean' };
const orNull = (values: readonly string[]): JsonSchema =>
  values.length === 0 ? { type: 'null' } : { type: ['string', 'null'], enum: [...values, null] };

const jsonOf = (runbookIds: readonly string[]): JsonSchema =>
  object({
    summary: TEXT,
    causes: list(object({ statement: TEXT, confidence: { type: 'number' }, evidence_ids: list(TEXT) })),
    steps: list(object({ text: TEXT, risk: { type: 'string', enum: [...RISKS] }, runbook: orNull(runbookIds) })),
    severity: orNull(SEVERITIES),
    inconclusive: FLAG,
    not_an_issue: FLAG,
  });
