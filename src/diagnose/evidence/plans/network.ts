import type { Plan } from '../plan.ts';
import { HOST, UP, metric } from './metric.ts';

const CONNTRACK = metric(
  '连接跟踪表的使用率',
  'Share of the connection tracking table in use',
  `100 * node_nf_conntrack_entries{${HOST}} / node_nf_conntrack_entries_limit{${HOST}}`,
  'percent',
);

const perSecond = (zh: string, en: string, name: string) =>
  metric(zh, en, `sum by (instance, device) (rate(${name}{${HOST},device!~"lo|veth.*|cali.*"}[5m]))`, 'per second');

/** What is known of names, clocks, links and of the monitoring itself. */
export const NETWORK_PLANS: Readonly<Record<string, Plan>> = {
  dns: {
    metrics: [
      metric(
        '域名解析的应答（按结果）',
        'DNS answers by result',
        'sum by (rcode) (rate(coredns_dns_responses_total[5m]))',
        'per second',
      ),
      metric(
        '域名解析耗时 P99',
        'DNS latency, 99th percentile',
        'histogram_quantile(0.99, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket[5m])))',
        'seconds',
      ),
      metric(
        '上游解析的失败',
        'Failing upstream resolvers',
        'sum by (to) (rate(coredns_forward_healthcheck_failures_total[5m])) or sum by (to) (rate(coredns_proxy_healthcheck_failures_total[5m]))',
        'per second',
      ),
      metric(
        '解析服务的内存',
        'Memory of the resolvers',
        'max by (pod) (container_memory_working_set_bytes{namespace="kube-system",pod=~"coredns-.*",container!=""})',
        'bytes',
      ),
      metric(
        '探测中的解析耗时',
        'Lookup time of the probe',
        'probe_dns_lookup_time_seconds{instance="{instance}"}',
        'seconds',
      ),
    ],
    logWords: [
      'nxdomain',
      'servfail',
      'no such host',
      'lookup',
      'resolve',
      'dns',
      'i/o timeout',
      'eai_again',
      '解析',
      '域名',
    ],
    kubernetes: ['events', 'rollout', 'service'],
    probe: true,
  },
  clock_skew: {
    metrics: [
      metric('时钟偏差', 'Clock offset', `node_timex_offset_seconds{${HOST}}`, 'seconds'),
      metric('时钟是否已同步', 'Whether the clock is synchronised', `node_timex_sync_status{${HOST}}`),
      metric('时钟的最大误差', 'Largest error of the clock', `node_timex_maxerror_seconds{${HOST}}`, 'seconds'),
    ],
    logWords: ['ntp', 'chrony', 'clock', 'skew', 'offset', 'stratum', 'time jump', '时钟', '同步'],
    kubernetes: ['node', 'events'],
    probe: false,
  },
  network_errors: {
    metrics: [
      perSecond('接收错误', 'Receive errors', 'node_network_receive_errs_total'),
      perSecond('接收丢包', 'Packets dropped on receipt', 'node_network_receive_drop_total'),
      perSecond('接收字节', 'Bytes received', 'node_network_receive_bytes_total'),
      CONNTRACK,
      metric(
        'TCP 重传占比',
        'TCP segments sent again',
        `100 * rate(node_netstat_Tcp_RetransSegs{${HOST}}[5m]) / rate(node_netstat_Tcp_OutSegs{${HOST}}[5m])`,
        'percent',
      ),
    ],
    logWords: [
      'carrier',
      'link down',
      'conntrack',
      'dropped',
      'retransmit',
      'reset by peer',
      'table full',
      '网卡',
      '丢包',
    ],
    kubernetes: ['node', 'events'],
    probe: false,
  },
  dead_mans_switch: {
    metrics: [
      metric(
        '监控自身是否可达',
        'Whether the monitoring itself can be scraped',
        'up{job=~".*(prometheus|alertmanager).*"}',
      ),
      metric(
        '发不出去的通知',
        'Notifications that could not be sent',
        'sum by (alertmanager) (rate(prometheus_notifications_errors_total[5m])) or sum by (integration) (rate(alertmanager_notifications_failed_total[5m]))',
        'per second',
      ),
      metric('通知队列', 'Notifications waiting', 'prometheus_notifications_queue_length'),
      metric(
        '规则求值的失败',
        'Failing evaluations of rules',
        'sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[10m])) > 0',
      ),
      UP,
    ],
    logWords: ['alertmanager', 'prometheus', 'notify', 'webhook', 'tsdb', 'wal', 'remote write', '告警'],
    kubernetes: ['pod', 'events', 'rollout'],
    probe: false,
  },
};
