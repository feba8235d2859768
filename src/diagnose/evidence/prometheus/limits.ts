import type { Locale } from '../../../types.ts';

/** Something of which there is a limit, as exporters that many use tell it. */
export interface Limit {
  readonly id: string;
  /** Of the metric that is followed. */
  readonly metric: string;
  readonly title: Readonly<Record<Locale, string>>;
  /** Holds for those series of the whole place that are near the limit or past it. */
  readonly near: string;
  /** The value of one of them, by its selector (`{instance="a"}`). */
  readonly value: (selector: string) => string;
  readonly unit?: string;
  /** From here on nothing is left. */
  readonly isSpent?: (value: number) => boolean;
}

type Words = readonly [zh: string, en: string];

const limit = (
  metric: string,
  [zh, en]: Words,
  near: string,
  more: Partial<Omit<Limit, 'metric' | 'near'>> = {},
): Limit => ({
  id: metric,
  metric,
  title: { 'zh-CN': zh, 'en-US': en },
  near,
  value: (selector) => `${metric}${selector}`,
  ...more,
});

const isGone = (value: number): boolean => value <= 0;
const TWO_WEEKS_S = 14 * 86_400;
/** What this share of is left is as good as full. */
const LEFT = 0.05;
const FULL = 0.9;
/** Less room than this is none, whatever the size. */
const LEAST_BYTES = 64 * 1024 * 1024;
const LEAST_INODES = 1000;
/** Of a queue that holds several times what it held an hour ago. */
const LONG_QUEUE = 1000;
const TIMES_LONGER = 3;

const left = (metric: string, words: Words, all: string, least: string, unit?: string): Limit =>
  limit(metric, words, `${metric} < ${LEFT} * ${all} or ${least}`, {
    isSpent: isGone,
    ...(unit === undefined ? {} : { unit }),
  });

const used = (metric: string, words: Words, all: string, share = FULL): Limit =>
  limit(metric, words, `${metric} > ${share} * ${all}`);

const untilExpiry = (metric: string): Limit =>
  limit(
    metric,
    ['证书即将到期或已经到期', 'Certificates that expire soon or have'],
    `${metric} - time() < ${TWO_WEEKS_S}`,
    {
      value: (selector) => `${metric}${selector} - time()`,
      unit: 'seconds',
      isSpent: isGone,
    },
  );

const longer = (metric: string, sum: (series: string) => string = (series) => series): Limit => {
  const before = `${TIMES_LONGER} * (${sum(`${metric} offset 1h`)})`;
  const near = `${sum(metric)} > ${LONG_QUEUE} unless ${sum(metric)} <= ${before}`;
  return limit(metric, ['队列积压', 'Queues that have grown long'], near, {
    value: (selector) => sum(`${metric}${selector}`),
  });
};

const not = (metric: string, words: Words, near = `${metric} == 0`): Limit => limit(metric, words, near);

const DISKS = '{fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660|vfat"}';

/**
 * What is looked at of everything whatever the alert says: what runs out rarely carries the labels of what then breaks.
 * Each is answered with those few series only that are near their limit.
 */
export const LIMITS: readonly Limit[] = [
  untilExpiry('probe_ssl_earliest_cert_expiry'),
  untilExpiry('certmanager_certificate_expiration_timestamp_seconds'),
  limit('node_timex_offset_seconds', ['时钟偏差大', 'Clocks that are off'], 'abs(node_timex_offset_seconds) > 0.05', {
    unit: 'seconds',
  }),
  used(
    'node_nf_conntrack_entries',
    ['连接跟踪表将满', 'Connection tracking table nearly full'],
    'node_nf_conntrack_entries_limit',
  ),
  used('node_filefd_allocated', ['文件句柄将用尽', 'File handles nearly used up'], 'node_filefd_maximum'),
  used(
    'process_open_fds',
    ['进程的文件描述符将用尽', 'File descriptors of a process nearly used up'],
    'process_max_fds',
  ),
  left(
    'node_filesystem_files_free',
    ['inode 将用尽', 'Inodes nearly used up'],
    'node_filesystem_files',
    `(node_filesystem_files_free < ${LEAST_INODES} unless node_filesystem_files == 0)`,
  ),
  limit(
    'node_filesystem_avail_bytes',
    ['磁盘将满', 'Disks nearly full'],
    `node_filesystem_avail_bytes${DISKS} < ${LEFT} * node_filesystem_size_bytes`,
    { unit: 'bytes', isSpent: isGone },
  ),
  left(
    'kubelet_volume_stats_available_bytes',
    ['存储卷将满', 'Volumes nearly full'],
    'kubelet_volume_stats_capacity_bytes',
    `kubelet_volume_stats_available_bytes < ${LEAST_BYTES}`,
    'bytes',
  ),
  left(
    'node_memory_MemAvailable_bytes',
    ['主机内存将用尽', 'Hosts nearly out of memory'],
    'node_memory_MemTotal_bytes',
    `node_memory_MemAvailable_bytes < ${LEAST_BYTES}`,
    'bytes',
  ),
  longer('rabbitmq_queue_messages_ready'),
  longer('kafka_consumergroup_lag', (series) => `sum by (consumergroup, topic) (${series})`),
  used(
    'mysql_global_status_threads_connected',
    ['数据库连接将用尽', 'Database connections nearly used up'],
    'mysql_global_variables_max_connections',
  ),
  used('redis_memory_used_bytes', ['Redis 内存将满', 'Redis nearly full'], '(redis_memory_max_bytes > 0)'),
  not(
    'kube_node_status_condition',
    ['节点状态异常', 'Nodes in a bad condition'],
    'kube_node_status_condition{condition="Ready",status="true"} == 0 or kube_node_status_condition{condition=~".+Pressure",status="true"} == 1',
  ),
  not('probe_success', ['探测失败', 'Probes that fail']),
  not('up', ['采集不到的目标', 'Targets that cannot be scraped']),
];
