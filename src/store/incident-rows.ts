import type { Incident } from '../incident/incident.ts';
import type { FiringCounts } from '../incident/severity.ts';
import type { IncidentState } from '../incident/working-set.ts';
import { incidentOf } from './delivery/rows.ts';
import type { Row } from './schema.ts';

export type IncidentRow = Row<'incidents'>;

export const stateOf = (row: IncidentRow): IncidentState => ({ incident: incidentOf(row), firing: firingOf(row) });

const firingOf = (row: IncidentRow): FiringCounts => ({
  critical: row.firing_critical,
  warning: row.firing_warning,
  info: row.firing_info,
});

/** The whole row; `incidentOf` and `firingOf` read it back. */
export function incidentRow(incident: Incident, firing: FiringCounts): IncidentRow {
  return {
    id: incident.id,
    seq: incident.seq,
    key: incident.key,
    source: incident.source,
    integration: incident.integration,
    opened_at: incident.openedAt,
    title: incident.title,
    summary: incident.summary,
    ...changingColumns(incident, firing),
  };
}

/** What can change after the opening; the set is the same for every incident, so that one statement fits all. */
export function changingColumns(incident: Incident, firing: FiringCounts) {
  return {
    status: incident.status,
    severity: incident.severity,
    labels: JSON.stringify(incident.labels),
    links: JSON.stringify(incident.links),
    revision: incident.revision,
    ring: incident.ring,
    ring_reason: incident.ringReason,
    alerts_count: incident.alertsCount,
    firing_count: incident.firingCount,
    firing_critical: firing.critical,
    firing_warning: firing.warning,
    firing_info: firing.info,
    last_seen_at: incident.lastSeenAt,
    acknowledged_at: incident.acknowledgedAt ?? null,
    acknowledged_by: incident.acknowledgedBy ?? null,
    resolved_at: incident.resolvedAt ?? null,
    resolved_by: incident.resolvedBy ?? null,
    resolved_reason: incident.resolvedReason ?? null,
    stale_since: incident.staleSince ?? null,
    assignee: incident.assignee ?? null,
    assignee_id: incident.assigneeId ?? null,
    cause: incident.cause ?? null,
    silenced_until: incident.silencedUntil ?? null,
  };
}
