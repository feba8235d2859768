import type { EpochMs } from '../types.ts';

/** What lies before a lane: enough to rank it, nothing claimed yet. */
export interface Waiting {
  readonly targetId: string;
  readonly kind: 'placement' | 'message';
  /** A subject's id or an outbox row's. */
  readonly id: string;
  readonly rank: number;
  readonly severity: number;
  readonly since: EpochMs;
}

export interface Lease {
  readonly token: string;
  readonly until: EpochMs;
}

/** What became of a change: the token was another's, or the row is as wanted, or it is due again already. */
export type Changed = 'lost' | 'settled' | 'due';

/** One outgoing call, for `/why`. */
export interface Attempt {
  readonly targetId: string;
  readonly subjectId: string;
  readonly revision?: number;
  readonly verb: 'post' | 'edit' | 'send' | 'page';
  readonly at: EpochMs;
  readonly latencyMs: number;
  /** `ok` or the error's code. */
  readonly outcome: string;
  readonly error?: string;
  readonly ref?: string;
}
