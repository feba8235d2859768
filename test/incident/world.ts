import type { Alert } from '../../src/incident/alert.ts';
import { type Touched, decideArrivals } from '../../src/incident/arrivals.ts';
import { incidentId } from '../../src/incident/id.ts';
import type { Incident } from '../../src/incident/incident.ts';
import type { Arrival, Policy } from '../../src/incident/ports.ts';
import { type Settled, settle } from '../../src/incident/settle.ts';
import type { ActiveSilence } from '../../src/incident/silences.ts';
import type { Interval } from '../../src/incident/stale.ts';
import {
  type AlertDraft,
  type IncidentState,
  type KnownAlert,
  type WorkingSet,
  createWorkingSet,
  identify,
} from '../../src/incident/working-set.ts';
import type { Heartbeat } from '../../src/incident/heartbeat.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const START = Date.UTC(2026, 10, 22, 8);

export const POLICY: Policy = {
  timezone: 'UTC',
  reopenWindowMs: 30 * MINUTE,
  staleAfterMs: 10 * HOUR,
  resolveHoldMs: HOUR,
  remindAfterMs: 15 * MINUTE,
  stormPerMinute: 20,
  heartbeatNames: ['Watchdog', 'DeadMansSwitch'],
};

let deliveries = 0;

export function alert(name: string, over: Partial<Alert> = {}): Alert {
  const group = over.groupLabels ?? { alertname: 'HighLatency' };
  return {
    integration: 'default',
    source: 'alertmanager',
    status: 'firing',
    fingerprint: name,
    title: 'HighLatency',
    summary: '',
    severity: 'warning',
    labels: { ...group, instance: name },
    annotations: {},
    groupLabels: group,
    links: [],
    ...over,
  };
}

export const resolved = (name: string, over: Partial<Alert> = {}): Alert =>
  alert(name, { status: 'resolved', ...over });

/** A database of the policy in memory: every `take` is one transaction. */
export function createWorld(policy: Policy = POLICY) {
  const alerts = new Map<string, KnownAlert>();
  const episodes: KnownAlert[] = [];
  const incidents = new Map<string, IncidentState>();
  const heartbeats = new Map<string, Heartbeat>();
  const silences: ActiveSilence[] = [];
  const accepting: Interval[] = [{ from: START - 1000 * HOUR, until: Infinity }];
  let rows = 0;

  function take(
    arrivals: readonly Arrival[],
    now: number,
  ): { touched: readonly Touched[]; settled: readonly Settled[]; set: WorkingSet } {
    const known = {
      alerts: [...alerts.values()],
      incidents: [...incidents.values()],
      heartbeats: [...heartbeats.values()],
      accepting,
    };
    const set = createWorkingSet(known, policy, () => `row-${(rows += 1)}`);
    const touched = decideArrivals(
      set,
      arrivals.map((one) => identify(one, policy)),
    );
    const settled = set.incidents.map((draft) => settle(draft, silences, now)).filter((one) => one !== undefined);
    for (const draft of set.incidents) {
      if (draft.before === undefined)
        draft.incident = { ...draft.incident, id: incidentId('20261122', incidents.size + 1) };
      incidents.set(draft.incident.id, { incident: draft.incident, firing: draft.firing });
    }
    for (const draft of [...set.superseded, ...set.alerts.values()]) store(draft);
    for (const [identity, heartbeat] of set.heartbeats) heartbeats.set(identity, heartbeat);
    return { touched, settled, set };
  }

  function store({ row, incident, current }: AlertDraft): void {
    const stored = incident === undefined ? row : { ...row, incidentId: incident.incident.id };
    if (current) alerts.set(row.identity, stored);
    else episodes.push(stored);
  }

  const deliver = (list: readonly Alert[], at: number, digest = `d${(deliveries += 1)}`) =>
    take([arrival(list, at, digest)], at);

  return {
    alerts,
    incidents,
    heartbeats,
    silences,
    accepting,
    episodes,
    take,
    deliver,
    all: (): readonly Incident[] => [...incidents.values()].map(({ incident }) => incident),
    only: (): Incident => {
      const [first, ...rest] = [...incidents.values()];
      if (first === undefined || rest.length > 0) throw new Error(`expected one incident, have ${incidents.size}`);
      return first.incident;
    },
    /** What a person or job did, as the store would save it. */
    put: (incident: Incident): void => {
      const state = incidents.get(incident.id);
      if (state !== undefined) incidents.set(incident.id, { ...state, incident });
    },
    firing: (): readonly string[] =>
      [...alerts.values()]
        .filter(({ status }) => status === 'firing')
        .map(({ identity }) => identity)
        .toSorted(),
  };
}

export const arrival = (alerts: readonly Alert[], receivedAt: number, digest = `d${(deliveries += 1)}`): Arrival => ({
  alerts,
  receivedAt,
  digest,
  traceId: 't',
});
