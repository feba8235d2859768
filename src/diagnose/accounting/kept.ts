import type { Clock, EpochMs } from '../../types.ts';

/** Rows that people change seldom and every call asks for; what was changed counts within `KEPT_MS`. */
export const KEPT_MS = 5000;

/** Loads at most once in `KEPT_MS`, and again after a failure; callers that come meanwhile wait for the same. */
export function createKept<T>(load: () => Promise<T>, clock: Clock): () => Promise<T> {
  let kept: { readonly at: EpochMs; readonly value: Promise<T> } | undefined;
  return async () => {
    const now = clock.now();
    if (kept === undefined || now - kept.at >= KEPT_MS || now < kept.at) kept = { at: now, value: load() };
    const mine = kept;
    try {
      return await mine.value;
    } catch (err) {
      if (kept === mine) kept = undefined;
      throw err;
    }
  };
}
