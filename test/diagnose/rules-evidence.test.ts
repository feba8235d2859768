import { describe, expect, it } from 'vitest';
import { draftOf } from '../../src/diagnose/providers/rules.ts';
import { MINUTE, change, failed, log, metric, packOf, pod } from './rules-pack.ts';
import { NOW } from './world.ts';

const ROSE = 'rose from about 2 to about 40 at 2026-11-22T07:58:00Z (2 min before the start) (×20), 12σ';
const CALM = log('cache warmed in 12 ms', { fresh: false, relevance: 0.4 });
const first = (pack: Parameters<typeof draftOf>[0]) => draftOf(pack).causes[0];

describe('the kind of trouble', () => {
  it.each([
    ['oom', pod('OOMKilled', 'running, ready; 3 restarts; last end OOMKilled, exit code 137')],
    ['database_connections', log('FATAL: sorry, too many clients already')],
    ['disk', log('write /data/wal: no space left on device')],
    ['certificate', log('x509: certificate has expired or is not yet valid')],
    ['dns', log('dial tcp: lookup redis.prod: no such host')],
    ['queue_depth', metric('kafka_consumergroup_lag', ROSE)],
    ['replication_lag', metric('mysql_slave_status_seconds_behind_master', ROSE)],
    [
      'pod_pending',
      {
        source: 'kubernetes',
        title: 'Events of shop/x',
        text: '×3 Warning FailedScheduling Pod/x: 0/3 nodes are available: 3 Insufficient cpu.',
        relevance: 0.85,
      },
    ],
  ])('is %s by the evidence, when the alert tells nothing', (family, item) => {
    const draft = draftOf(packOf('ConversionOdd', [CALM, item]));
    expect(draft).toMatchObject({ status: 'ready', family });
    expect(draft.causes[0]?.evidenceIds).toContain('E3');
  });

  it('stays unknown when the evidence tells nothing either', () => {
    expect(draftOf(packOf('ConversionOdd', [CALM, pod('healthy', 'running, ready')]))).toMatchObject({
      status: 'inconclusive',
      family: '',
    });
  });

  it('is what lies behind a symptom, when the evidence says so outright', () => {
    const cascade = [log('FATAL: sorry, too many clients already'), metric('hikaricp_connections_pending', ROSE)];
    expect(draftOf(packOf('HighErrorRate', cascade)).family).toBe('database_connections');
    expect(draftOf(packOf('HighRequestLatency', cascade)).family).toBe('database_connections');
  });

  it('stays the symptom on weak evidence: an old complaint, a changed metric, a hint', () => {
    const old = log('FATAL: sorry, too many clients already', { fresh: false });
    expect(draftOf(packOf('HighErrorRate', [old])).family).toBe('http_5xx');
    expect(draftOf(packOf('HighErrorRate', [metric('hikaricp_connections_pending', ROSE)])).family).toBe('http_5xx');
    expect(draftOf(packOf('HighErrorRate', [log('closing idle in transaction session')])).family).toBe('http_5xx');
  });

  it('never turns from what an alert names into a mere symptom of it', () => {
    const pack = packOf('DiskUsageHigh', [
      log('10.0.0.8 "GET / HTTP/1.1" 502 157'),
      metric('http_requests_total{status="502"}', ROSE),
    ]);
    expect(draftOf(pack).family).toBe('disk');
  });

  it('is not told by a source that failed, by a runbook or by a past incident', () => {
    const said = 'FATAL: sorry, too many clients already';
    const others = ['runbook', 'incident'].map((source) => ({ source, title: said, text: said, relevance: 0.9 }));
    expect(draftOf(packOf('ConversionOdd', [failed('loki'), ...others, CALM])).status).toBe('inconclusive');
  });

  it('is not told by our own words around a line of a log', () => {
    const item = { ...log('order 17 was not booked'), title: '日志 · 错误 ×12 · order 17 was not booked' };
    const causes = draftOf(packOf('DiskUsageHigh', [item])).causes;
    expect(causes.filter(({ evidenceIds }) => evidenceIds.includes('E2'))).toEqual([]);
  });

  it('is told by an event of a neighbour only when the alert or the new lines of its log name that', () => {
    const line = '×4 Warning BackOff Pod/ledger-7d9f8b6c5-x2x4q: Back-off restarting failed container app in pod';
    const neighbours = { source: 'kubernetes', title: 'Other events in namespace shop', text: line, relevance: 0.55 };
    expect(draftOf(packOf('ConversionOdd', [neighbours])).status).toBe('inconclusive');
    const named = log('booking at http://ledger:8080 was not taken');
    expect(draftOf(packOf('ConversionOdd', [neighbours, named])).family).toBe('crash_loop');
    const own = { ...neighbours, text: line.replaceAll('ledger', 'checkout') };
    expect(draftOf(packOf('ConversionOdd', [own])).family).toBe('crash_loop');
    const ofAll = { title: 'ConversionOdd', labels: { service: '', namespace: 'shop' } };
    expect(draftOf(packOf('ConversionOdd', [neighbours], ofAll)).family).toBe('crash_loop');
  });

  it('is not told by how a pod is set up and what it is called', () => {
    const item = pod('CrashLoopBackOff', 'waiting CrashLoopBackOff; 6 restarts');
    const named = { ...item, text: item.text.replace('labels app=checkout', 'labels app=orders-dlq') };
    const draft = draftOf(packOf('QueueDepthHigh', [named]));
    const citing = draft.causes.filter(({ evidenceIds }) => evidenceIds.includes('E2')).map(({ key }) => key);
    expect(citing).toEqual(['queue_depth/consumer_down']);
  });
});

describe('the causes', () => {
  const KEYS = packOf('KubePodCrashLooping', [
    pod('CrashLoopBackOff', 'waiting CrashLoopBackOff; 6 restarts'),
    log('Error: configmap "app-config" not found'),
  ]);

  it('cite what speaks for them, and are surer for it, never beyond the limit of rules', () => {
    const cause = first(KEYS);
    expect(cause).toMatchObject({ key: 'crash_loop/config' });
    expect(cause?.evidenceIds[0]).toBe('E3');
    expect(cause?.confidence).toBeGreaterThan(0.35);
    expect(cause?.confidence).toBeLessThanOrEqual(0.6);
  });

  it('gain from a second source, and lose by one that failed', () => {
    const line = 'connect() failed: connection refused while connecting to upstream';
    const one = first(packOf('HighErrorRate', [log(line)]))?.confidence ?? 0;
    const event = {
      source: 'kubernetes',
      title: 'Events of shop/x',
      text: '×3 Warning Unhealthy Pod/x: dial tcp 10.0.0.1:80: connection refused',
      relevance: 0.85,
    };
    const two = first(packOf('HighErrorRate', [log(line), event]));
    const gap = first(packOf('HighErrorRate', [log(line), failed('prometheus')]))?.confidence ?? 0;
    expect(two?.key).toBe('http_5xx/dependency');
    expect(two?.confidence).toBeGreaterThan(one);
    expect(gap).toBeLessThan(one);
  });

  it('claim nothing when sources answered and none speaks for any', () => {
    const draft = draftOf(packOf('HighErrorRate', [CALM], { annotations: { description: 'the upstream timed out' } }));
    expect(draft.status).toBe('ready');
    for (const { confidence } of draft.causes) expect(confidence).toBeLessThanOrEqual(0.3);
  });

  it('are as they were where no source is configured', () => {
    const draft = draftOf(packOf('HighErrorRate', [], { annotations: { description: 'the upstream timed out' } }));
    expect(draft.causes[0]).toMatchObject({ key: 'http_5xx/dependency', confidence: 0.55, evidenceIds: ['E1'] });
  });

  it('see traffic in requests that rise, and no traffic in failures that rise', () => {
    const traffic = packOf('HighRequestLatency', [metric('http_requests_total', ROSE)]);
    expect(first(traffic)?.key).toBe('latency/traffic');
    const failures = packOf('HighRequestLatency', [metric('http_requests_total{status="503"}', ROSE)]);
    expect(first(failures)?.key).not.toBe('latency/traffic');
  });
});

describe('a release', () => {
  const THROWS = log('TypeError: Cannot read properties of undefined (reading id)');
  const release = (...given: Parameters<typeof packOf>[1]) => {
    const cause = draftOf(packOf('HighErrorRate', given)).causes.find(({ key }) => key === 'http_5xx/release');
    return { cites: cause?.evidenceIds.includes('E2') ?? false, confidence: cause?.confidence ?? 0 };
  };

  it('is blamed when it was of the same service, just before, and trouble followed', () => {
    expect(release(change('checkout 1.4.2', 5), THROWS)).toMatchObject({ cites: true });
    expect(release(change('checkout 1.4.2', 5), THROWS).confidence).toBeGreaterThan(release(THROWS).confidence);
  });

  it.each([
    ['of another service', change('search 3.1', 5, 'another service'), THROWS],
    ['in another environment', change('checkout 1.4.2', 5, 'same service as the alert · another environment'), THROWS],
    ['more than an hour before', change('checkout 1.4.2', 75), THROWS],
    ['after the start', change('checkout 1.4.2', -10), { ...THROWS, at: NOW + 15 * MINUTE }],
    ['that no trouble followed', change('checkout 1.4.2', 5), CALM],
    ['whose title only says that it fits', change('same service as the alert', 5, 'another service'), THROWS],
    [
      'while something else is seen to be the cause',
      change('checkout 1.4.2', 5),
      log('upstream timed out while reading response header'),
    ],
  ])('is innocent when it was one %s', (_what, item, other) => {
    expect(release(item, other).cites).toBe(false);
  });
});
