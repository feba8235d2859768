import { type RawBuilder, sql } from 'kysely';
import type { Cutoffs } from '../../delivery/ports.ts';
import type { EpochMs } from '../../types.ts';

/**
 * When a placement is due. The first line is the partial index `placements_due` word for word; waiting out of
 * restraint is no column, so that an urgent change need not undo it.
 */
export const placementIsDue = (now: EpochMs, cutoffs: Cutoffs): RawBuilder<boolean> => sql<boolean>`
  p.parked_reason is null and p.shown_revision < p.wanted_revision
  and p.not_before <= ${now} and p.lease_until <= ${now}
  and (
    p.shown_at is null or p.first_shown_at is null or p.urgent_revision > p.shown_revision
    or p.shown_at <= ${cutoffs.oldShownBy}
    or (p.first_shown_at > ${cutoffs.youngSince} and p.shown_at <= ${cutoffs.youngShownBy})
  )`;

/** A placement that a target may be given: it takes incidents, and lives. */
export const targetTakesCards = sql<boolean>`t.enabled = 1 and t.pending = 0 and t.state <> 'dead'`;

/**
 * When a message is due. Answers and tests go even to a target that is dead, pending or disabled: somebody just spoke
 * there. One that follows a card waits for it, and goes without it when that card is parked or not wanted any more.
 */
export const messageIsDue = (now: EpochMs): RawBuilder<boolean> => sql<boolean>`
  o.state = 'due' and o.not_before <= ${now} and o.lease_until <= ${now}
  and (o.kind in ('answer', 'test') or (t.enabled = 1 and t.state <> 'dead'))
  and (o.after_subject is null or not exists (
    select 1 from placements f
    where f.subject_id = o.after_subject and f.target_id = o.target_id and f.ref is null and f.parked_reason is null
  ))`;
