/** One step of the demo: what is told in the terminal and what is done, by somebody or by a monitoring system. */
export interface Step {
  /** Seconds after the step before. */
  readonly after: number;
  readonly tell: { readonly 'zh-CN': string; readonly 'en-US': string };
  readonly act: Act;
}

export type Act =
  | { readonly kind: 'alerts'; readonly path: string; readonly bodies: readonly unknown[] }
  | { readonly kind: 'say'; readonly person: string; readonly text: string };

interface Sample {
  readonly name: string;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

const CRASH: Sample = {
  name: 'KubePodCrashLooping',
  severity: 'critical',
  labels: { namespace: 'shop', pod: 'payment-7f6d9c5b8-x2lqv', container: 'payment', cluster: 'cn-east-1' },
  summary: 'Pod is crash looping.',
  description: 'Pod shop/payment-7f6d9c5b8-x2lqv (payment) is in waiting state (reason: "CrashLoopBackOff").',
};

const CRASH_TOO: Sample = {
  ...CRASH,
  labels: { ...CRASH.labels, pod: 'payment-7f6d9c5b8-m8w4t' },
  description: 'Pod shop/payment-7f6d9c5b8-m8w4t (payment) is in waiting state (reason: "CrashLoopBackOff").',
};

const DISK: Sample = {
  name: 'NodeFilesystemSpaceFillingUp',
  severity: 'warning',
  labels: { instance: 'db-03:9100', device: '/dev/nvme1n1', mountpoint: '/var/lib/postgresql', job: 'node' },
  summary: 'Filesystem is predicted to run out of space within the next 24 hours.',
  description: 'Filesystem on /dev/nvme1n1 at db-03:9100 has only 11.24% available space left and is filling up.',
};

function alertmanager(samples: readonly Sample[], status: 'firing' | 'resolved', startsAt: string) {
  const alerts = samples.map(({ name, severity, labels, summary, description }) => ({
    status,
    labels: { alertname: name, severity, ...labels },
    annotations: { summary, description, runbook_url: `https://runbooks.prometheus-operator.dev/runbooks/${name}` },
    startsAt,
    endsAt: status === 'resolved' ? new Date().toISOString() : '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.com/graph?g0.expr=kube_pod_container_status_waiting_reason&g0.tab=0',
  }));
  const [first] = samples;
  return {
    version: '4',
    receiver: 'zhiban',
    status,
    groupKey: `{}:{alertname="${first?.name ?? ''}"}`,
    groupLabels: { alertname: first?.name ?? '' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts,
  };
}

const STORM_SIZE = 300;
const SERVICES = ['checkout', 'cart', 'search', 'inventory', 'gateway', 'user', 'coupon', 'shipping'];

/** A switch dies: hundreds of services lose their targets at once, each a problem of its own to the monitoring. */
const storm = (startsAt: string) =>
  Array.from({ length: STORM_SIZE }, (_, index) => {
    const service = SERVICES[index % SERVICES.length] ?? 'service';
    const sample: Sample = {
      name: `TargetDown-${service}-${index}`,
      severity: index % 60 === 0 ? 'critical' : 'warning',
      labels: { service, instance: `10.3.${index >> 4}.${index % 16}:8080`, rack: 'B7' },
      summary: `${service} instance ${index} is unreachable`,
      description: `The target 10.3.${index >> 4}.${index % 16}:8080 of ${service} has been down for 1 minute.`,
    };
    return alertmanager([sample], 'firing', startsAt);
  });

/** The evening of a team on call, in about a minute; then it stays up for the visitor to press things. */
export function storyline(startsAt: string): readonly Step[] {
  const send = (...bodies: readonly unknown[]): Act => ({ kind: 'alerts', path: '/api/alert', bodies });
  return [
    {
      after: 2,
      tell: { 'zh-CN': '支付服务开始反复重启：一张红色卡片', 'en-US': 'Payment starts crash looping: a red card' },
      act: send(alertmanager([CRASH], 'firing', startsAt)),
    },
    {
      after: 6,
      tell: { 'zh-CN': '第二个 Pod 也挂了：还是同一张卡片', 'en-US': 'A second pod joins: still the same card' },
      act: send(alertmanager([CRASH, CRASH_TOO], 'firing', startsAt)),
    },
    {
      after: 6,
      tell: { 'zh-CN': '陈默在话题外认领：@zhiban 认领', 'en-US': 'Chen acknowledges by talking to the bot' },
      act: { kind: 'say', person: 'chen', text: '@zhiban 认领' },
    },
    {
      after: 5,
      tell: { 'zh-CN': 'Grafana 报告磁盘将满', 'en-US': 'Grafana says that a disk is filling up' },
      act: send({
        ...alertmanager([DISK], 'firing', startsAt),
        orgId: 1,
        title: '[FIRING:1] disk',
        state: 'alerting',
        message: '',
      }),
    },
    {
      after: 6,
      tell: { 'zh-CN': '自定义脚本用一行中文发来告警', 'en-US': 'A script sends a line of Chinese text' },
      act: send({
        sender_id: 'cron-host',
        message: '[告警] 夜间对账任务失败\n服务: billing\n命名空间: finance\n级别: 警告',
      }),
    },
    {
      after: 7,
      tell: {
        'zh-CN': `交换机故障：${STORM_SIZE} 条告警变成几张卡片和一张风暴卡`,
        'en-US': `A switch dies: ${STORM_SIZE} alerts become a few cards and one storm card`,
      },
      act: send(...storm(startsAt)),
    },
    {
      after: 10,
      tell: { 'zh-CN': '支付服务恢复：卡片变绿', 'en-US': 'Payment recovers: its card turns green' },
      act: send(alertmanager([CRASH, CRASH_TOO], 'resolved', startsAt)),
    },
    {
      after: 5,
      tell: { 'zh-CN': '林岚问机器人能做什么：@zhiban /help', 'en-US': 'Lin asks what the bot can do' },
      act: { kind: 'say', person: 'lin', text: '@zhiban /help' },
    },
  ];
}
