import { type Family, text } from './family.ts';

/** What goes wrong with machines. */
export const HOSTS: readonly Family[] = [
  {
    id: 'node_down',
    names:
      /node.{0,10}(down|not[\s_-]?ready|unreachable|offline)|(host|server|instance|machine).{0,10}(down|offline|unreachable)|kubeletdown|(节点|主机|服务器|机器|实例).{0,8}(宕机|失联|离线|不可达|未就绪|掉线|down)|宕机/i,
    words:
      /node .{0,60}(not ready|unready|unreachable)|nodenotready|kubelet stopped posting|节点(未就绪|失联)|主机宕机/i,
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
        signs: /power|reboot|kernel panic|hardware|preempt|重启|断电|死机/i,
      },
      {
        id: 'kubelet',
        prior: 0.25,
        text: text(
          '机器还在，但 kubelet、容器运行时或采集程序停了',
          'The machine lives, but its kubelet, container runtime or exporter stopped',
        ),
        signs: /kubelet|containerd|docker|pleg|node[_-]?exporter|运行时/i,
      },
      {
        id: 'network',
        prior: 0.25,
        text: text(
          '它与监控或控制面之间的网络中断',
          'The network between it and the monitoring or control plane is broken',
        ),
        signs: /unreachable|network|no route|timeout|不可达|网络/i,
      },
      {
        id: 'exhausted',
        prior: 0.2,
        text: text(
          '内存、磁盘或进程数耗尽，系统无法响应',
          'Memory, disk or process ids are exhausted and it cannot answer',
        ),
        signs: /memorypressure|diskpressure|pidpressure|load|oom|磁盘|内存|负载/i,
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
  },
  {
    id: 'disk',
    names:
      /disk.{0,16}(full|space|usage|fill|almost|high|low)|filesystem|outof(disk|inodes|files)|inode|persistentvolume.{0,12}fill|volume.{0,10}(full|fill)|low ?disk|diskpressure|diskwillfill|(磁盘|硬盘|存储|分区|文件系统|inode).{0,10}(使用率|空间|不足|已满|满|告急|过高|剩余|用量|容量)/i,
    words:
      /no space left|disk (is )?(almost )?full|% available space|available inodes|filling up|磁盘(空间)?(不足|已满|使用率)/i,
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
        signs: /\/var\/log|\blogs?\b|logrotate|日志/i,
      },
      {
        id: 'data',
        prior: 0.3,
        text: text('业务数据或数据库正常增长，容量已不够', 'Data of the service or database has outgrown the volume'),
        signs: /mysql|postgres|mongo|elasticsearch|kafka|prometheus|data|database|数据/i,
      },
      {
        id: 'images',
        prior: 0.2,
        text: text(
          '容器镜像、停止的容器或临时文件堆积',
          'Container images, stopped containers or temporary files have piled up',
        ),
        signs: /docker|containerd|overlay|kubelet|imagefs|ephemeral|\/tmp|镜像|临时/i,
      },
      {
        id: 'deleted_open',
        prior: 0.1,
        text: text(
          '已删除的文件仍被进程占用，空间没有释放',
          'A process still holds deleted files open, so their space is not free',
        ),
        signs: /deleted|已删除/i,
      },
      {
        id: 'inodes',
        prior: 0.1,
        text: text('小文件太多，inode 用尽', 'Too many small files: the inodes are used up'),
        signs: /inode|filesfilling|outoffiles/i,
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
  },
  {
    id: 'memory_pressure',
    names:
      /memory.{0,16}(high|pressure|usage|utili[sz]ation|full|low|saturat|overcommit|major|under)|(high|low)[\s_-]?memory|outofmemory|swap.{0,10}(full|filling|usage)|kubenodepressure|内存.{0,10}(使用率|不足|过高|告急|占用|压力|紧张|水位)/i,
    words:
      /memorypressure|memory (usage|utilization|is filling up)|available memory|major page faults|内存(使用率|不足|压力)/i,
    hint: text(
      '{pod,host,service|某台主机}[（命名空间 {namespace}）]内存吃紧',
      '{pod,host,service|A host}[ in namespace {namespace}] is short of memory',
    ),
    summary: text(
      '{pod,host,service|该主机}的内存使用率很高，继续上升会触发 OOM。',
      'Memory use of {pod,host,service|the host} is high; if it goes on, processes will be killed.',
    ),
    causes: [
      {
        id: 'growth',
        prior: 0.35,
        text: text(
          '一个进程的内存持续增长（泄漏或缓存不设上限）',
          'One process keeps growing (a leak or a cache without a bound)',
        ),
        signs: /leak|heap|growing|cache|泄漏|增长|堆内存/i,
      },
      {
        id: 'overcommit',
        prior: 0.3,
        text: text('这台机器上放的工作负载太多', 'Too much work is placed on this machine'),
        signs: /overcommit|requests?|evict|pressure|超卖|驱逐/i,
      },
      {
        id: 'traffic',
        prior: 0.2,
        text: text('访问量或批任务带来的短时高峰', 'A short peak of traffic or a batch'),
        signs: /traffic|peak|batch|spike|流量|高峰|批/i,
      },
      {
        id: 'swap',
        prior: 0.1,
        text: text('频繁换页，工作集超过了物理内存', 'It is paging: the working set is larger than memory'),
        signs: /swap|page ?faults|paging|换页|交换/i,
      },
    ],
    steps: [
      {
        text: text('看节点上各 Pod 的内存', 'See the memory of the pods'),
        risk: 'safe',
        command: 'kubectl top pod -n {namespace} --sort-by=memory',
      },
      {
        text: text('在主机上看占用最多的进程', 'On the host, see the largest processes'),
        risk: 'safe',
        command: 'ps aux --sort=-rss',
      },
      {
        text: text('迁走一部分负载或重启泄漏的进程', 'Move some work away or restart the process that leaks'),
        risk: 'careful',
      },
    ],
  },
  {
    id: 'cpu_throttling',
    names:
      /throttl|cpu.{0,16}(high|usage|load|utili[sz]ation|overcommit|saturat|steal|iowait)|high[\s_-]?(cpu|load)|systemsaturation|load ?average|(cpu|处理器|负载|load).{0,10}(使用率|过高|限流|节流|飙升|打满|占用|过载|高)/i,
    words: /throttling of cpu|cpu (usage|utili[sz]ation|load) (is |at )?|load per core|cpu ?使用率|cpu ?限流/i,
    hint: text(
      '{pod,host,service|某个实例}[（命名空间 {namespace}）]CPU 不够用（使用率高或被限流）',
      '{pod,host,service|An instance}[ in namespace {namespace}] lacks CPU (busy or throttled)',
    ),
    summary: text(
      '{pod,host,service|该实例}[ 的容器 {container} ]CPU 吃紧，响应会变慢。',
      '{pod,host,service|The instance}[, container {container},] lacks CPU and will answer slowly.',
    ),
    causes: [
      {
        id: 'limit',
        prior: 0.35,
        text: text('CPU 上限设得太低，突发时被限流', 'The CPU limit is too low, so bursts are throttled'),
        signs: /throttl|cfs|limit|限流|节流/i,
      },
      {
        id: 'traffic',
        prior: 0.3,
        text: text('请求量增加，副本数不够', 'There are more requests than the replicas can serve'),
        signs: /traffic|qps|requests? rate|rps|流量|请求量|并发/i,
      },
      {
        id: 'hot_code',
        prior: 0.25,
        text: text(
          '程序进入高耗 CPU 的路径（死循环、频繁 GC、低效查询）',
          'The program is in a costly path (a busy loop, garbage collection, a slow query)',
        ),
        signs: /\bgc\b|garbage|loop|regex|slow quer|死循环|垃圾回收/i,
      },
      {
        id: 'neighbour',
        prior: 0.12,
        text: text('同机的其他进程或虚拟化争抢 CPU', 'Other work on the machine, or the hypervisor, takes the CPU'),
        signs: /steal|neighbou?r|iowait|overcommit|争抢|超卖/i,
      },
    ],
    steps: [
      {
        text: text('看容器的 CPU 用量', 'See what its containers use'),
        risk: 'safe',
        command: 'kubectl -n {namespace} top pod {pod} --containers',
      },
      {
        text: text('在主机上看最忙的进程', 'On the host, see the busiest processes'),
        risk: 'safe',
        command: 'top -b -n 1',
      },
      { text: text('调高上限或增加副本', 'Raise the limit or add replicas'), risk: 'careful' },
    ],
  },
];
