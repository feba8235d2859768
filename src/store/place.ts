import { sql } from 'kysely';
import type { Incident } from '../incident/incident.ts';
import { severityRank } from '../incident/severity.ts';
import type { EpochMs } from '../types.ts';
import type { Trx } from './database.ts';
import type { Routes } from './routes.ts';
import { jsonRows } from './set-wise.ts';

/** An incident whose revision has risen. */
export interface Changed {
  readonly incident: Incident;
  /** Not to be held back by restraint. */
  readonly urgent: boolean;
  /** It may appear where it is not yet shown. */
  readonly placeable: boolean;
  /** Asked for by the sender. */
  readonly targetIds: ReadonlySet<string>;
}

/**
 * Makes every place that shows the incidents want their new revision, and gives them the places that the routes name.
 * Writes neither a lease nor `not_before`, so it erases no claim and no Retry-After.
 */
export async function placeChanged(trx: Trx, changed: readonly Changed[], routes: Routes, now: EpochMs): Promise<void> {
  if (changed.length === 0) return;
  const touched = await raiseWanted(trx, changed, now);
  const placeable = changed.filter((one) => one.placeable);
  const added = placeable.length === 0 ? [] : await addPlaces(trx, placeable, routes, now);
  for (const id of new Set([...touched, ...added])) trx.hint({ kind: 'target', id });
}

async function raiseWanted(trx: Trx, changed: readonly Changed[], now: EpochMs): Promise<readonly string[]> {
  const stored = changed.filter(({ incident }) => incident.revision > 1);
  if (stored.length === 0) return [];
  const rows = stored.map(({ incident, urgent }) => ({ ...columns(incident), urgent: urgent ? 1 : 0 }));
  const found = await sql<{ target_id: string }>`
    update placements set
      wanted_revision = r.revision,
      priority = r.priority,
      dirty_since = coalesce(placements.dirty_since, ${now}),
      urgent_revision = case when r.urgent = 1 then r.revision else placements.urgent_revision end
    from ${jsonRows(trx, rows, { ...COLUMNS, urgent: 'bigint' })} as r
    where placements.subject_id = r.id and placements.wanted_revision < r.revision
    returning target_id`.execute(trx.db);
  return found.rows.map(({ target_id }) => target_id);
}

async function addPlaces(
  trx: Trx,
  placeable: readonly Changed[],
  routes: Routes,
  now: EpochMs,
): Promise<readonly string[]> {
  const bound = await routes.load(trx);
  const wishes = placeable.flatMap(({ incident, targetIds }) =>
    [...new Set([...bound(incident), ...targetIds])].map((target) => ({ ...columns(incident), target })),
  );
  const fallback = routes.fallback();
  const rest = placeable.flatMap(({ incident }) => fallback.map((target) => ({ ...columns(incident), target })));
  const added = await insertPlaces(trx, wishes, now, false);
  return [...added, ...(await insertPlaces(trx, rest, now, true))];
}

type Wish = ReturnType<typeof columns> & { readonly target: string };

/** Targets that are disabled or wait for approval get nothing; `homeless`: only incidents that are shown nowhere yet. */
async function insertPlaces(
  trx: Trx,
  wishes: readonly Wish[],
  now: EpochMs,
  homeless: boolean,
): Promise<readonly string[]> {
  if (wishes.length === 0) return [];
  const only = homeless ? sql`and not exists (select 1 from placements p where p.subject_id = r.id)` : sql``;
  const { rows } = await sql<{ target_id: string }>`
    insert into placements (subject_id, target_id, kind, priority, created_at, wanted_revision, shown_revision,
      urgent_revision, dirty_since, not_before, lease_until, attempts, rung, generation)
    select r.id, r.target, 'incident', r.priority, ${now}, r.revision, 0, r.revision, ${now}, 0, 0, 0, 0, 0
    from ${jsonRows(trx, wishes, { ...COLUMNS, target: 'text' })} as r join targets t on t.id = r.target
    where t.enabled = 1 and t.pending = 0 ${only}
    on conflict do nothing
    returning target_id`.execute(trx.db);
  return rows.map(({ target_id }) => target_id);
}

const COLUMNS = { id: 'text', revision: 'bigint', priority: 'bigint' } as const;

const columns = ({ id, revision, severity }: Incident) => ({ id, revision, priority: severityRank(severity) });
