import { describe, expect, it } from 'vitest';
import { isMissing, silentAlert } from '../../src/incident/heartbeat.ts';
import { createDayOf, incidentId, parseIncidentId, readIncidentId } from '../../src/incident/id.ts';
import { incidentKeyOf, identityOf } from '../../src/incident/key.ts';
import { mergedLinks, sharedLabels } from '../../src/incident/labels.ts';
import { severityOf } from '../../src/incident/severity.ts';
import { acceptedMs, staleness } from '../../src/incident/stale.ts';
import { HOUR, MINUTE, POLICY, START, alert } from './world.ts';

describe('ids', () => {
  it('carry the day of the zone and as many digits as the day needs', () => {
    const at = Date.UTC(2026, 10, 22, 20);
    expect(incidentId(createDayOf('Asia/Shanghai')(at), 7)).toBe('INC-20261123-007');
    expect(incidentId(createDayOf('UTC')(at), 12_345)).toBe('INC-20261122-12345');
  });

  it('are read in full, or as a number of today', () => {
    expect(readIncidentId(' inc-20261122-007 ', '20261123')).toBe('INC-20261122-007');
    for (const text of ['3', '003', '#3']) expect(readIncidentId(text, '20261123')).toBe('INC-20261123-003');
    for (const text of ['INC-1-1', 'three', '', '-3']) expect(readIncidentId(text, '20261123')).toBeUndefined();
    expect(parseIncidentId('3')).toBeUndefined();
  });
});

describe('severity words', () => {
  it('mean what the published table says', () => {
    for (const word of ['Critical', 'P1', ' page ', 'error', '紧急', '致命']) expect(severityOf(word)).toBe('critical');
    for (const word of ['warn', 'average', 'P3', '重要']) expect(severityOf(word)).toBe('warning');
    for (const word of ['info', 'p5', 'low', '提示']) expect(severityOf(word)).toBe('info');
    expect(severityOf('banana')).toBeUndefined();
  });

  it('mean nothing as bare numbers until the source is known', () => {
    expect(severityOf('5')).toBeUndefined();
    expect(severityOf('5', 'zabbix')).toBe('critical');
    expect(severityOf('1', 'nightingale')).toBe('critical');
    expect(severityOf('Sev4', 'azure')).toBe('info');
    expect(severityOf('9', 'zabbix')).toBeUndefined();
    expect(severityOf('1', 'constructor')).toBeUndefined();
  });
});

describe('keys', () => {
  it('follow a group that names the problem, else add the rule’s name, else are the alert', () => {
    const key = (over: object) => incidentKeyOf({ ...alert('a'), ...over });
    const named = { groupLabels: { alertname: 'X', cluster: '1' } };
    expect(key(named)).toBe(key({ ...named, fingerprint: 'other', labels: {} }));
    expect(key({ groupLabels: { cluster: '1', alertname: 'X' } })).toBe(key(named));
    const byCluster = { groupLabels: { cluster: '1' } };
    expect(key({ ...byCluster, labels: { alertname: 'X' } })).not.toBe(
      key({ ...byCluster, labels: { alertname: 'Y' } }),
    );
    expect(key({ ...byCluster, labels: {} })).not.toBe(key({ ...byCluster, labels: {}, fingerprint: 'b' }));
    expect(key({ ...named, integration: 'b' })).not.toBe(key(named));
  });

  it('cannot be confused by where one part ends', () => {
    expect(identityOf(alert('bc', { source: 'a' }))).not.toBe(identityOf(alert('c', { source: 'ab' })));
  });
});

describe('shared facts', () => {
  it('keep the pairs all have, whatever they are called', () => {
    const odd = JSON.parse('{"__proto__":"x","constructor":"y","only":"a"}') as Record<string, string>;
    const shared = sharedLabels(odd, JSON.parse('{"__proto__":"x","constructor":"z"}') as Record<string, string>);
    expect(Object.entries(shared)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(shared)).toBeNull();
    expect(sharedLabels(odd, odd)).toBe(odd);
  });

  it('keep one link of each kind', () => {
    const graph = { kind: 'graph', url: 'http://a' } as const;
    const other = { kind: 'graph', url: 'http://b' } as const;
    expect(mergedLinks([graph], [other, { kind: 'runbook', url: 'http://r' }])).toEqual([
      graph,
      { kind: 'runbook', url: 'http://r' },
    ]);
  });
});

describe('staleness', () => {
  const always = [{ from: 0, until: Infinity }];
  const firing = (source: string, longestGapMs = 0) => [{ source, lastSeenAt: START, longestGapMs }];

  it('comes after ten hours, after two and a half of the longest gap, or ten minutes for Prometheus itself', () => {
    const at = (source: string, gap: number, ms: number) => staleness(firing(source, gap), always, START + ms, POLICY);
    expect(at('alertmanager', 0, 10 * HOUR - 1)).toEqual({ stale: false, checkInMs: 1000 });
    expect(at('alertmanager', 0, 10 * HOUR)).toMatchObject({ stale: true });
    expect(at('alertmanager', 12 * HOUR, 29 * HOUR)).toEqual({ stale: false, checkInMs: HOUR });
    expect(at('alertmanager', 12 * HOUR, 30 * HOUR)).toMatchObject({ stale: true });
    expect(at('prometheus', MINUTE, 10 * MINUTE)).toMatchObject({ stale: true });
  });

  it('never comes for a sender that does not repeat, alone or beside one that does', () => {
    expect(staleness(firing('custom'), always, START + 1000 * HOUR, POLICY)).toBe('never');
    const both = [...firing('custom'), ...firing('alertmanager')];
    expect(staleness(both, always, START + 1000 * HOUR, POLICY)).toBe('never');
    const policy = { ...POLICY, repeats: (source: string) => source === 'custom' };
    expect(staleness(firing('custom'), always, START + 10 * HOUR, policy)).toMatchObject({ stale: true });
  });

  it('counts only time in which we were accepting', () => {
    const accepting = [
      { from: START - HOUR, until: START + HOUR },
      { from: START + 9 * HOUR, until: Infinity },
    ];
    expect(staleness(firing('alertmanager'), accepting, START + 12 * HOUR, POLICY)).toEqual({
      stale: false,
      checkInMs: 6 * HOUR,
    });
  });

  it('counts what two replicas accepted at once only once', () => {
    const both = [
      { from: 0, until: 100 },
      { from: 50, until: 150 },
      { from: 20, until: 30 },
    ];
    expect(acceptedMs(both, 10, 1000)).toBe(140);
  });
});

describe('a missing heartbeat', () => {
  const heartbeat = {
    ...silentAlert({ identity: 'i', integration: 'default', title: 'Watchdog', labels: {} }, 'firing', 'en-US'),
    identity: 'i',
    firstSeenAt: START,
    lastSeenAt: START,
    longestGapMs: 4 * MINUTE,
    seen: 2,
  };
  const always = [{ from: 0, until: Infinity }];

  it('is noticed after two and a half gaps, at least five minutes, once it was seen twice', () => {
    expect(isMissing(heartbeat, always, START + 10 * MINUTE - 1)).toBe(false);
    expect(isMissing(heartbeat, always, START + 10 * MINUTE)).toBe(true);
    const quick = { ...heartbeat, longestGapMs: 1000 };
    expect(isMissing(quick, always, START + 5 * MINUTE - 1)).toBe(false);
    expect(isMissing(quick, always, START + 5 * MINUTE)).toBe(true);
    expect(isMissing({ ...heartbeat, seen: 1 }, always, START + HOUR)).toBe(false);
  });
});
