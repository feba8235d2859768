import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { done } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({
  /** Which test card was pressed; found again in the audit by whoever sent it. */
  code: z.string().max(60).default(''),
});

/** A press on the test card of `zhiban doctor …`: shows that presses arrive, and changes nothing. */
export const pressTest: Operation<z.infer<typeof Input>> = {
  name: 'press_test',
  right: 'guest',
  input: Input,
  actions: ['press_test'],
  run: async (_input, { locale }) => done(operationTexts(locale).done.pressTest),
};
