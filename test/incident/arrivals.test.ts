import { describe, expect, it } from 'vitest';
import { compileMatchers } from '../../src/incident/matchers.ts';
import { HOUR, MINUTE, POLICY, START, alert, arrival, createWorld, resolved } from './world.ts';

describe('a firing alert', () => {
  it('opens an incident that rings once', () => {
    const world = createWorld();
    const { settled } = world.deliver([alert('a')], START);
    expect(world.only()).toMatchObject({ status: 'open', revision: 1, ring: 1, alertsCount: 1, firingCount: 1 });
    expect(settled[0]).toMatchObject({ urgent: true, placeable: true, diagnose: true, watch: true });
  });

  it('raises nothing when it is repeated, ten thousand times over', () => {
    const world = createWorld();
    const group = Array.from({ length: 10_000 }, (_, at) => alert(`a${at}`));
    world.deliver(group, START);
    const before = world.only();
    const { settled } = world.deliver(group, START + MINUTE);
    expect(settled).toEqual([]);
    expect(world.only()).toMatchObject({ revision: before.revision, ring: before.ring, alertsCount: 10_000 });
    expect([...world.alerts.values()].every(({ repeats }) => repeats === 1)).toBe(true);
  });

  it('counts a byte-identical delivery within a minute once, later ones again', () => {
    const world = createWorld();
    world.deliver([alert('a')], START, 'same');
    world.deliver([alert('a')], START + 59_000, 'same');
    expect([...world.alerts.values()][0]).toMatchObject({ repeats: 0 });
    world.deliver([alert('a')], START + 61_000, 'same');
    expect([...world.alerts.values()][0]).toMatchObject({ repeats: 1 });
  });

  it('is taken across a state change however identical the bytes are', () => {
    const world = createWorld();
    world.deliver([alert('a')], START, 'one');
    world.deliver([resolved('a')], START + 1000, 'two');
    world.deliver([alert('a')], START + 2000, 'one');
    expect(world.firing()).toHaveLength(1);
    expect(world.only().status).toBe('open');
  });

  it('begins a new episode after its resolve, also with the same startsAt', () => {
    const world = createWorld();
    world.deliver([alert('a', { startsAt: START })], START);
    world.deliver([resolved('a', { startsAt: START, endsAt: START + 5 })], START + 10);
    world.deliver([alert('a', { startsAt: START })], START + 20);
    expect(world.episodes).toHaveLength(1);
    expect(world.only()).toMatchObject({ status: 'open', ringReason: 'reopened', alertsCount: 1, firingCount: 1 });
  });

  it('takes over another severity that a repeat brings, and rings when it is worse', () => {
    const world = createWorld();
    world.deliver([alert('a', { source: 'zabbix' })], START);
    world.deliver([alert('a', { source: 'zabbix', severity: 'critical' })], START + MINUTE);
    expect(world.only()).toMatchObject({
      severity: 'critical',
      ringReason: 'severity_up',
      revision: 2,
      firingCount: 1,
    });
  });
});

describe('a resolve', () => {
  it('resolves whatever its startsAt', () => {
    const world = createWorld();
    world.deliver([alert('a', { startsAt: START })], START);
    world.deliver([resolved('a', { startsAt: START - HOUR, endsAt: START + 5 })], START + MINUTE);
    expect(world.only()).toMatchObject({ status: 'resolved', resolvedReason: 'alerts', ringReason: 'resolved' });
  });

  it('of an earlier episode changes nothing', () => {
    const world = createWorld();
    world.deliver([alert('a', { startsAt: START })], START);
    const { settled } = world.deliver([resolved('a', { endsAt: START - 1 })], START + MINUTE);
    expect(settled).toEqual([]);
    expect(world.only().status).toBe('open');
  });

  it('of something unknown is recorded and opens nothing', () => {
    const world = createWorld();
    world.deliver([resolved('a')], START);
    expect(world.incidents.size).toBe(0);
    expect(world.alerts.size).toBe(1);
    world.deliver([alert('a')], START + MINUTE);
    expect(world.only().status).toBe('open');
  });

  it('ends the incident only with the last firing alert, and lowers the severity to the worst that is left', () => {
    const world = createWorld();
    world.deliver([alert('a', { severity: 'critical' }), alert('b')], START);
    world.deliver([resolved('a')], START + MINUTE);
    expect(world.only()).toMatchObject({ status: 'open', severity: 'warning', firingCount: 1, ring: 1, revision: 2 });
    world.deliver([resolved('b')], START + 2 * MINUTE);
    expect(world.only()).toMatchObject({ status: 'resolved', severity: 'warning', firingCount: 0 });
  });

  it('does not lend its severity to the incident', () => {
    const world = createWorld();
    world.deliver([alert('a'), alert('b')], START);
    world.deliver([resolved('a', { severity: 'critical' })], START + MINUTE);
    expect(world.only().severity).toBe('warning');
  });

  it('in the request that brings another alert of the key does not end the incident', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    world.deliver([resolved('a'), alert('b')], START + MINUTE);
    expect(world.only()).toMatchObject({ status: 'open', ring: 1, revision: 2, firingCount: 1, alertsCount: 2 });
  });
});

describe('membership', () => {
  it('keeps an alert where it is although its group says otherwise', () => {
    const world = createWorld();
    world.deliver([alert('a'), alert('b')], START);
    world.deliver([resolved('a')], START + MINUTE);
    world.deliver([alert('a', { groupLabels: { alertname: 'Other' } })], START + 2 * MINUTE);
    expect(world.only()).toMatchObject({ firingCount: 2, alertsCount: 2 });
  });

  it('folds a group that names the problem into one incident, and alerts without a group into one each', () => {
    const world = createWorld();
    world.deliver([alert('a'), alert('b')], START);
    expect(world.incidents.size).toBe(1);
    const { groupLabels: _, ...single } = alert('c');
    world.deliver([single, { ...single, fingerprint: 'd' }], START);
    expect(world.incidents.size).toBe(3);
  });

  it('opens one incident for the same labels of each integration', () => {
    const world = createWorld();
    world.deliver([alert('a'), alert('a', { integration: 'cluster-b' })], START);
    expect(world.incidents.size).toBe(2);
  });

  it('shares the labels that all its alerts have', () => {
    const world = createWorld();
    world.deliver([alert('a'), alert('b')], START);
    expect(world.only().labels).toEqual({ alertname: 'HighLatency' });
  });
});

describe('reopening', () => {
  it('brings back the incident within the window, and opens a new one after it', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    world.deliver([resolved('a')], START + MINUTE);
    world.deliver([alert('a')], START + 31 * MINUTE);
    expect(world.only()).toMatchObject({ status: 'open', ringReason: 'reopened', ring: 3 });
    world.deliver([resolved('a')], START + 32 * MINUTE);
    world.deliver([alert('a')], START + 63 * MINUTE);
    expect(world.incidents.size).toBe(2);
  });

  it('is done by a new alert of the key too', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    world.deliver([resolved('a')], START + MINUTE);
    world.deliver([alert('b')], START + 2 * MINUTE);
    expect(world.only()).toMatchObject({ status: 'open', alertsCount: 2, firingCount: 1 });
  });

  it('forgets who acknowledged and how it ended', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    world.put({ ...world.only(), status: 'acknowledged', acknowledgedAt: START, acknowledgedBy: 'A' });
    world.deliver([resolved('a')], START + MINUTE);
    world.deliver([alert('a')], START + 2 * MINUTE);
    expect(world.only().acknowledgedAt).toBeUndefined();
    expect(world.only().resolvedAt).toBeUndefined();
    expect(world.only().resolvedReason).toBeUndefined();
  });
});

describe('an incident resolved by hand while its alert fires', () => {
  const handResolved = () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    world.put({ ...world.only(), status: 'resolved', resolvedAt: START, resolvedReason: 'manual' });
    return world;
  };

  it('is left alone by repeats within the hold, and reopened as still firing by the first after it', () => {
    const world = handResolved();
    expect(world.deliver([alert('a')], START + HOUR - 1).settled).toEqual([]);
    expect(world.only().status).toBe('resolved');
    const { set } = world.deliver([alert('a')], START + HOUR);
    expect(world.only()).toMatchObject({ status: 'open', ringReason: 'reopened' });
    expect(set.incidents[0]?.timeline).toMatchObject([{ kind: 'reopened', data: { reason: 'still_firing' } }]);
  });

  it('is reopened after the hold however short the reopen window', () => {
    const world = createWorld({ ...POLICY, reopenWindowMs: 0 });
    world.deliver([alert('a')], START);
    world.put({ ...world.only(), status: 'resolved', resolvedAt: START, resolvedReason: 'manual' });
    world.deliver([alert('a')], START + 10 * HOUR);
    expect(world.only().status).toBe('open');
  });

  it('is reopened at once by an alert that had stopped', () => {
    const world = handResolved();
    world.deliver([resolved('a')], START + MINUTE);
    expect(world.only()).toMatchObject({ status: 'resolved', firingCount: 0 });
    world.deliver([alert('a')], START + 2 * MINUTE);
    expect(world.only().status).toBe('open');
  });

  it('gives its alert to the incident that has opened for the key meanwhile', () => {
    const world = createWorld({ ...POLICY, reopenWindowMs: 0 });
    world.deliver([alert('a')], START);
    world.put({ ...world.only(), status: 'resolved', resolvedAt: START, resolvedReason: 'manual' });
    world.deliver([alert('b')], START + MINUTE);
    world.deliver([alert('a')], START + 2 * HOUR);
    expect(world.all()).toMatchObject([
      { status: 'resolved', firingCount: 0 },
      { status: 'open', firingCount: 2, alertsCount: 2 },
    ]);
  });
});

describe('attention', () => {
  it('is asked for by a new alert after an acknowledgement, not by one it covers', () => {
    const world = createWorld();
    world.deliver([alert('a'), alert('b')], START);
    world.put({ ...world.only(), status: 'acknowledged' });
    world.deliver([resolved('b')], START + MINUTE);
    world.deliver([alert('b')], START + 2 * MINUTE);
    expect(world.only().ring).toBe(1);
    world.deliver([alert('c')], START + 3 * MINUTE);
    expect(world.only()).toMatchObject({ ring: 2, ringReason: 'new_alert', status: 'acknowledged' });
  });

  it('is not asked for by a new alert nobody has acknowledged', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    const { settled } = world.deliver([alert('b')], START + MINUTE);
    expect(world.only()).toMatchObject({ ring: 1, revision: 2 });
    expect(settled[0]).toMatchObject({ urgent: false, diagnose: false });
  });

  it('comes once and with one revision however much a transaction does', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    const later = START + MINUTE;
    const { set } = world.take(
      [
        arrival([alert('b', { severity: 'critical' })], later),
        arrival([alert('c')], later),
        arrival([resolved('a')], later),
      ],
      later,
    );
    expect(world.only()).toMatchObject({ revision: 2, ring: 2, ringReason: 'severity_up' });
    expect(set.incidents[0]?.timeline.map(({ kind }) => kind)).toEqual(['severity', 'alerts', 'alerts']);
  });

  it('ends being stale with a repeat, as an urgent change that rings nobody', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    world.put({ ...world.only(), staleSince: START + HOUR });
    const { settled } = world.deliver([alert('a')], START + 2 * HOUR);
    expect(world.only().staleSince).toBeUndefined();
    expect(settled[0]).toMatchObject({ urgent: true });
    expect(world.only().ring).toBe(1);
  });
});

describe('silences', () => {
  it('of an incident keep it quiet until it becomes critical', () => {
    const world = createWorld();
    world.deliver([alert('a')], START);
    world.put({ ...world.only(), silencedUntil: START + HOUR, status: 'acknowledged' });
    const { settled } = world.deliver([alert('b')], START + MINUTE);
    expect(world.only()).toMatchObject({ ring: 1, revision: 2 });
    expect(settled[0]?.placeable).toBe(false);
    world.deliver([alert('c', { severity: 'critical' })], START + 2 * MINUTE);
    expect(world.only()).toMatchObject({ ring: 2, ringReason: 'severity_up' });
    expect(world.only().silencedUntil).toBeUndefined();
  });

  it('by matchers place nothing new, critical or not, and count everything', () => {
    const world = createWorld();
    const matches = compileMatchers([{ name: 'alertname', op: '=', value: 'HighLatency' }]);
    world.silences.push({ endsAt: START + HOUR, matches });
    expect(world.deliver([alert('a', { severity: 'critical' })], START).settled[0]?.placeable).toBe(false);
    expect(world.only()).toMatchObject({ firingCount: 1, revision: 1 });
    expect(world.deliver([alert('b')], START + 2 * HOUR).settled[0]?.placeable).toBe(true);
  });
});

describe('a heartbeat', () => {
  const beat = (over = {}) =>
    alert('w', { labels: { alertname: 'Watchdog' }, title: 'Watchdog', severity: 'info', ...over });

  it('shows nothing and counts its gaps', () => {
    const world = createWorld();
    world.deliver([beat()], START);
    world.deliver([beat()], START + MINUTE);
    world.deliver([beat()], START + 4 * MINUTE);
    expect(world.incidents.size).toBe(0);
    expect([...world.heartbeats.values()]).toMatchObject([{ seen: 3, longestGapMs: 3 * MINUTE }]);
  });

  it('counts as gap only the time in which we were accepting', () => {
    const world = createWorld();
    world.accepting.splice(0, 1, { from: START, until: START + MINUTE }, { from: START + 10 * HOUR, until: Infinity });
    world.deliver([beat()], START);
    world.deliver([beat()], START + 10 * HOUR + MINUTE);
    expect([...world.heartbeats.values()]).toMatchObject([{ longestGapMs: 2 * MINUTE }]);
  });

  it('opens a critical incident by its own resolve, which its return resolves', () => {
    const world = createWorld();
    world.deliver([beat()], START);
    world.deliver([beat({ status: 'resolved' })], START + MINUTE);
    expect(world.only()).toMatchObject({ status: 'open', severity: 'critical', source: 'zhiban' });
    world.deliver([beat()], START + 2 * MINUTE);
    expect(world.only()).toMatchObject({ status: 'resolved', resolvedReason: 'alerts' });
  });

  it('that was never seen opens nothing by its resolve', () => {
    const world = createWorld();
    world.deliver([beat({ status: 'resolved' })], START);
    expect(world.incidents.size).toBe(0);
  });
});
