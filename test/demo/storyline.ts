import type { Locale } from '../../src/types.ts';

/** One step of the demo: what is told in the terminal and what is done, by somebody or by a monitoring system. */
export interface Step {
  /** Seconds after the step before. */
  readonly after: number;
  readonly tell: string;
  readonly act: Act;
}

export type Act =
  /** `name` is what later steps call the incident of the first one. */
  | { readonly kind: 'alerts'; readonly name?: string; readonly bodies: readonly unknown[] }
  | { readonly kind: 'say'; readonly person: string; readonly text: string }
  | {
      readonly kind: 'press';
      readonly person: string;
      readonly incident: string;
      readonly action: string;
      readonly form?: Readonly<Record<string, string>>;
    };

interface Sample {
  readonly name: string;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  /** What its graph shows. */
  readonly expr: string;
}

const crash = (pod: string, namespace = 'shop'): Sample => ({
  name: 'KubePodCrashLooping',
  severity: 'critical',
  labels: { cluster: 'cn-east-1', namespace, pod, container: 'payment' },
  summary: 'Payment keeps restarting.',
  description: `Pod ${namespace}/${pod} (payment) is in waiting state (reason: "CrashLoopBackOff").`,
  expr: 'kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}',
});

const CRASH = crash('payment-7f6d9c5b8-x2lqv');
const CRASH_TOO = crash('payment-7f6d9c5b8-m8w4t');
const CRASH_ELSEWHERE = crash('payment-6c8b7d9f4-q5ntz', 'shop-eu');

const DISK: Sample = {
  name: 'NodeFilesystemSpaceFillingUp',
  severity: 'warning',
  labels: { instance: 'db-03:9100', device: '/dev/nvme1n1', mountpoint: '/var/lib/postgresql', job: 'node' },
  summary: 'Filesystem is predicted to run out of space within the next 24 hours.',
  description: 'Filesystem on /dev/nvme1n1 at db-03:9100 has only 11.24% available space left and is filling up.',
  expr: 'node_filesystem_avail_bytes{mountpoint="/var/lib/postgresql"}',
};

function alertmanager(samples: readonly Sample[], status: 'firing' | 'resolved', startsAt: Date) {
  const [first] = samples;
  const groupLabels = { alertname: first?.name ?? '', namespace: first?.labels['namespace'] ?? '' };
  return {
    version: '4',
    receiver: 'zhiban',
    status,
    groupKey: `{}:{alertname="${groupLabels.alertname}",namespace="${groupLabels.namespace}"}`,
    groupLabels,
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts: samples.map((sample) => firing(sample, status, startsAt)),
  };
}

const firing = (sample: Sample, status: 'firing' | 'resolved', startsAt: Date) => ({
  status,
  labels: { alertname: sample.name, severity: sample.severity, ...sample.labels },
  annotations: {
    summary: sample.summary,
    description: sample.description,
    runbook_url: `https://runbooks.prometheus-operator.dev/runbooks/${sample.name}`,
  },
  startsAt: startsAt.toISOString(),
  endsAt: status === 'resolved' ? new Date().toISOString() : '0001-01-01T00:00:00Z',
  generatorURL: `http://prometheus.example.com/graph?${new URLSearchParams({ 'g0.expr': sample.expr }).toString()}`,
});

/** Grafana sends what Alertmanager sends, and more. */
const grafana = (sample: Sample, startsAt: Date) => ({
  ...alertmanager([sample], 'firing', startsAt),
  orgId: 1,
  title: `[FIRING:1] ${sample.name}`,
  state: 'alerting',
  message: sample.summary,
});

const STORM_SIZE = 300;
const SERVICES = ['checkout', 'cart', 'search', 'inventory', 'gateway', 'user', 'coupon', 'shipping'];

/** A switch dies: hundreds of instances vanish at once, each a problem of its own to the monitoring. */
const storm = (startsAt: Date) =>
  Array.from({ length: STORM_SIZE }, (_, index) => {
    const service = SERVICES[index % SERVICES.length] ?? 'service';
    const instance = `10.3.${index >> 4}.${index % 16}:8080`;
    const sample: Sample = {
      name: `TargetDown-${service}-${index}`,
      severity: index % 150 === 0 ? 'critical' : 'warning',
      labels: { service, instance, rack: 'B7' },
      summary: `${service} on ${instance} is unreachable`,
      description: `The target ${instance} of ${service} has been down for 1 minute.`,
      expr: `up{instance="${instance}"} == 0`,
    };
    return alertmanager([sample], 'firing', startsAt);
  });

/** A morning of a team on call, in about a minute; then it stays up for the visitor to press things. */
export function storyline(locale: Locale, startsAt: Date): readonly Step[] {
  const zh = locale === 'zh-CN';
  const fires = (...samples: readonly Sample[]): Act => ({
    kind: 'alerts',
    name: 'payment',
    bodies: [alertmanager(samples, 'firing', startsAt)],
  });
  return [
    {
      after: 2,
      tell: zh ? '林岚问机器人能做什么' : 'Lin asks what the bot can do',
      act: { kind: 'say', person: 'lin', text: zh ? '@zhiban 帮助' : '@zhiban /help' },
    },
    {
      after: 4,
      tell: zh
        ? '支付服务反复重启：一张红色卡片，几秒后有了诊断'
        : 'Payment starts crash looping: a red card, and in some seconds a diagnosis',
      act: fires(CRASH),
    },
    {
      after: 8,
      tell: zh ? '又一个 Pod 出问题：还是同一张卡片' : 'A second pod joins: still the same card',
      act: fires(CRASH, CRASH_TOO),
    },
    {
      after: 5,
      tell: zh ? '陈默对机器人说话来认领' : 'Chen acknowledges by talking to the bot',
      act: { kind: 'say', person: 'chen', text: zh ? '@zhiban 认领' : '@zhiban /ack' },
    },
    {
      after: 5,
      tell: zh ? '林岚按下“诊断正确”' : 'Lin presses "Confirm diagnosis"',
      act: { kind: 'press', person: 'lin', incident: 'payment', action: 'confirm_diagnosis' },
    },
    {
      after: 5,
      tell: zh ? '支付服务恢复：卡片变绿' : 'Payment recovers: its card turns green',
      act: { kind: 'alerts', bodies: [alertmanager([CRASH, CRASH_TOO], 'resolved', startsAt)] },
    },
    {
      after: 5,
      tell: zh ? '另一个集群也遇到同样的问题：这次它记得' : 'The same happens elsewhere: this time it remembers',
      act: { kind: 'alerts', name: 'elsewhere', bodies: [alertmanager([CRASH_ELSEWHERE], 'firing', new Date())] },
    },
    {
      after: 7,
      tell: zh ? 'Grafana 报告磁盘将满' : 'Grafana says that a disk is filling up',
      act: { kind: 'alerts', name: 'disk', bodies: [grafana(DISK, startsAt)] },
    },
    {
      after: 5,
      tell: zh ? '一个脚本发来一段文字' : 'A script sends a few lines of text',
      act: { kind: 'alerts', bodies: [{ sender_id: 'cron-host', message: textOf(zh) }] },
    },
    {
      after: 6,
      tell: zh
        ? `交换机故障：${STORM_SIZE} 条告警，只有几张卡片和一张风暴卡`
        : `A switch dies: ${STORM_SIZE} alerts, a few cards and one storm card`,
      act: { kind: 'alerts', bodies: storm(startsAt) },
    },
  ];
}

const textOf = (zh: boolean): string =>
  zh
    ? '[告警] 夜间对账任务失败\n服务: billing\n命名空间: finance\n级别: 警告\n第 3 次重试后放弃，14 笔订单未对上'
    : '[alert] Nightly reconciliation failed\nservice: billing\nnamespace: finance\nseverity: warning\nGave up after 3 retries, 14 orders do not match';
