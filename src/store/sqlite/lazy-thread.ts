import { type Hooks, type Thread, startThread } from './client.ts';
import type { ThreadOptions } from './protocol.ts';

interface LazyHooks extends Hooks {
  /** Told when one that had ended is replaced. */
  readonly replaced?: () => void;
}

/** A thread that starts at its first use. One that has ended is replaced at the next: it holds nothing that matters. */
export function createLazyThread(options: ThreadOptions, hooks: LazyHooks = {}): Thread {
  let current: Promise<Thread | undefined> | undefined;
  const use = async (): Promise<Thread> => {
    const known = await current;
    if (known?.lives() === true) return known;
    if (known !== undefined) hooks.replaced?.();
    const starting = startThread(options, hooks);
    current = starting.catch(() => undefined);
    return starting;
  };
  return {
    send: async (request) => (await use()).send(request),
    lives: () => true,
    close: async () => (await current)?.close(),
  };
}
