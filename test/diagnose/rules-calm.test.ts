import { describe, expect, it } from 'vitest';
import { draftOf } from '../../src/diagnose/providers/rules.ts';
import { change, log, metric, packOf, pod } from './rules-pack.ts';

const CALM = log('cache warmed in 12 ms', { fresh: false, relevance: 0.4 });
const own = (state: string, ...lines: readonly string[]) => ({
  source: 'prometheus',
  title: 'The alert’s own expression · HighCpu',
  text: ['cpu_percent > 80', state, ...lines].join('\n'),
  relevance: 0.9,
});
const cluster = (title: string, text = '', relevance = 0.3) => ({ source: 'kubernetes', title, text, relevance });
const BACK = own(
  'holds for no series at 2026-11-22T08:10:00Z; threshold > 80',
  'last 40; between 38 and 91, highest at x',
);

describe('nothing is wrong', () => {
  it.each([
    ['the value is back', 'HostHighCpuLoad', [BACK]],
    [
      'the value was the same the day before',
      'HostHighCpuLoad',
      [
        own(
          'holds for 1 series at x; threshold > 80',
          'cpu: last 85; between 60 and 86, highest at x',
          'the same hours of the day before: 58 to 87, 75 on average',
        ),
      ],
    ],
    [
      'the value only touches its threshold',
      'HostHighCpuLoad',
      [own('holds for 1 series at x; threshold > 80', 'cpu: last 81; between 78 and 82, highest at x')],
    ],
    [
      '一个值与前一天相同',
      'HostHighCpuLoad',
      [
        {
          ...own(
            'x 仍有 1 个序列满足；阈值 > 80%',
            'cpu：最新 85%；在 60% 到 86% 之间，x 最高',
            '前一天同一时段：58% 到 87%，平均 75%',
          ),
          title: '告警表达式的值 · HighCpu',
        },
      ],
    ],
    ['maintenance was announced', 'NodeDown', [change('Planned maintenance of node-1', 10), CALM]],
    ['a backup window was announced', 'HostHighIo', [change('Nightly backup window of the replica', 10), CALM]],
    ['例行备份已公告', 'HostHighIo', [change('每晚全量备份', 10, '与告警是同一服务'), CALM]],
    ['演练已公告', 'NodeDown', [change('机房切换演练', 10, '与告警在同一命名空间'), CALM]],
    [
      'the job has ended well',
      'KubeJobNotCompleted',
      [cluster('Job shop/nightly · Complete', '1 succeeded, 0 failed, 0 active')],
    ],
    [
      'the autoscaler did its work',
      'HostHighCpuLoad',
      [
        cluster('HPA shop/checkout · fine'),
        cluster('Events of shop/checkout', '×1 Normal SuccessfulRescale HorizontalPodAutoscaler/checkout: New size: 8'),
      ],
    ],
    [
      'a rollout ended well',
      'KubeDeploymentReplicasMismatch',
      [
        cluster('shop/checkout was rolled out 6 min before the start', '4 replicas wanted, 4 updated, 4 ready', 0.9),
        pod('healthy', 'running, ready'),
      ],
    ],
  ] as const)('when %s', (_what, name, given) => {
    const draft = draftOf(packOf(name, given));
    expect(draft).toMatchObject({ status: 'not_an_issue', causes: [], steps: [] });
    expect(draft.summary).not.toMatch(/[{}]/);
  });

  it.each([
    [
      'the value is back but a container was killed',
      'HostHighCpuLoad',
      [BACK, pod('OOMKilled', 'last end OOMKilled, exit code 137')],
    ],
    [
      'the value is back but new errors are logged',
      'HostHighCpuLoad',
      [BACK, log('payment failed: ledger rejects the booking')],
    ],
    [
      'the value is well above its threshold',
      'HostHighCpuLoad',
      [
        own(
          'holds for 1 series at x; threshold > 80',
          'cpu: last 99; between 40 and 99, highest at x; rose from about 40 to about 99 at x',
        ),
      ],
    ],
    [
      'it holds for nothing, for there is no value of it at all',
      'HostHighCpuLoad',
      [own('holds for no series at x; threshold > 80', 'it has no series in this time')],
    ],
    [
      'it holds for nothing, for its value is gone',
      'HostHighCpuLoad',
      [
        own(
          'holds for no series at x; threshold > 80',
          'cpu: last 40; between 38 and 91, highest at x; not seen after x',
        ),
      ],
    ],
    [
      'the value only touches its threshold, but something of it has clearly changed',
      'HostHighCpuLoad',
      [
        own('holds for 1 series at x; threshold > 80', 'cpu: last 81; between 78 and 82, highest at x'),
        metric('kube_persistentvolumeclaim_status_phase', 'rose from about 0 to about 1 at x, >99σ', 0.8),
      ],
    ],
    ['a release calls itself maintenance', 'NodeDown', [change('2.4.1 maintenance release', 10), CALM]],
    ['例行发布不是维护', 'NodeDown', [change('例行发布 2.4.1', 10, '与告警是同一服务'), CALM]],
    [
      'maintenance of something else was announced',
      'NodeDown',
      [change('Planned maintenance of the billing database', 10, 'another service'), CALM],
    ],
    [
      'the maintenance was over',
      'NodeDown',
      [change('Planned maintenance of node-1', 50), change('Maintenance of node-1 completed', 20), CALM],
    ],
    ['the outage was unplanned', 'NodeDown', [change('Unplanned maintenance of node-1', 10), CALM]],
    [
      'another job of it failed',
      'KubeJobNotCompleted',
      [cluster('Job shop/nightly-1 · Complete'), cluster('Job shop/nightly-2 · failed')],
    ],
    [
      'the autoscaler is at its maximum',
      'HostHighCpuLoad',
      [cluster('HPA shop/checkout · at its maximum', 'SuccessfulRescale', 0.85)],
    ],
    [
      'the rollout is stuck',
      'KubeDeploymentReplicasMismatch',
      [cluster('shop/checkout was rolled out 6 min before the start', '4 replicas wanted, 4 updated, 2 ready', 0.9)],
    ],
    ['the alert is only named after the word', 'DrillPressDown', [CALM]],
  ] as const)('is not said when %s', (_what, name, given) => {
    expect(draftOf(packOf(name, given)).status).not.toBe('not_an_issue');
  });

  it('a value above its threshold every day is still no excuse for a critical alert', () => {
    const same = own('holds for 1 series at x; threshold > 80', 'cpu: last 81; between 78 and 82, highest at x');
    expect(draftOf(packOf('HostHighCpuLoad', [same], { severity: 'critical' })).status).toBe('ready');
  });

  it('a notice stays one, unless the evidence says outright what is wrong', () => {
    const notice = { severity: 'info', severityRaw: 'info' } as const;
    expect(draftOf(packOf('DiskUsageHigh', [CALM], notice)).status).toBe('not_an_issue');
    const full = [log('write /data/wal: no space left on device')];
    expect(draftOf(packOf('DiskUsageHigh', full, notice)).status).toBe('ready');
  });

  it('a notice of what a rule knows is none while its value has risen and still holds', () => {
    const notice = { severity: 'info', severityRaw: 'info' } as const;
    const course = 'cpu: last 99; between 40 and 99, highest at x';
    const risen = own('holds for 1 series at x; threshold > 80', `${course}; rose from about 40 to about 99 at x`);
    expect(draftOf(packOf('CPUThrottlingHigh', [risen], notice))).toMatchObject({
      status: 'ready',
      family: 'cpu_throttling',
    });
    expect(draftOf(packOf('SignupsOdd', [risen], notice)).status).toBe('not_an_issue');
    const steady = own('holds for 1 series at x; threshold > 80', course);
    expect(draftOf(packOf('CPUThrottlingHigh', [steady], notice)).status).toBe('not_an_issue');
  });

  it('an alert that its sender marks as part of a drill is one', () => {
    expect(draftOf(packOf('NodeDown', [CALM], { labels: { drill: 'true' } })).status).toBe('not_an_issue');
    expect(draftOf(packOf('NodeDown', [], { title: '【演练】节点宕机' })).status).toBe('not_an_issue');
  });

  it.each(['Watchdog', 'DeadMansSwitch', 'PrometheusAlertmanagerE2eDeadManSwitch'])('%s beats as it should', (name) => {
    expect(draftOf(packOf(name, [], { severity: 'critical' })).status).toBe('not_an_issue');
  });
});
