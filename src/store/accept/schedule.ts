import { firstPage } from '../../incident/paging.ts';
import type { Policy } from '../../incident/ports.ts';
import type { Settled } from '../../incident/settle.ts';
import { staleLimitMs } from '../../incident/stale.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { type DueWish, scheduleMany, wishOf } from '../schedule.ts';

/** The rest of a group usually follows within this; a diagnosis of half an incident would be made twice. */
const DEBOUNCE_MS = 300;

/** The due-rows that follow from what happened to incidents; repeats and mere changes schedule nothing. */
export async function scheduleSettled(
  trx: Trx,
  changed: readonly Settled[],
  policy: Policy,
  now: EpochMs,
): Promise<void> {
  await scheduleMany(
    trx,
    changed.flatMap((settled) => wishes(settled, policy, now)),
  );
}

function wishes({ draft, diagnose, remind, watch, closed }: Settled, policy: Policy, now: EpochMs): DueWish[] {
  const subject = draft.incident.id;
  const staleMs = watch ? staleLimitMs(draft.incident.source, 0, policy) : undefined;
  return [
    ...(diagnose ? [{ kind: 'diagnose', subject, dueAt: now + DEBOUNCE_MS }] : []),
    ...(closed ? [{ kind: 'index', subject, dueAt: now }] : []),
    ...(remind ? [{ kind: 'remind', subject, dueAt: now + policy.remindAfterMs }] : []),
    ...(remind ? firstPage(policy, now).map((effect) => wishOf(effect, subject)) : []),
    ...(staleMs === undefined ? [] : [{ kind: 'stale', subject, dueAt: now + staleMs }]),
  ];
}
