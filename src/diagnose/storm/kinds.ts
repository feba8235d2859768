import { type Text, text } from '../rules/family.ts';

/** What each family of the rules is called in a sentence about many incidents. */
export const KIND_NAMES: Readonly<Record<string, Text>> = {
  queue_depth: text('消息积压', 'queue backlog'),
  quota: text('配额用尽', 'quota used up'),
  crash_loop: text('反复重启', 'crash loop'),
  oom: text('内存耗尽被杀', 'out of memory'),
  replication_lag: text('复制延迟', 'replication lag'),
  database_connections: text('数据库连接耗尽', 'database connections used up'),
  node_down: text('节点不可用', 'node down'),
  disk: text('磁盘', 'disk'),
  dns: text('域名解析失败', 'name resolution'),
  network_errors: text('网络错误', 'network errors'),
  memory_pressure: text('内存压力', 'memory pressure'),
  cpu_throttling: text('CPU 受限', 'CPU throttling'),
  target_down: text('目标无法访问', 'target down'),
  certificate: text('证书', 'certificate'),
  http_5xx: text('服务报错（5xx）', 'HTTP 5xx'),
  latency: text('响应变慢', 'latency'),
  clock_skew: text('时钟偏差', 'clock skew'),
  dead_mans_switch: text('监控静默', 'monitoring silent'),
  pod_pending: text('Pod 无法调度', 'pods pending'),
  job_failed: text('任务失败', 'failed jobs'),
};
