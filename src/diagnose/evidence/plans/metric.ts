import type { PlannedMetric } from '../plan.ts';

/** One line of a plan. */
export const metric = (zh: string, en: string, query: string, unit?: string): PlannedMetric => ({
  title: { 'zh-CN': zh, 'en-US': en },
  query,
  ...(unit === undefined ? {} : { unit }),
});

/** Label matchers of one pod. */
export const POD = 'namespace="{namespace}",pod="{pod}"';

/** Of the pods of a workload that the alert names by its service. */
const PODS_OF_SERVICE = 'namespace="{namespace}",pod=~"{service:re}-.*"';

/** Of a machine, as node_exporter's targets are called. */
export const HOST = 'instance=~"{host:re}(:[0-9]+)?"';

/** The same question for each of the labels by which applications name themselves; what exists answers. */
export const byService = (query: (matcher: string) => string): string =>
  ['service', 'app', 'job'].map((label) => query(`${label}="{service}"`)).join(' or ');

export const REQUESTS = metric(
  '按状态码的请求速率',
  'Requests by status',
  byService(
    (of) =>
      `sum by (status, code) (rate(http_requests_total{${of}}[5m])) or sum by (status) (rate(http_server_requests_seconds_count{${of}}[5m]))`,
  ),
  'per second',
);

export const LATENCY = metric(
  '请求耗时 P95',
  'Request latency, 95th percentile',
  byService(
    (of) =>
      `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${of}}[5m]))) or histogram_quantile(0.95, sum by (le) (rate(http_server_requests_seconds_bucket{${of}}[5m])))`,
  ),
  'seconds',
);

const memory = (of: string): string =>
  `max by (pod, container) (container_memory_working_set_bytes{${of},container!=""})`;
const restarts = (of: string): string =>
  `sum by (pod, container) (increase(kube_pod_container_status_restarts_total{${of}}[10m]))`;
const throttled = (of: string): string =>
  `100 * sum by (pod, container) (rate(container_cpu_cfs_throttled_periods_total{${of},container!=""}[5m])) / sum by (pod, container) (rate(container_cpu_cfs_periods_total{${of},container!=""}[5m]))`;
const processor = (of: string): string =>
  `sum by (pod, container) (rate(container_cpu_usage_seconds_total{${of},container!=""}[5m]))`;

export const MEMORY = [
  metric('容器内存用量', 'Memory of the containers', memory(POD), 'bytes'),
  metric('容器内存用量', 'Memory of the containers', memory(PODS_OF_SERVICE), 'bytes'),
] as const;

export const RESTARTS = [
  metric('10 分钟内的容器重启', 'Container restarts in 10 minutes', restarts(POD)),
  metric('10 分钟内的容器重启', 'Container restarts in 10 minutes', restarts(PODS_OF_SERVICE)),
] as const;

export const THROTTLED = [
  metric('CPU 被限流的周期占比', 'CPU periods that were throttled', throttled(POD), 'percent'),
  metric('CPU 被限流的周期占比', 'CPU periods that were throttled', throttled(PODS_OF_SERVICE), 'percent'),
] as const;

export const PROCESSOR = [
  metric('容器 CPU 用量（核）', 'CPU of the containers, cores', processor(POD)),
  metric('容器 CPU 用量（核）', 'CPU of the containers, cores', processor(PODS_OF_SERVICE)),
] as const;

export const LAST_TERMINATED = metric(
  '容器上次退出的原因',
  'Why the containers last ended',
  `max by (container, reason) (kube_pod_container_status_last_terminated_reason{${POD}})`,
);

export const WAITING = metric(
  '容器等待的原因',
  'Why containers wait',
  `max by (pod, container, reason) (kube_pod_container_status_waiting_reason{${POD}})`,
);

export const MEMORY_LIMIT = metric(
  '容器内存上限',
  'Memory limit of the containers',
  `max by (container) (kube_pod_container_resource_limits{${POD},resource="memory"})`,
  'bytes',
);

export const MEMORY_FREE = metric(
  '主机可用内存占比',
  'Memory available on the host',
  `100 * node_memory_MemAvailable_bytes{${HOST}} / node_memory_MemTotal_bytes{${HOST}}`,
  'percent',
);

export const HOST_PROCESSOR = metric(
  '主机 CPU 各模式占比',
  'CPU of the host by mode',
  `100 * avg by (instance, mode) (rate(node_cpu_seconds_total{${HOST},mode!="idle"}[5m]))`,
  'percent',
);

export const LOAD = metric(
  '主机每核负载',
  'Load of the host per core',
  `node_load5{${HOST}} / on (instance) count by (instance) (node_cpu_seconds_total{${HOST},mode="idle"})`,
);

export const UP = metric('采集目标是否可达', 'Whether the target can be scraped', `up{instance="{instance}"}`);
