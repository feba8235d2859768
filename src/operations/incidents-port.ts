import type { IncidentView } from '../cards/view.ts';
import type { Severity } from '../incident/alert.ts';
import type { Incident, IncidentId, Status } from '../incident/incident.ts';
import type { EpochMs, Labels, Page } from '../types.ts';

export interface Incidents {
  get(id: IncidentId): Promise<Incident | undefined>;
  /** Latest opened first. Throws `InvalidCursor` for a cursor it did not make. */
  list(filter: IncidentFilter): Promise<Page<Incident>>;
  /** What the card of an incident is built from; with a channel, also whom it can be given to there. */
  view(id: IncidentId, channel?: string): Promise<IncidentView | undefined>;
  /** Which incident the card or message `ref` in this target's chat is about. */
  ofMessage(targetId: string, ref: string): Promise<IncidentId | undefined>;
  /** The same, of living cards only: answers and announcements about an incident are not its card. */
  ofCard(targetId: string, ref: string): Promise<IncidentId | undefined>;
}

export interface IncidentFilter {
  readonly status?: readonly Status[];
  readonly severity?: readonly Severity[];
  /** Words looked for in id, title, summary and labels. */
  readonly q?: string;
  readonly labels?: Labels;
  /** Opened at or after, before; epoch ms. */
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  /** Only what is shown at this target. */
  readonly targetId?: string;
  readonly assigneeIds?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}
