import type { EpochMs } from '../types.ts';
import type { Alert, Severity } from './alert.ts';
import { detach, join, reopen, seen, touch } from './incident-draft.ts';
import type { Arrival } from './ports.ts';
import { acceptedMs } from './stale.ts';
import type { AlertDraft, Identified, IncidentDraft, KnownAlert, WorkingSet } from './working-set.ts';
import { homeOf } from './membership.ts';

/** A byte-identical delivery within this time is the sender's retry, not a repeat. */
const DUPLICATE_MS = 60_000;

/** Applies one alert of a request; returns the incident it belongs to, if any. */
export function takeAlert(set: WorkingSet, arrival: Arrival, one: Identified): IncidentDraft | undefined {
  const known = set.alerts.get(one.identity);
  if (one.alert.status === 'firing') return takeFiring(set, arrival, one, known);
  return takeResolved(set, arrival, one, known);
}

function takeFiring(
  set: WorkingSet,
  arrival: Arrival,
  one: Identified,
  known: AlertDraft | undefined,
): IncidentDraft | undefined {
  if (known?.row.status === 'firing') return repeatFiring(set, arrival, one, known);
  const home = homeOf(set, arrival, one, known);
  join(home, one.alert, known?.incident === home);
  if (known !== undefined) supersede(set, known);
  insertRow(set, arrival, one, home);
  return home;
}

function repeatFiring(
  set: WorkingSet,
  arrival: Arrival,
  one: Identified,
  known: AlertDraft,
): IncidentDraft | undefined {
  const at = arrival.receivedAt;
  const duplicate = isDuplicate(known.row, arrival);
  if (!duplicate) countRepeat(set, arrival, known);
  const incident = known.incident;
  if (incident === undefined) return attach(set, arrival, one, known);
  if (incident.incident.status === 'resolved') return stillFiring(set, arrival, one, known, incident);
  if (!duplicate) seen(incident, at);
  refresh(known, one.alert, incident);
  return incident;
}

/** Its incident was resolved by hand while it fired: repeats mean nothing until the hold is over. */
function stillFiring(
  set: WorkingSet,
  arrival: Arrival,
  one: Identified,
  known: AlertDraft,
  incident: IncidentDraft,
): IncidentDraft {
  const { resolvedReason, resolvedAt = 0, key } = incident.incident;
  const held = resolvedReason === 'manual' && arrival.receivedAt < resolvedAt + set.policy.resolveHoldMs;
  if (held) return incident;
  const other = set.unresolvedByKey.get(key);
  if (other === undefined) {
    reopen(set, incident, arrival.receivedAt, 'still_firing');
    refresh(known, one.alert, incident);
    return incident;
  }
  detach(incident, known.row.severity);
  set.left.add(incident);
  return moveTo(other, one.alert, known);
}

/** A firing row without an incident (retention took it away): it needs a home again. */
function attach(set: WorkingSet, arrival: Arrival, one: Identified, known: AlertDraft): IncidentDraft {
  return moveTo(homeOf(set, arrival, one, known), one.alert, known);
}

function moveTo(home: IncidentDraft, alert: Alert, known: AlertDraft): IncidentDraft {
  join(home, alert, false);
  known.incident = home;
  known.row = { ...known.row, severity: alert.severity };
  known.content = alert;
  known.writing = atLeastChange(known);
  return home;
}

function takeResolved(
  set: WorkingSet,
  arrival: Arrival,
  one: Identified,
  known: AlertDraft | undefined,
): IncidentDraft | undefined {
  if (known === undefined) {
    insertRow(set, arrival, one, undefined);
    return undefined;
  }
  if (known.row.status === 'resolved') {
    if (!isDuplicate(known.row, arrival)) countRepeat(set, arrival, known);
    return known.incident;
  }
  if (endedBefore(one.alert, known.row)) return known.incident;
  resolveRow(known, arrival, one.alert);
  if (known.incident !== undefined) {
    detach(known.incident, known.row.severity);
    touch(known.incident).stopped += 1;
  }
  return known.incident;
}

/** A late resolve of an earlier episode: this one began after it. */
const endedBefore = (alert: Alert, row: KnownAlert): boolean =>
  alert.endsAt !== undefined && row.startsAt !== undefined && alert.endsAt < row.startsAt;

function resolveRow(known: AlertDraft, { receivedAt, digest }: Arrival, { endsAt }: Alert): void {
  known.row = {
    ...known.row,
    status: 'resolved',
    resolvedAt: receivedAt,
    lastSeenAt: Math.max(known.row.lastSeenAt, receivedAt),
    digest,
    ...(endsAt === undefined ? {} : { endsAt }),
  };
  known.writing = atLeastChange(known);
}

function supersede(set: WorkingSet, known: AlertDraft): void {
  known.current = false;
  known.writing = atLeastChange(known);
  set.superseded.push(known);
}

function insertRow(set: WorkingSet, arrival: Arrival, { alert, identity }: Identified, incident?: IncidentDraft): void {
  const { receivedAt, digest } = arrival;
  const { status, severity, title, summary, startsAt, endsAt } = alert;
  const row: KnownAlert = {
    id: set.newId(),
    identity,
    status,
    severity,
    title,
    summary,
    lastSeenAt: receivedAt,
    repeats: 0,
    longestGapMs: 0,
    digest,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(status === 'resolved' ? { resolvedAt: receivedAt } : {}),
  };
  set.alerts.set(identity, { row, incident, writing: 'insert', current: true, content: alert, receivedAt });
}

const isDuplicate = (row: KnownAlert, { digest, receivedAt }: Arrival): boolean =>
  row.digest === digest && digest !== '' && Math.abs(receivedAt - row.lastSeenAt) <= DUPLICATE_MS;

function countRepeat(set: WorkingSet, { receivedAt, digest }: Arrival, known: AlertDraft): void {
  const { row } = known;
  const gap = row.status === 'firing' ? gapMs(set, row.lastSeenAt, receivedAt) : 0;
  known.row = {
    ...row,
    lastSeenAt: Math.max(row.lastSeenAt, receivedAt),
    repeats: row.repeats + 1,
    longestGapMs: Math.max(row.longestGapMs, gap),
    digest,
  };
  if (known.writing === 'none') known.writing = 'repeat';
}

/** Time between two deliveries in which we were accepting, ms: our own outage is not the sender's gap. */
export function gapMs(set: WorkingSet, from: EpochMs, until: EpochMs): number {
  return until <= from ? 0 : acceptedMs(set.known.accepting, from, until);
}

/** A repeat may carry new words (a value in the summary) or, from some senders, another severity. */
function refresh(known: AlertDraft, alert: Alert, incident: IncidentDraft): void {
  const { title, summary, severity } = known.row;
  if (title === alert.title && summary === alert.summary && severity === alert.severity) return;
  known.row = { ...known.row, title: alert.title, summary: alert.summary, severity: alert.severity };
  known.content = alert;
  known.writing = atLeastChange(known);
  if (severity !== alert.severity) reweigh(incident, severity, alert.severity);
}

function reweigh(draft: IncidentDraft, from: Severity, to: Severity): void {
  touch(draft);
  draft.changed = true;
  draft.firing = { ...draft.firing, [from]: draft.firing[from] - 1, [to]: draft.firing[to] + 1 };
}

const atLeastChange = (known: AlertDraft): 'insert' | 'change' => (known.writing === 'insert' ? 'insert' : 'change');
