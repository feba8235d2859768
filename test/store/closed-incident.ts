import type { Row } from '../../src/store/schema.ts';
import { incidentRow } from './rows.ts';

/** The row of an incident long closed, as the index finds it. */
export const closedIncident = (
  id: string,
  title: string,
  { cause, status }: { cause?: string; status?: string } = {},
): Row<'incidents'> =>
  incidentRow(id, {
    status: status ?? 'resolved',
    severity: 'critical',
    title,
    source: 'alertmanager',
    firing_count: 0,
    firing_warning: 0,
    opened_at: 1,
    last_seen_at: 1,
    resolved_at: 2,
    cause: cause ?? null,
  });
