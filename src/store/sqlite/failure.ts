import type { Reply } from './protocol.ts';

export type Failure = Extract<Reply, { readonly ok: false }>;

export const isFailure = (result: object): result is Failure => 'ok' in result;

export function attemptNow<T>(work: () => T): { readonly value: T } | Failure {
  try {
    return { value: work() };
  } catch (err) {
    return failureOf(err);
  }
}

export async function attempt<T>(work: () => T | Promise<T>): Promise<{ readonly value: T } | Failure> {
  try {
    return { value: await work() };
  } catch (err) {
    return failureOf(err);
  }
}

export function failureOf(err: unknown): Failure {
  const code = err instanceof Error && 'code' in err ? String(err.code) : '';
  return { ok: false, code, message: err instanceof Error ? err.message : String(err) };
}
