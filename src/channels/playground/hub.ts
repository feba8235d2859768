/** What a browser is told: only that something is newer. It fetches, so a lost event costs a moment, never a message. */
export type PlaygroundEvent =
  /** `message` is the first message of the thread that changed. */
  | { readonly message: string; readonly room: string; readonly revision: number }
  | { readonly incident: string; readonly revision: number };

export interface Hub {
  publish(event: PlaygroundEvent): void;
  /** Calls `listener` for every event until the returned function is called. */
  subscribe(listener: (event: PlaygroundEvent) => void): () => void;
}

/** Carries events from those who write to the browsers that this process serves. */
export function createHub(): Hub {
  const listeners = new Set<(event: PlaygroundEvent) => void>();
  return {
    publish: (event) => {
      for (const listener of listeners) listener(event);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
