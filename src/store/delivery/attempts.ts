import type { Attempt } from '../../delivery/work.ts';
import type { Trx } from '../database.ts';
import { rowId } from '../ids.ts';
import { insertMany } from '../set-wise.ts';

const MAX_ERROR = 500;

/** Records outgoing calls, for `/why`. */
export async function addAttempts(trx: Trx, attempts: readonly Attempt[]): Promise<void> {
  await insertMany(
    trx,
    'attempts',
    attempts.map((attempt) => ({
      id: rowId(attempt.at),
      target_id: attempt.targetId,
      subject_id: attempt.subjectId,
      revision: attempt.revision ?? null,
      verb: attempt.verb,
      at: attempt.at,
      latency_ms: Math.round(attempt.latencyMs),
      outcome: attempt.outcome,
      error: attempt.error?.slice(0, MAX_ERROR) ?? null,
      ref: attempt.ref ?? null,
    })),
  );
}
