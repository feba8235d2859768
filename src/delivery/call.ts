import { PlatformUnavailable } from '../errors.ts';
import type { CallResult } from './outcome.ts';

/**
 * Makes one outgoing call under a deadline. A channel that ignores its signal still gives its slot back: the call then
 * counts as one whose outcome is unknown. Never rejects.
 */
export async function call<T>(work: (signal: AbortSignal) => Promise<T>, timeoutMs: number): Promise<CallResult<T>> {
  const controller = new AbortController();
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new PlatformUnavailable(`no answer within ${timeoutMs} ms`, true);
      reject(error);
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    const value = await Promise.race([work(controller.signal), deadline]);
    return { ok: true, value, latencyMs: performance.now() - startedAt };
  } catch (error) {
    return { ok: false, error, latencyMs: performance.now() - startedAt };
  } finally {
    clearTimeout(timer);
  }
}
