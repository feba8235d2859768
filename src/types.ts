/** Languages that every text a person reads exists in. */
export type Locale = 'zh-CN' | 'en-US';

/** Milliseconds since 1970, UTC. Inside, every time is one; ISO 8601 appears only at the rim. */
export type EpochMs = number;

export interface Clock {
  now(): EpochMs;
}

/** What the outside world hands in; tests swap these and nothing else. */
export interface Edges {
  readonly clock: Clock;
  readonly random: () => number;
  readonly fetch: typeof fetch;
  /** How long Lark waits for the answer to what it pushed, ms, less the way; its own 3 s unless given. */
  readonly larkWaitsMs?: number;
}

/** A string map whose keys came from strangers: made with a null prototype, so `__proto__` is a key like any other. */
export type Labels = Readonly<Record<string, string>>;

/** What one page of a list holds; `next` is the cursor of the following page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: number;
}
