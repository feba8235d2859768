import { type Family, text } from './family.ts';

export const NODE_DOWN: Family = {
  id: 'node_down',
  depth: 3,
  names:
    /node.{0,10}(down|not[\s_-]?ready|unreachable|offline)|(host|server|instance|machine).{0,10}(down|offline|unreachable)|kubeletdown|(节点|主机|服务器|机器|实例).{0,8}(宕机|失联|离线|不可达|未就绪|掉线|down)|宕机|node.{0,16}flapping|kubelet.{0,6}pleg|节点.{0,4}not ?ready/i,
  words: /node .{0,60}(not ready|unready|unreachable)|nodenotready|kubelet stopped posting|节点(未就绪|失联)|主机宕机/i,
  says: /nodenotready|kubelet stopped posting|nodestatusunknown|(node|节点) \S{1,80} · notready|pleg is not healthy|kernel panic|soft lockup|节点(未就绪|失联)|主机宕机|container runtime is down|edac .{0,40}\bue\b|nvrm: xid|fallen off the bus|self-detected stall|system is powering down|scheduled for retirement|spot instance interruption|power supply .{0,12}fail/i,
  suggests:
    /no route to host|host is unreachable|node\.kubernetes\.io\/(unreachable|not-ready)|machine check|hardware error|主机不可达|断电|blocked for more than \d{1,5} seconds/i,
  metrics:
    /Conditions of the node|节点状态|kube_node_status_condition|Whether targets on the host|该主机的采集目标|edac_uncorrectable|xid_errors|pleg_relist/i,
  hint: text('节点 {host|（未给出名称）} 失联或未就绪', 'Node {host|(name not given)} is down or not ready'),
  summary: text(
    '节点 {host|} 没有响应，上面的服务可能受影响或正在迁移。',
    'Node {host|} does not answer; what runs on it may be affected or be moving elsewhere.',
  ),
  causes: [
    {
      id: 'machine',
      prior: 0.35,
      text: text('机器断电、死机或被云厂商重启', 'The machine lost power, froze or was restarted by its provider'),
      signs:
        /power (off|loss|supply|failure|button)|reboot|kernel panic|hardware error|machine check|(soft|hard) lockup|preempted|spot (instance )?interruption|(主机|机器|节点|服务器).{0,6}重启|断电|死机/i,
    },
    {
      id: 'kubelet',
      prior: 0.25,
      text: text(
        '机器还在，但 kubelet、容器运行时或采集程序停了',
        'The machine lives, but its kubelet, container runtime or exporter stopped',
      ),
      signs:
        /kubelet (stopped|is down)|kubelet\.service|containerd\.service|docker\.service|pleg is not healthy|container runtime (is down|network not ready)|rpc error: .{0,120}containerd\.sock|node[_-]?exporter|运行时(异常|故障)/i,
    },
    {
      id: 'network',
      prior: 0.25,
      text: text(
        '它与监控或控制面之间的网络中断',
        'The network between it and the monitoring or control plane is broken',
      ),
      signs:
        /unreachable|network plugin|no route to host|connection timed out|link is (not ready|down)|lost carrier|不可达|网络(中断|异常|不通)/i,
    },
    {
      id: 'exhausted',
      prior: 0.2,
      text: text(
        '内存、磁盘或进程数耗尽，系统无法响应',
        'Memory, disk or process ids are exhausted and it cannot answer',
      ),
      signs:
        /memorypressure|diskpressure|pidpressure|load average|resource temporarily unavailable|too many open files|out of memory|no space left|blocked for more than|磁盘.{0,6}满|内存.{0,6}耗尽|负载.{0,6}过高/i,
    },
  ],
  steps: [
    {
      text: text('看节点状态和条件', 'Look at the state and conditions of the node'),
      risk: 'safe',
      command: 'kubectl describe node {host}',
    },
    {
      text: text('看它是否还能 ping 通', 'See whether it still answers a ping'),
      risk: 'safe',
      command: 'ping -c 3 {host}',
    },
    { text: text('确认无法恢复后，驱逐其上的工作负载', 'When it will not come back, drain it'), risk: 'dangerous' },
  ],
};

export const DISK: Family = {
  id: 'disk',
  depth: 3,
  names:
    /disk.{0,16}(full|space|usage|fill|almost|high|low)|filesystem|outof(disk|inodes|files)|inode|persistentvolume.{0,12}fill|volume.{0,10}(full|fill)|low ?disk|diskpressure|diskwillfill|(磁盘|硬盘|存储|分区|文件系统|inode).{0,10}(使用率|空间|不足|已满|满|告急|过高|剩余|用量|容量)|disk.{0,12}(io|read|write|latenc|saturat|fail|fault|error)|raid.{0,12}(degraded|fail)|(磁盘|硬盘).{0,6}(io|读写|util|故障|坏道|只读)/i,
  words:
    /no space left|disk (is )?(almost )?full|% available space|available inodes|filling up|磁盘(空间)?(不足|已满|使用率)/i,
  says: /no space left on device|enospc|disk (is )?full|disk quota exceeded|diskpressure|freediskspacefailed|imagegcfailed|disk watermark|low on resource: ephemeral-storage|could not extend file|磁盘(空间)?(不足|已满|写满)|remounting filesystem read-only|read-only file system|ext4-fs error|xfs \([\w-]{1,20}\): .{0,40}error|i\/o error, dev |buffer i\/o error|disk resource limit alarm|garbage collect required amount of images|unreadable \(pending\) sectors|disk failure on \w|controller is down; will reset/i,
  suggests: /out of inodes|read-only file system|disk usage|disk space|磁盘使用率|存储空间/i,
  metrics:
    /node_filesystem_|kubelet_volume_stats_|Disk used|Inodes left|Space left in 4 hours|磁盘已用|可用的 inode|可用空间|elasticsearch_filesystem_data|logical_disk_free|node_disk_io|disk_used_percent|disk_(usage|free)|filesystem_(usage|free)/i,
  hint: text(
    '{host,pvc,service|某台主机}[ 的 {mountpoint} ]磁盘空间快用完了',
    'Disk space[ at {mountpoint}][ of {pvc}][ on {host}] is running out',
  ),
  summary: text(
    '{host,pvc|该卷}[ 的 {mountpoint} ]空间或 inode 即将耗尽，写入会失败。',
    'Space or inodes[ at {mountpoint}][ of {pvc}][ on {host}] will soon be gone, and writes will fail.',
  ),
  causes: [
    {
      id: 'logs',
      prior: 0.35,
      text: text('日志没有轮转或突然变多', 'Logs are not rotated, or there are suddenly many'),
      signs: /\/var\/log|\.log\b.{0,60}no space left|log files? |logrotate|log rotation|journal|日志/i,
      grows: /log_bytes|\/var\/log/i,
    },
    {
      id: 'data',
      prior: 0.3,
      text: text('业务数据或数据库正常增长，容量已不够', 'Data of the service or database has outgrown the volume'),
      signs:
        /pg_wal|binlog|\/data\b|\/var\/lib\/(mysql|postgresql|kafka|elasticsearch|prometheus)|base\/\d{1,12}\/\d|disk watermark|tablespace|数据(目录|库|盘|量)/i,
    },
    {
      id: 'images',
      prior: 0.2,
      text: text(
        '容器镜像、停止的容器或临时文件堆积',
        'Container images, stopped containers or temporary files have piled up',
      ),
      signs:
        /\/var\/lib\/(docker|containerd|kubelet)|overlay|imagefs|imagegc|image garbage|ephemeral-storage|\/tmp\/|core dump|镜像(过多|堆积|占用)|临时文件/i,
    },
    {
      id: 'deleted_open',
      prior: 0.1,
      text: text(
        '已删除的文件仍被进程占用，空间没有释放',
        'A process still holds deleted files open, so their space is not free',
      ),
      signs: /\(deleted\)|deleted but (still )?open|已删除/i,
    },
    {
      id: 'inodes',
      prior: 0.1,
      text: text('小文件太多，inode 用尽', 'Too many small files: the inodes are used up'),
      signs: /inodes?\b/i,
    },
  ],
  steps: [
    {
      text: text('在该主机上看各分区用量', 'On that host, see how full each volume is'),
      risk: 'safe',
      command: 'df -h {mountpoint}',
    },
    {
      text: text('找出占用最多的目录', 'Find the largest directories'),
      risk: 'safe',
      command: 'du -x -h --max-depth=2 {mountpoint}',
    },
    {
      text: text('清理可重建的数据，或扩容', 'Remove what can be made again, or enlarge the volume'),
      risk: 'dangerous',
    },
  ],
};
