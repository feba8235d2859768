import { z } from 'zod';
import type { Log } from '../telemetry/log.ts';
import { type Model, ModelFailed } from './providers/model.ts';

const Payload = z.object({
  provider: z.string(),
  messageId: z.string(),
  subject: z.string(),
  liked: z.boolean(),
  words: z.string().optional(),
});

export interface FeedbackDeps {
  readonly models: () => readonly Model[];
  readonly redact: (text: string) => string;
  readonly log: Log;
}

/** After this many tries a provider need not know. */
const MOST = 8;

/**
 * Tells a provider what people thought of its answer. Called by the loop of due rows of kind `feedback`; rejects when it
 * is worth trying again. A provider that is gone, or that takes no verdicts, is told nothing.
 */
export const createFeedback =
  ({ models, redact, log }: FeedbackDeps) =>
  async (payload: string | undefined, attempts: number, signal: AbortSignal): Promise<void> => {
    const { provider, words, ...verdict } = Payload.parse(JSON.parse(payload ?? 'null'));
    const model = models().find(({ name }) => name === provider);
    try {
      await model?.feedback?.({ ...verdict, ...(words === undefined ? {} : { words: redact(words) }) }, signal);
    } catch (err) {
      const lasting = err instanceof ModelFailed && err.retry === 'never' && err.fault !== 'cancelled';
      if (!lasting && attempts < MOST) throw err;
      log.warn({ action: 'feedback_failed', provider, err }, 'a verdict could not be told to its provider');
    }
  };
