import type { Clock, EpochMs } from '../../types.ts';

/** Rows that people change seldom and every call asks for; what another process changed counts within this time. */
const KEPT_MS = 5000;

export interface Kept<T> {
  get(): Promise<T>;
  /** They were changed: loads them at the next call. */
  forget(): void;
}

/** Loads at most once in `KEPT_MS`, and again after a failure; callers that come meanwhile wait for the same. */
export function createKept<T>(load: () => Promise<T>, clock: Clock): Kept<T> {
  let kept: { readonly at: EpochMs; readonly value: Promise<T> } | undefined;
  return {
    get: async () => {
      const now = clock.now();
      if (kept === undefined || now - kept.at >= KEPT_MS || now < kept.at) kept = { at: now, value: load() };
      const mine = kept;
      try {
        return await mine.value;
      } catch (err) {
        if (kept === mine) kept = undefined;
        throw err;
      }
    },
    forget: () => {
      kept = undefined;
    },
  };
}
