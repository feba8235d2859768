import type { EpochMs } from '../types.ts';
import type { Incident, RingReason } from './incident.ts';
import { isWorse } from './severity.ts';
import { type ActiveSilence, isSilenced } from './silences.ts';
import type { IncidentDraft } from './working-set.ts';

/** What a transaction made of one incident, beyond its row. */
export interface Settled {
  readonly draft: IncidentDraft;
  readonly incident: Incident;
  /** The change goes out at once instead of waiting for its turn. */
  readonly urgent: boolean;
  /** It may appear at targets where it is not yet shown. */
  readonly placeable: boolean;
  /** Something a diagnosis should look at again. */
  readonly diagnose: boolean;
  readonly remind: boolean;
  /** It may go stale from now on. */
  readonly watch: boolean;
  /** It ended, so that later incidents can learn from it. */
  readonly closed: boolean;
}

/**
 * Ends a transaction for one incident: its revision rises by one however much happened, its ring by one when people
 * should be told, by nothing while it is silenced. `undefined`: nothing a card shows is different.
 */
export function settle(draft: IncidentDraft, silences: readonly ActiveSilence[], now: EpochMs): Settled | undefined {
  if (!draft.changed) return undefined;
  const { before, incident } = draft;
  const silenced = isSilenced(incident, silences, now);
  const reason = reasonOf(draft);
  const opened = before === undefined;
  const next = raised(incident, silenced && !opened ? undefined : reason);
  draft.incident = next;
  const unresolved = next.status !== 'resolved';
  const news = opened || draft.reopened || reason === 'severity_up';
  return {
    draft,
    incident: next,
    urgent:
      reason !== undefined || before?.severity !== next.severity || before.status !== next.status || isRevived(draft),
    placeable: !silenced && (unresolved || opened),
    diagnose: news && !silenced && unresolved,
    remind: news && unresolved && next.severity === 'critical' && next.status === 'open',
    watch: (opened || draft.reopened || isRevived(draft) || before.firingCount === 0) && unresolved,
    closed: !unresolved && before?.status !== 'resolved',
  };
}

/** One revision on, and one ring on when there is a reason. */
export function raised(incident: Incident, reason: RingReason | undefined): Incident {
  const revision = incident.revision + 1;
  if (reason === undefined) return { ...incident, revision };
  return { ...incident, revision, ring: incident.ring + 1, ringReason: reason };
}

const isRevived = ({ before, incident }: IncidentDraft): boolean =>
  before?.staleSince !== undefined && incident.staleSince === undefined;

/** The most important thing worth telling people about. */
function reasonOf({ before, incident, reopened, uncovered }: IncidentDraft): RingReason | undefined {
  if (before === undefined) return 'opened';
  if (incident.status === 'resolved') return before.status === 'resolved' ? undefined : 'resolved';
  if (reopened) return 'reopened';
  if (isWorse(incident.severity, before.severity)) return 'severity_up';
  return uncovered && incident.status === 'acknowledged' ? 'new_alert' : undefined;
}
