import { ModelFailed, type ModelRequest } from '../../../src/diagnose/providers/model.ts';

export const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: 'You help.',
  messages: [{ role: 'user', text: 'Why is checkout slow?' }],
  maxOutputTokens: 1200,
  subject: 'incident-INC-20261122-001',
  signal: new AbortController().signal,
  ...more,
});

/** What asking failed with; throws when it did not, or with anything else. */
export async function failure(asking: Promise<unknown>): Promise<ModelFailed> {
  const error: unknown = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ModelFailed) return error;
  throw new Error('no ModelFailed was thrown', { cause: error });
}
