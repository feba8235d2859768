import { describe, expect, it } from 'vitest';
import { match } from '../../src/diagnose/match.ts';
import { FAMILIES } from '../../src/diagnose/rules/families.ts';
import { workedFor } from '../support/worked.ts';

const named = (alertname: string, description = '') => ({
  title: alertname,
  labels: { alertname },
  annotations: { description },
});
const titled = (title: string) => ({ title, labels: {}, annotations: {} });

/** Names as the usual rule sets have them, and titles as people write them. */
const KNOWN: Readonly<Record<string, { readonly names: readonly string[]; readonly titles: readonly string[] }>> = {
  crash_loop: {
    names: ['KubePodCrashLooping', 'KubernetesPodCrashLooping', 'PodRestartingTooOften', 'ContainerRestartTooMuch'],
    titles: ['payment 服务反复重启', 'Pod 频繁重启告警', 'pod crash loop in prod'],
  },
  oom: {
    names: ['KubernetesContainerOomKiller', 'HostOomKillDetected', 'ContainerOOMKilled', 'OOMKilled'],
    titles: ['order-service 发生 OOM', 'JVM 内存溢出', '进程被OOM'],
  },
  node_down: {
    names: ['KubeNodeNotReady', 'KubeNodeUnreachable', 'NodeDown', 'InstanceDown', 'KubeletDown', 'HostDown'],
    titles: ['节点宕机', '主机失联 10.0.0.3', '服务器不可达'],
  },
  disk: {
    names: [
      'NodeFilesystemSpaceFillingUp',
      'NodeFilesystemAlmostOutOfSpace',
      'NodeFilesystemAlmostOutOfFiles',
      'KubePersistentVolumeFillingUp',
      'HostOutOfDiskSpace',
      'HostOutOfInodes',
      'DiskUsageHigh',
    ],
    titles: ['磁盘使用率过高', '磁盘空间不足', '根分区已满'],
  },
  cpu_throttling: {
    names: ['CPUThrottlingHigh', 'HostHighCpuLoad', 'NodeCPUHighUsage', 'NodeSystemSaturation', 'KubeCPUOvercommit'],
    titles: ['CPU使用率过高', '系统负载过高', 'CPU 限流'],
  },
  certificate: {
    names: [
      'KubeClientCertificateExpiration',
      'BlackboxSslCertificateWillExpireSoon',
      'BlackboxSslCertificateExpired',
      'CertManagerCertExpirySoon',
      'KubeletClientCertificateRenewalErrors',
    ],
    titles: ['证书即将过期', 'HTTPS 证书过期提醒', 'SSL cert expires in 7 days'],
  },
  target_down: {
    names: [
      'TargetDown',
      'PrometheusTargetMissing',
      'BlackboxProbeFailed',
      'KubeAPIDown',
      'ServiceDown',
      'EndpointDown',
    ],
    titles: ['服务不可用', '端口探测失败', '网站拨测失败'],
  },
  http_5xx: {
    names: ['NginxHighHttp5xxErrorRate', 'TraefikHighHttp5xxErrorRateService', 'HighErrorRate', 'ErrorBudgetBurn'],
    titles: ['接口错误率过高', '网关 5xx 告警', '服务报错增多'],
  },
  latency: {
    names: ['NginxLatencyHigh', 'BlackboxSlowProbe', 'HighRequestLatency', 'SlowResponseTime', 'KubeAPILatencyHigh'],
    titles: ['接口响应慢', '响应延迟过高', 'P99 耗时过长'],
  },
  replication_lag: {
    names: ['MysqlSlaveReplicationLag', 'PostgresqlReplicationLag', 'RedisReplicationBroken', 'MongodbReplicationLag'],
    titles: ['MySQL 主从延迟', '从库复制中断', '主从同步异常'],
  },
  queue_depth: {
    names: ['RabbitmqTooManyMessagesInQueue', 'KafkaConsumerGroupLag', 'KafkaConsumersGroupLag', 'QueueDepthHigh'],
    titles: ['Kafka 消息积压', '消费延迟告警', '队列堆积'],
  },
  pod_pending: {
    names: [
      'KubePodNotReady',
      'KubeDeploymentReplicasMismatch',
      'KubeContainerWaiting',
      'KubernetesPodNotHealthy',
      'PodPending',
      'KubeDaemonSetRolloutStuck',
    ],
    titles: ['Pod 无法调度', 'Pod 未就绪', '镜像拉取失败'],
  },
  job_failed: {
    names: ['KubeJobFailed', 'KubeJobNotCompleted', 'KubernetesJobFailed', 'CronJobFailed', 'BackupFailed'],
    titles: ['定时任务失败', '数据库备份失败', '批处理作业异常'],
  },
  dns: {
    names: ['CorednsPanicCount', 'CoreDNSErrorsHigh', 'DNSLookupFailed', 'CoreDNSDown'],
    titles: ['域名解析失败', 'DNS 解析异常', 'dns lookup timeout'],
  },
  database_connections: {
    names: [
      'MysqlTooManyConnections',
      'PostgresqlTooManyConnections',
      'RedisTooManyConnections',
      'HikariConnectionPoolExhausted',
      'MongodbTooManyConnections',
    ],
    titles: ['数据库连接数过高', '连接池耗尽', 'MySQL 连接数告警'],
  },
  clock_skew: {
    names: ['NodeClockSkewDetected', 'NodeClockNotSynchronising', 'HostClockSkew', 'NTPDrift'],
    titles: ['时钟不同步', '服务器时间偏差', 'chrony not synced'],
  },
  network_errors: {
    names: [
      'NodeNetworkReceiveErrs',
      'NodeNetworkTransmitErrs',
      'HostNetworkReceiveErrors',
      'NodeHighNumberConntrackEntriesUsed',
    ],
    titles: ['网卡丢包', '网络丢包率过高', 'packet loss to IDC'],
  },
  dead_mans_switch: {
    names: ['MonitoringSilent', 'HeartbeatLost', 'WatchdogMissing', 'PrometheusNotConnectedToAlertmanager'],
    titles: ['监控心跳丢失', 'Monitoring is silent', '监控失联'],
  },
  memory_pressure: {
    names: [
      'NodeMemoryHighUtilization',
      'HostOutOfMemory',
      'NodeMemoryMajorPagesFaults',
      'HostMemoryUnderMemoryPressure',
      'KubeMemoryOvercommit',
    ],
    titles: ['内存使用率过高', '主机内存不足', 'high memory usage'],
  },
  quota: {
    names: ['KubeQuotaAlmostFull', 'KubeQuotaFullyUsed', 'KubeQuotaExceeded', 'KubeHpaMaxedOut'],
    titles: ['命名空间配额不足', '短信额度用尽', 'quota exceeded'],
  },
};

describe('the rule base', () => {
  it('covers exactly the twenty families', () => {
    expect(FAMILIES.map(({ id }) => id).toSorted()).toEqual(Object.keys(KNOWN).toSorted());
    expect(FAMILIES).toHaveLength(20);
  });

  it.each(Object.entries(KNOWN).flatMap(([id, { names }]) => names.map((name) => [name, id] as const)))(
    'knows the rule name %s as %s',
    (name, id) => expect(match(named(name))?.family.id).toBe(id),
  );

  it.each(Object.entries(KNOWN).flatMap(([id, { titles }]) => titles.map((title) => [title, id] as const)))(
    'knows the title %s as %s',
    (title, id) => expect(match(titled(title))?.family.id).toBe(id),
  );

  it.each([
    ['node_down', 'Kubernetes node worker-3 has been not ready for more than 15 minutes'],
    ['oom', 'Container was OOMKilled, exit code 137'],
    ['disk', 'write /var/lib/x: no space left on device'],
    ['pod_pending', '0/5 nodes are available: 5 Insufficient cpu.'],
    ['dns', 'dial tcp: lookup redis.prod: no such host'],
    ['database_connections', 'FATAL: sorry, too many clients already'],
    ['certificate', 'x509: certificate has expired or is not yet valid'],
  ])('finds %s in what an alert says when its name tells nothing', (id, description) => {
    const matched = match(named('Alert 7', description));
    expect(matched?.family.id).toBe(id);
    expect(matched?.by).toBe('words');
  });

  it.each([
    '订单金额异常',
    'UserSignupsDropped',
    '库存不足提醒',
    'Stock price changed',
    'RevenueBelowTarget',
    '活动报名人数过多',
    'FraudScoreHigh',
    'DoorOpen',
    '温度过高',
    'GitlabPipelineStuck',
  ])('knows no family for %s', (title) => {
    expect(match(named(title))).toBeUndefined();
  });

  it.each(['Watchdog', 'DeadMansSwitch', 'PrometheusAlertmanagerE2eDeadManSwitch', 'InfoInhibitor'])(
    'does not take %s, which is meant to fire, for its silence',
    (name) => expect(match(named(name, 'This alert is always firing.'))).toBeUndefined(),
  );

  it.each([
    'room-inventory low',
    'ClassroomBookingRate',
    'PayrollExportMissing',
    'ReportMissing',
    'ZoomMeetingQuality',
  ])('does not find a family inside the words of %s', (name) => expect(match(named(name))).toBeUndefined());

  it.each([
    ['TooManyConnections', 'database_connections'],
    ['PodOOM', 'oom'],
    ['JvmOomError', 'oom'],
    ['oom-killer on worker 3', 'oom'],
    ['CheckoutApiDown', 'target_down'],
    ['RedisDown', 'target_down'],
    ['PayrollExporterMissing', 'target_down'],
  ])('reads %s word by word as %s', (name, id) => {
    expect(match(named(name))?.family.id).toBe(id);
  });

  it.each([
    ['kafka_consumergroup_lag > 10000', 'queue_depth'],
    ['mysql_global_status_threads_connected / mysql_global_variables_max_connections > 0.8', 'database_connections'],
    ['(probe_ssl_earliest_cert_expiry - time()) / 86400 < 14', 'certificate'],
    ['container_memory_working_set_bytes / 1e9 > 2', 'memory_pressure'],
    ['sum(rate(http_requests_total{status=~"5.."}[5m])) > 1', 'http_5xx'],
    ['histogram_quantile(0.99, rate(http_request_duration_seconds_bucket[5m])) > 1', 'latency'],
    ['redis_master_link_up == 0', 'replication_lag'],
    ['pg_stat_activity_count > 90', 'database_connections'],
    ['up{job="api"} == 0', 'target_down'],
    ['node_timex_offset_seconds > 0.05', 'clock_skew'],
  ])('knows what an alert without a telling name asks for: %s', (expression, id) => {
    const url = `http://prometheus.example/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`;
    const matched = match({ ...named('Alert 7'), links: [{ kind: 'source', url }] });
    expect(matched).toMatchObject({ by: 'metric', family: { id } });
  });

  it('reads no metric out of a link that carries no expression', () => {
    const links = [{ kind: 'source', url: 'https://grafana.example/d/node_filesystem_avail_bytes?up==0' }] as const;
    expect(match({ ...named('Alert 7'), links })).toBeUndefined();
  });

  it('has unique cause ids, priors that are probabilities, and texts in both languages', () => {
    for (const family of FAMILIES) {
      const ids = family.causes.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(family.causes.length).toBeGreaterThanOrEqual(3);
      expect(family.steps.some(({ command }) => command !== undefined)).toBe(true);
      for (const { prior } of family.causes) expect(prior > 0 && prior <= 0.5).toBe(true);
      const texts = [
        family.hint,
        family.summary,
        ...family.causes.map((c) => c.text),
        ...family.steps.map((s) => s.text),
      ];
      for (const both of texts) {
        expect(both['zh-CN']).toMatch(/\p{Script=Han}/u);
        expect(both['en-US']).toMatch(/[a-z]/);
        expect(both['en-US']).not.toMatch(/\p{Script=Han}/u);
      }
    }
  });

  it('is linear in hostile text', () => {
    const hostile = ['a', 'pod ', 'network ', 'restart', '数据库', 'certificate.', 'queue kafka '].map((bit) =>
      bit.repeat(20_000),
    );
    const all = hostile.map((bit) => ({ title: bit, labels: { alertname: bit }, annotations: { a: bit, b: bit } }));
    expect(workedFor(() => all.map(match))).toBeLessThan(500);
  });
});
