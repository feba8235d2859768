import { z } from 'zod';
import type { EpochMs, Locale } from '../../../types.ts';
import type { Finding } from '../../evidence/source.ts';
import type { Facts } from '../../ports.ts';
import type { ToolSpec } from '../../providers/model.ts';

/** Something a model may have looked up. It only reads. */
export interface Tool {
  readonly spec: ToolSpec;
  /** Input is what a model made: untrusted. Rejects with `ZodError`, `SourceFailed` or what the world did. */
  run(input: unknown, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** For whom tools look something up. */
export interface ToolContext {
  readonly now: EpochMs;
  readonly locale: Locale;
  /** What the conversation is about: whatever a model leaves out is taken from there. */
  readonly facts?: Facts;
}

/** A tool from its schema: what a model says goes through it before anything is done with it. */
export const toolOf = <S extends z.ZodObject>(
  name: string,
  description: string,
  input: S,
  run: (input: z.infer<S>, signal: AbortSignal) => Promise<readonly Finding[]>,
): Tool => {
  const { $schema: _schema, ...parameters } = z.toJSONSchema(input, { io: 'input' });
  return {
    spec: { name, description, parameters },
    run: async (given, signal) => run(input.parse(given ?? {}), signal),
  };
};

/** Names of things: no quotes, brackets, spaces or anything else that a query is made of. */
export const thing = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:/-]*$/u);

export const words = z.string().trim().min(1).max(200);

/** Nothing older is looked for by a tool. */
export const minutesAgo = z
  .number()
  .int()
  .min(0)
  .max(24 * 60)
  .describe('Minutes before now; the time around that moment is looked at.');
