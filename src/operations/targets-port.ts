import type { EpochMs, Locale } from '../types.ts';

export interface Targets {
  list(): Promise<readonly Target[]>;
  get(id: string): Promise<Target | undefined>;
  byAddress(channel: string, address: string): Promise<Target | undefined>;
  /** By id, name or full address. */
  find(words: string): Promise<Target | undefined>;
  /** The row of this address, made when there is none; `pending` counts only then. */
  ensure(channel: string, address: string, made: { pending: boolean } & TargetChanges): Promise<Target>;
  update(id: string, changes: TargetChanges): Promise<Target | undefined>;
  /** Removes it and its bindings; false when there is none. */
  remove(id: string): Promise<boolean>;
  rememberTest(id: string, result: TestResult): Promise<void>;
}

export interface TestResult {
  readonly at: EpochMs;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: string;
}

export interface Target {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  /** The part the channel understands: a room, a chat id, a URL. */
  readonly address: string;
  readonly locale?: Locale;
  readonly timezone?: string;
  readonly proxy?: { readonly url: string; readonly fallback: boolean };
  readonly pacing?: Readonly<Record<string, number>>;
  readonly hasSecret: boolean;
  /** Whether another way is bound for when the channel's own is closed. */
  readonly hasFallback: boolean;
  readonly enabled: boolean;
  /** Known, but nobody allowed it yet: it gets answers, no incidents. */
  readonly pending: boolean;
  readonly state: string;
  readonly stateSince: EpochMs;
  readonly lastError?: string;
  readonly lastTest?: TestResult;
  readonly createdAt: EpochMs;
}

export interface TargetChanges {
  readonly name?: string;
  readonly locale?: Locale | null;
  readonly timezone?: string | null;
  readonly proxy?: Target['proxy'] | null;
  readonly pacing?: Target['pacing'] | null;
  /** Stored sealed, never read back; null removes it. */
  readonly secret?: string | null;
  /** Of a Lark target: the group's custom bot, used while the app may not call. Sealed and removed like `secret`. */
  readonly fallback?: { readonly url: string; readonly secret?: string } | null;
  readonly enabled?: boolean;
  readonly pending?: boolean;
}
