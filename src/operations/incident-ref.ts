import { createDayOf, readIncidentId } from '../incident/id.ts';
import type { IncidentId } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';

/**
 * The incident that people mean by `INC-20261122-003`, or by `3`, `003`, `#3`, `＃３` for one of today in `timezone`.
 * Undefined for anything else.
 */
export const readIncidentRef = (text: string, now: EpochMs, timezone: string): IncidentId | undefined =>
  readIncidentId(text.normalize('NFKC'), createDayOf(timezone)(now));
