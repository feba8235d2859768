import { gapMs, takeAlert } from './alerts-policy.ts';
import { beaten, silentAlert } from './heartbeat.ts';
import { concludeRequest } from './incident-draft.ts';
import type { Arrival } from './ports.ts';
import { isWorse } from './severity.ts';
import type { Delta, DraftEntry, Identified, IdentifiedArrival, IncidentDraft, WorkingSet } from './working-set.ts';

/** Which incidents a request touched, in the order first touched. */
export type Touched = readonly IncidentDraft[];

/** Decides all alerts of a batch in the order they arrived, in memory; the drafts of `set` then say what to store. */
export function decideArrivals(set: WorkingSet, batch: readonly IdentifiedArrival[]): readonly Touched[] {
  return batch.map((one) => decideArrival(set, one));
}

function decideArrival(set: WorkingSet, { arrival, alerts }: IdentifiedArrival): Touched {
  const touched = new Set<IncidentDraft>();
  for (const one of alerts) {
    const draft = one.absence === undefined ? takeAlert(set, arrival, one) : takeHeartbeat(set, arrival, one);
    if (draft === undefined) continue;
    touched.add(draft);
    if (arrival.targetId !== undefined) draft.targetIds.add(arrival.targetId);
  }
  for (const draft of [...touched, ...set.left]) conclude(set, draft, arrival);
  set.left.clear();
  return [...touched];
}

/** A heartbeat shows no card. Its coming ends the silence it was missing in, its own resolve begins one. */
function takeHeartbeat(set: WorkingSet, arrival: Arrival, one: Identified): IncidentDraft | undefined {
  const known = set.heartbeats.get(one.identity);
  if (one.absence === undefined) return undefined;
  const { status, title, labels, integration } = one.alert;
  const locale = set.policy.locale ?? 'en-US';
  const stands = { identity: one.identity, integration, title, labels };
  if (status === 'resolved') {
    if (known === undefined) return undefined;
    return takeAlert(set, arrival, { ...one.absence, alert: silentAlert(stands, 'firing', locale) });
  }
  const gap = known === undefined ? 0 : gapMs(set, known.lastSeenAt, arrival.receivedAt);
  set.heartbeats.set(one.identity, beaten(known, one.alert, arrival.receivedAt, gap));
  set.beaten.add(one.identity);
  const silent = set.alerts.get(one.absence.identity);
  if (silent?.row.status !== 'firing') return undefined;
  return takeAlert(set, arrival, { ...one.absence, alert: silentAlert(stands, 'resolved', locale) });
}

function conclude(set: WorkingSet, draft: IncidentDraft, arrival: Arrival): void {
  concludeRequest(set, draft, arrival.receivedAt);
  if (draft.delta !== undefined) draft.timeline.push(entryOf(draft, draft.delta, arrival));
  draft.delta = undefined;
}

/** One line per request and incident, named after the most important thing in it. */
function entryOf(draft: IncidentDraft, delta: Delta, arrival: Arrival): DraftEntry {
  const { severity, firingCount, source, integration } = draft.incident;
  const data: Record<string, string | number> = { firing: firingCount, severity, source, integration };
  if (delta.joined > 0) data['joined'] = delta.joined;
  if (delta.returned > 0) data['returned'] = delta.returned;
  if (delta.stopped > 0) data['resolved'] = delta.stopped;
  if (delta.reopened !== undefined) data['reason'] = delta.reopened;
  if (delta.cleared) data['reason'] = 'alerts';
  if (delta.silenceBroken) data['silence'] = 'broken';
  if (severity !== delta.severityFrom) Object.assign(data, { from: delta.severityFrom, to: severity });
  return { at: arrival.receivedAt, kind: kindOf(delta, severity), data, traceId: arrival.traceId };
}

function kindOf(delta: Delta, severity: DraftSeverity): DraftEntry['kind'] {
  if (delta.opened) return 'opened';
  if (delta.cleared) return 'resolved';
  if (delta.reopened !== undefined) return 'reopened';
  return isWorse(severity, delta.severityFrom) ? 'severity' : 'alerts';
}

type DraftSeverity = Delta['severityFrom'];
