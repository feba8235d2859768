import { SYSTEM } from '../../incident/incident.ts';
import type { IncidentDraft } from '../../incident/working-set.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { changingColumns, incidentRow } from '../incident-rows.ts';
import { insertMany, updateMany } from '../set-wise.ts';
import { type NewEntry, addEntries } from '../timeline.ts';

/**
 * Those that ended first, because the same key's next incident may be opened or reopened in this very batch; of those
 * merely seen again only the time.
 */
export async function saveIncidents(trx: Trx, drafts: readonly IncidentDraft[]): Promise<void> {
  const opened = drafts.filter(({ before }) => before === undefined);
  const changed = drafts.filter(({ before, changed: differs }) => before !== undefined && differs);
  const seen = drafts.filter((draft) => draft.before !== undefined && !draft.changed && draft.seen);
  await update(
    trx,
    changed.filter(({ incident }) => incident.status === 'resolved'),
  );
  await insertMany(
    trx,
    'incidents',
    opened.map(({ incident, firing }) => incidentRow(incident, firing)),
  );
  await update(
    trx,
    changed.filter(({ incident }) => incident.status !== 'resolved'),
  );
  const times = seen.map(({ incident }) => ({ id: incident.id, last_seen_at: incident.lastSeenAt }));
  await updateMany(trx, 'incidents', ['id'], ['last_seen_at'], times);
}

async function update(trx: Trx, changed: readonly IncidentDraft[]): Promise<void> {
  const rows = changed.map(({ incident, firing }) => ({ id: incident.id, ...changingColumns(incident, firing) }));
  await updateMany(trx, 'incidents', ['id'], CHANGING, rows);
}

/** What `changingColumns` gives. */
export const CHANGING = [
  'status',
  'severity',
  'labels',
  'links',
  'revision',
  'ring',
  'ring_reason',
  'alerts_count',
  'firing_count',
  'firing_critical',
  'firing_warning',
  'firing_info',
  'last_seen_at',
  'acknowledged_at',
  'acknowledged_by',
  'resolved_at',
  'resolved_by',
  'resolved_reason',
  'stale_since',
  'assignee',
  'assignee_id',
  'cause',
  'silenced_until',
] as const satisfies readonly (keyof ReturnType<typeof changingColumns>)[];

/** One line per request and incident, with the revision it became part of. */
export async function saveTimeline(trx: Trx, drafts: readonly IncidentDraft[], now: EpochMs): Promise<void> {
  const entries = drafts.flatMap(({ incident, timeline }): NewEntry[] =>
    timeline.map(({ at, kind, data, traceId }) => ({
      incidentId: incident.id,
      traceId,
      entry: { at, kind, actor: SYSTEM, data: { ...data, revision: incident.revision } },
    })),
  );
  await addEntries(trx, entries, now);
}
