import type { Hint } from '../store/database.ts';

/** Carries what transactions hint to whoever acts on it: lanes, loops, browsers. A listener that throws is a bug of its own. */
export function createHints() {
  const listeners: ((hint: Hint) => void)[] = [];
  return {
    listen: (listener: (hint: Hint) => void) => void listeners.push(listener),
    announce: (hints: readonly Hint[]) => {
      for (const hint of hints) for (const listener of listeners) listener(hint);
    },
  };
}
