import type { Alert } from '../../incident/alert.ts';
import type { AlertDraft, WorkingSet } from '../../incident/working-set.ts';
import type { Trx } from '../database.ts';
import type { NewRow } from '../schema.ts';
import { insertMany, updateMany } from '../set-wise.ts';

/** Changes first: an identity's old episode stops being current before its new one is inserted. */
export async function saveAlerts(trx: Trx, set: WorkingSet): Promise<void> {
  const drafts = [...set.superseded, ...set.alerts.values()];
  await saveChanges(
    trx,
    drafts.filter(({ writing }) => writing === 'change'),
  );
  await saveRepeats(
    trx,
    drafts.filter(({ writing }) => writing === 'repeat'),
  );
  await insertMany(trx, 'alerts', drafts.flatMap(insertRow));
}

/** The cheap and frequent case: no indexed column is touched. */
async function saveRepeats(trx: Trx, drafts: readonly AlertDraft[]): Promise<void> {
  const rows = drafts.map(({ row }) => ({
    id: row.id,
    last_seen_at: row.lastSeenAt,
    repeats: row.repeats,
    longest_gap_ms: row.longestGapMs,
    digest: row.digest,
  }));
  await updateMany(trx, 'alerts', ['id'], ['last_seen_at', 'repeats', 'longest_gap_ms', 'digest'], rows);
}

async function saveChanges(trx: Trx, drafts: readonly AlertDraft[]): Promise<void> {
  const rows = drafts.map((draft) => ({
    id: draft.row.id,
    current: draft.current ? 1 : 0,
    incident_id: incidentIdOf(draft),
    status: draft.row.status,
    severity: draft.row.severity,
    title: draft.row.title,
    summary: draft.row.summary,
    last_seen_at: draft.row.lastSeenAt,
    repeats: draft.row.repeats,
    longest_gap_ms: draft.row.longestGapMs,
    digest: draft.row.digest,
  }));
  await updateMany(trx, 'alerts', ['id'], CHANGING, rows);
  await saveEnds(trx, drafts);
  await saveContents(trx, drafts);
}

const CHANGING = [
  'current',
  'incident_id',
  'status',
  'severity',
  'title',
  'summary',
  'last_seen_at',
  'repeats',
  'longest_gap_ms',
  'digest',
] as const;

/** Only rows that ended in this batch: an earlier end must not be overwritten. */
async function saveEnds(trx: Trx, drafts: readonly AlertDraft[]): Promise<void> {
  const rows = drafts.flatMap(({ row }) =>
    row.resolvedAt === undefined ? [] : [{ id: row.id, resolved_at: row.resolvedAt, ends_at: row.endsAt ?? null }],
  );
  await updateMany(trx, 'alerts', ['id'], ['resolved_at', 'ends_at'], rows);
}

async function saveContents(trx: Trx, drafts: readonly AlertDraft[]): Promise<void> {
  const rows = drafts.flatMap(({ row, content }) =>
    content === undefined
      ? []
      : [{ id: row.id, severity_raw: content.severityRaw ?? null, annotations: JSON.stringify(content.annotations) }],
  );
  await updateMany(trx, 'alerts', ['id'], ['severity_raw', 'annotations'], rows);
}

function insertRow(draft: AlertDraft): NewRow<'alerts'>[] {
  if (draft.writing !== 'insert' || draft.content === undefined) return [];
  return [{ ...contentColumns(draft.content), ...stateColumns(draft) }];
}

function contentColumns(alert: Alert) {
  return {
    integration: alert.integration,
    source: alert.source,
    fingerprint: alert.fingerprint,
    severity_raw: alert.severityRaw ?? null,
    labels: JSON.stringify(alert.labels),
    annotations: JSON.stringify(alert.annotations),
    group_labels: alert.groupLabels === undefined ? null : JSON.stringify(alert.groupLabels),
    links: JSON.stringify(alert.links),
  };
}

function stateColumns(draft: AlertDraft) {
  const { row, receivedAt, current, incident } = draft;
  return {
    id: row.id,
    identity: row.identity,
    current: current ? 1 : 0,
    incident_id: incidentIdOf(draft),
    status: row.status,
    title: row.title,
    summary: row.summary,
    severity: row.severity,
    starts_at: row.startsAt ?? null,
    ends_at: row.endsAt ?? null,
    received_at: receivedAt,
    last_seen_at: row.lastSeenAt,
    resolved_at: row.resolvedAt ?? null,
    repeats: row.repeats,
    longest_gap_ms: row.longestGapMs,
    digest: row.digest,
    joined_revision: incident?.incident.revision ?? 0,
  };
}

/** A known row keeps the id it has when its incident's row is gone. */
const incidentIdOf = ({ row, incident }: AlertDraft): string | null => incident?.incident.id ?? row.incidentId ?? null;
