import type { EpochMs } from '../types.ts';
import type { Alert, Severity } from './alert.ts';
import { NO_ID } from './id.ts';
import type { Incident } from './incident.ts';
import { mergedLinks, sharedLabels } from './labels.ts';
import { NOTHING_FIRES, firingTotal, isWorse, worstFiring } from './severity.ts';
import { moved } from './transitions.ts';
import { type Delta, type Identified, type IncidentDraft, type WorkingSet, draftOf } from './working-set.ts';

/** `lastSeenAt` of an incident is kept this exact; closer repeats do not write its row. */
const SEEN_STEP_MS = 10_000;

/** Starts an incident whose alerts still have to join. */
export function openIncident(set: WorkingSet, { alert, key }: Identified, now: EpochMs): IncidentDraft {
  const incident: Incident = {
    id: NO_ID,
    seq: 0,
    key,
    status: 'open',
    severity: alert.severity,
    title: alert.title,
    summary: alert.summary,
    source: alert.source,
    integration: alert.integration,
    labels: alert.labels,
    links: [],
    revision: 0,
    ring: 0,
    ringReason: 'opened',
    alertsCount: 0,
    firingCount: 0,
    openedAt: now,
    lastSeenAt: now,
  };
  const draft = draftOf({ incident, firing: NOTHING_FIRES }, false);
  touch(draft).opened = true;
  set.incidents.push(draft);
  set.unresolvedByKey.set(key, draft);
  return draft;
}

/** Counts a firing alert in. `member`: it was in this incident before, and an acknowledgement already covers it. */
export function join(draft: IncidentDraft, alert: Alert, member: boolean): void {
  const delta = touch(draft);
  const { incident } = draft;
  draft.changed = true;
  draft.firing = { ...draft.firing, [alert.severity]: draft.firing[alert.severity] + 1 };
  draft.incident = {
    ...incident,
    alertsCount: incident.alertsCount + (member ? 0 : 1),
    labels: sharedLabels(incident.labels, alert.labels),
    links: mergedLinks(incident.links, alert.links),
  };
  if (member) delta.returned += 1;
  else delta.joined += 1;
  if (!member && incident.status === 'acknowledged') draft.uncovered = true;
}

/** Counts a firing alert out: it resolved, or belongs elsewhere now. */
export function detach(draft: IncidentDraft, severity: Severity): void {
  touch(draft);
  draft.changed = true;
  draft.firing = { ...draft.firing, [severity]: Math.max(0, draft.firing[severity] - 1) };
}

export function reopen(set: WorkingSet, draft: IncidentDraft, now: EpochMs, why: 'returned' | 'still_firing'): void {
  const status = moved(draft.incident.status, 'refire');
  if (status === undefined) return;
  touch(draft).reopened = why;
  draft.changed = true;
  draft.reopened = true;
  draft.incident = { ...reopened(draft.incident), status, lastSeenAt: now };
  set.unresolvedByKey.set(draft.incident.key, draft);
}

/** Without what an end or an acknowledgement had put on it. */
export function reopened(incident: Incident): Incident {
  const {
    acknowledgedAt: _1,
    acknowledgedBy: _2,
    resolvedAt: _3,
    resolvedBy: _4,
    resolvedReason: _5,
    ...kept
  } = incident;
  const { staleSince: _6, cause: _7, ...rest } = kept;
  return { ...rest, status: 'open' };
}

/** A repeat: proof of life, and the end of being stale. */
export function seen(draft: IncidentDraft, at: EpochMs): void {
  const { lastSeenAt, staleSince } = draft.incident;
  if (at - lastSeenAt >= SEEN_STEP_MS) {
    draft.seen = true;
    draft.incident = { ...draft.incident, lastSeenAt: at };
  }
  if (staleSince !== undefined) unstale(draft);
}

function unstale(draft: IncidentDraft): void {
  touch(draft);
  const { staleSince: _, ...rest } = draft.incident;
  draft.changed = true;
  draft.incident = rest;
}

/** Ends what one request did to an incident: counts, severity, and whether its last firing alert is gone. */
export function concludeRequest(set: WorkingSet, draft: IncidentDraft, now: EpochMs): void {
  const delta = draft.delta;
  if (delta === undefined) return;
  const severity = worstFiring(draft.firing) ?? draft.incident.severity;
  const firingCount = firingTotal(draft.firing);
  draft.incident = { ...draft.incident, severity, firingCount };
  if (delta.joined + delta.returned > 0) seen(draft, now);
  if (severity === 'critical' && isWorse(severity, delta.severityFrom)) breakSilence(draft, delta, now);
  const status = firingCount === 0 && delta.stopped > 0 ? moved(draft.incident.status, 'clear') : undefined;
  if (status === undefined) return;
  delta.cleared = true;
  const { staleSince: _, ...rest } = draft.incident;
  draft.incident = { ...rest, status, resolvedAt: now, resolvedReason: 'alerts' };
  set.unresolvedByKey.delete(draft.incident.key);
  set.lastResolvedByKey.set(draft.incident.key, draft);
}

/** Whoever silenced a warning did not mean what it has become. */
function breakSilence(draft: IncidentDraft, delta: Delta, now: EpochMs): void {
  const { silencedUntil, ...rest } = draft.incident;
  if (silencedUntil === undefined || silencedUntil <= now || delta.opened) return;
  draft.incident = rest;
  delta.silenceBroken = true;
}

/** What the current request does to this incident. */
export function touch(draft: IncidentDraft): Delta {
  draft.delta ??= {
    opened: false,
    reopened: undefined,
    cleared: false,
    joined: 0,
    returned: 0,
    stopped: 0,
    severityFrom: draft.incident.severity,
    silenceBroken: false,
  };
  return draft.delta;
}
