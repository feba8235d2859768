import type { Plan } from '../plan.ts';
import { LATENCY, MEMORY_FREE, PROCESSOR, REQUESTS, RESTARTS, THROTTLED, UP, byService, metric } from './metric.ts';

const POOL = metric(
  '等待数据库连接的线程',
  'Threads that wait for a database connection',
  byService((of) => `sum by (pool) (hikaricp_connections_pending{${of}})`),
);

const PAUSES = metric(
  '垃圾回收暂停占时',
  'Time spent in garbage collection pauses',
  byService((of) => `100 * sum by (instance) (rate(jvm_gc_pause_seconds_sum{${of}}[5m]))`),
  'percent',
);

const INGRESS = metric(
  '入口按状态码的请求速率',
  'Requests through the ingress by status',
  'sum by (status) (rate(nginx_ingress_controller_requests{exported_service="{service}"}[5m])) or sum by (response_code) (rate(istio_requests_total{destination_service_name="{service}"}[5m]))',
  'per second',
);

/** What services usually tell of themselves, and what probes see of them. */
export const SERVICE_PLANS: Readonly<Record<string, Plan>> = {
  http_5xx: {
    metrics: [REQUESTS, LATENCY, INGRESS, ...RESTARTS, POOL, ...THROTTLED],
    logWords: [
      '500',
      '502',
      '503',
      '504',
      'upstream',
      'refused',
      'timeout',
      'exception',
      'pool',
      'unavailable',
      '连接',
      '超时',
      '异常',
    ],
    kubernetes: ['rollout', 'pod', 'events', 'service'],
    probe: true,
  },
  latency: {
    metrics: [LATENCY, REQUESTS, POOL, ...THROTTLED, PAUSES, ...PROCESSOR],
    logWords: ['slow', 'timeout', 'deadline', 'lock', 'pool', 'gc', 'retry', 'took', '慢', '超时', '耗时', '锁'],
    kubernetes: ['rollout', 'pod', 'events', 'autoscaler'],
    probe: true,
  },
  target_down: {
    metrics: [
      metric('探测是否成功', 'Whether the probe succeeds', 'probe_success{instance="{instance}"}'),
      UP,
      metric(
        '同一任务中可达的目标占比',
        'Targets of the same job that can be scraped',
        '100 * avg(up{job="{job}"})',
        'percent',
      ),
      metric('探测得到的状态码', 'Status the probe got', 'probe_http_status_code{instance="{instance}"}'),
      metric(
        '进程已运行的时间',
        'How long the process has run',
        'time() - process_start_time_seconds{instance="{instance}"}',
        'seconds',
      ),
      MEMORY_FREE,
      ...RESTARTS,
    ],
    logWords: [
      'refused',
      'timeout',
      'unreachable',
      'listen',
      'shutdown',
      'sigterm',
      'exit',
      'no route',
      '拒绝',
      '超时',
      '退出',
    ],
    kubernetes: ['pod', 'events', 'rollout', 'service', 'node'],
    probe: true,
  },
  certificate: {
    metrics: [
      metric(
        '距证书到期的时间',
        'Time until the certificate expires',
        'probe_ssl_earliest_cert_expiry{instance="{instance}"} - time()',
        'seconds',
      ),
      metric(
        '距证书到期的时间',
        'Time until the certificate expires',
        'min by (name, namespace) (certmanager_certificate_expiration_timestamp_seconds{namespace="{namespace}"} - time())',
        'seconds',
      ),
      metric(
        '没有就绪的证书',
        'Certificates that are not ready',
        'certmanager_certificate_ready_status{namespace="{namespace}",condition="False"} == 1',
      ),
      metric('探测是否成功', 'Whether the probe succeeds', 'probe_success{instance="{instance}"}'),
      metric(
        '签发请求的失败速率',
        'Failing calls to the issuer',
        'sum by (status) (rate(certmanager_http_acme_client_request_count{status!~"2.."}[1h]))',
        'per second',
      ),
    ],
    logWords: [
      'certificate',
      'x509',
      'tls',
      'expired',
      'acme',
      'challenge',
      'renew',
      'handshake',
      '证书',
      '过期',
      '续期',
    ],
    kubernetes: ['events', 'service'],
    probe: true,
  },
};
