import type { Plan } from '../plan.ts';
import { HOST, HOST_PROCESSOR, LOAD, MEMORY_FREE, PROCESSOR, REQUESTS, THROTTLED, UP, metric } from './metric.ts';

const MOUNT = `${HOST},mountpoint="{mountpoint}"`;
const VOLUME = 'namespace="{namespace}",persistentvolumeclaim="{pvc}"';
/** Of all that is mounted, what is a disk. */
const DISKS = `${HOST},fstype!~"tmpfs|overlay|squashfs|ramfs"`;

const diskUsed = (of: string): string =>
  `100 - 100 * node_filesystem_avail_bytes{${of}} / node_filesystem_size_bytes{${of}}`;

/** What node_exporter knows of machines. */
export const HOST_PLANS: Readonly<Record<string, Plan>> = {
  node_down: {
    metrics: [
      metric('该主机的采集目标是否可达', 'Whether targets on the host can be scraped', `up{${HOST}}`),
      metric(
        '节点状态（真为 1）',
        'Conditions of the node that hold',
        'kube_node_status_condition{node="{host}",status="true"}',
      ),
      MEMORY_FREE,
      LOAD,
      metric('磁盘已用', 'Disk used', diskUsed(DISKS), 'percent'),
    ],
    logWords: ['kubelet', 'notready', 'pleg', 'lease', 'unreachable', 'shutdown', 'reboot', 'hung', '节点', '重启'],
    kubernetes: ['node', 'events'],
    probe: false,
  },
  disk: {
    metrics: [
      metric('磁盘已用', 'Disk used', diskUsed(MOUNT), 'percent'),
      metric(
        '磁盘已用',
        'Disk used',
        `100 * kubelet_volume_stats_used_bytes{${VOLUME}} / kubelet_volume_stats_capacity_bytes{${VOLUME}}`,
        'percent',
      ),
      metric('磁盘已用', 'Disk used', diskUsed(DISKS), 'percent'),
      metric(
        '照此速度 4 小时后的可用空间',
        'Space left in 4 hours at this rate',
        `predict_linear(node_filesystem_avail_bytes{${MOUNT}}[1h], 14400)`,
        'bytes',
      ),
      metric(
        '可用的 inode',
        'Inodes left',
        `100 * node_filesystem_files_free{${MOUNT}} / node_filesystem_files{${MOUNT}}`,
        'percent',
      ),
      metric(
        '磁盘写入速度',
        'Written to disks',
        `sum by (instance, device) (rate(node_disk_written_bytes_total{${HOST}}[5m]))`,
        'bytes per second',
      ),
      metric(
        '写入最多的容器',
        'Containers that write most',
        'topk(3, sum by (namespace, pod) (rate(container_fs_writes_bytes_total{node="{host}",container!=""}[5m])))',
        'bytes per second',
      ),
    ],
    logWords: ['no space', 'disk', 'quota', 'inode', 'evict', 'write', 'wal', 'rotate', '磁盘', '空间', '写满'],
    kubernetes: ['node', 'events', 'volume'],
    probe: false,
  },
  memory_pressure: {
    metrics: [
      MEMORY_FREE,
      metric(
        '主机上的内存击杀',
        'Kills for want of memory on the host',
        `increase(node_vmstat_oom_kill{${HOST}}[10m])`,
      ),
      metric(
        '已用的交换空间',
        'Swap used',
        `node_memory_SwapTotal_bytes{${HOST}} - node_memory_SwapFree_bytes{${HOST}}`,
        'bytes',
      ),
      metric(
        '内存用得最多的容器',
        'Containers that use most memory',
        'topk(3, sum by (namespace, pod) (container_memory_working_set_bytes{node="{host}",container!=""}))',
        'bytes',
      ),
      LOAD,
    ],
    logWords: ['oom', 'out of memory', 'killed process', 'swap', 'evict', 'memorypressure', 'heap', '内存'],
    kubernetes: ['node', 'events', 'pod'],
    probe: false,
  },
  cpu_throttling: {
    metrics: [...THROTTLED, ...PROCESSOR, HOST_PROCESSOR, LOAD, REQUESTS, UP],
    logWords: ['throttl', 'cpu', 'slow', 'timeout', 'deadline', 'steal', 'gc', '超时', '缓慢'],
    kubernetes: ['pod', 'events', 'rollout', 'autoscaler', 'node'],
    probe: false,
  },
};
