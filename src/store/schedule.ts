import type { Effect } from '../incident/actions/decision.ts';
import type { EpochMs } from '../types.ts';
import type { Trx } from './database.ts';
import { upsertMany } from './set-wise.ts';

export interface DueWish {
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: EpochMs;
  readonly payload?: string;
}

/** Sets when work is due, one row per kind and subject; a later wish replaces the time and payload of an earlier one. */
export async function scheduleMany(trx: Trx, wishes: readonly DueWish[]): Promise<void> {
  const last = new Map(wishes.map((wish) => [`${wish.kind} ${wish.subject}`, wish]));
  const rows = [...last.values()].map(({ kind, subject, dueAt, payload = null }) => ({
    kind,
    subject_id: subject,
    due_at: dueAt,
    payload,
    lease_token: null,
    lease_until: 0,
    attempts: 0,
    last_error: null,
  }));
  // Not the lease: whoever works on the row now finds a later time when done, and leaves it in place.
  await upsertMany(trx, 'due', ['kind', 'subject_id'], ['due_at', 'attempts', 'payload'], rows);
  for (const [kind, due] of Map.groupBy(rows, (row) => row.kind)) {
    trx.hint({ kind: 'due', id: kind, at: Math.min(...due.map((row) => row.due_at)) });
  }
}

/** What a decision asks to be scheduled about its incident. */
export const wishOf = ({ due, at, payload }: Extract<Effect, { kind: 'schedule' }>, subject: string): DueWish => ({
  kind: due,
  subject,
  dueAt: at,
  ...(payload === undefined ? {} : { payload }),
});
