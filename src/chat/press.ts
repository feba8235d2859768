import { z } from 'zod';
import type { InboundPress, PressAnswer } from '../channels/channel.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { refuse } from '../operations/answers.ts';
import type { Context, Operation, Outcome } from '../operations/operation.ts';

/** A button's value as the contract publishes it; whatever else is in it is ignored. */
const Value = z.object({
  action: z.string().min(1).max(60),
  incident_id: z.string().min(1).max(40).optional(),
  rev: z.coerce.number().int().nonnegative().optional(),
  diagnosis_id: z.string().min(1).max(100).optional(),
  args: z.record(z.string(), z.string()).optional(),
});

export type Pressed =
  | { readonly operation: Operation<unknown>; readonly input: unknown }
  | { readonly refusal: Outcome };

/** Reads an untrusted press into an operation and its input; typed values come after the button's own. */
export function readPress(
  { value, form }: InboundPress,
  operations: readonly Operation<unknown>[],
  { locale }: Context,
): Pressed {
  const t = operationTexts(locale).refused;
  const read = Value.safeParse(value);
  if (!read.success) return { refusal: refuse('invalid', t.unknownAction('?')) };
  const { action, incident_id: incident, rev, diagnosis_id: diagnosisId, args } = read.data;
  const operation = operations.find(({ actions }) => actions?.includes(action) === true);
  if (operation === undefined) return { refusal: refuse('invalid', t.unknownAction(action)) };
  const filled = Object.entries(form).filter(([, text]) => text !== '');
  const fixed = { incident, rev, diagnosisId };
  const known = Object.entries(fixed).filter(([, field]) => field !== undefined);
  return { operation, input: { ...args, ...Object.fromEntries(filled), ...Object.fromEntries(known) } };
}

/** Nothing to do is no error to the person who pressed twice. */
export function toastOf(outcome: Outcome): PressAnswer['toast'] {
  const tone = outcome.ok ? 'ok' : outcome.code === 'already' || outcome.code === 'changed' ? 'info' : 'error';
  return { tone, text: outcome.answer.brief };
}
