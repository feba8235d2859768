import { type Family, REQUESTS, text } from './family.ts';

export const MEMORY_PRESSURE: Family = {
  id: 'memory_pressure',
  depth: 2,
  names:
    /memory.{0,16}(high|pressure|usage|utili[sz]ation|full|low|saturat|overcommit|major|under)|(high|low)[\s_-]?memory|outofmemory|swap.{0,10}(full|filling|usage)|kubenodepressure|内存.{0,10}(使用率|不足|过高|告急|占用|压力|紧张|水位)|maxmemory|heap.{0,12}(usage|high|full)|memory ?filling|老年代|full ?gc|堆内存|gc ?(频繁|耗时|overhead)/i,
  words:
    /memorypressure|memory (usage|utilization|is filling up)|available memory|major page faults|内存(使用率|不足|压力)/i,
  says: /memorypressure|low on resource: memory|nodehasinsufficientmemory|systemoom|oom command not allowed|memory resource limit alarm set|page allocation failure|circuit_breaking_exception|data too large|内存(不足|压力过大|使用率过高)|fork: cannot allocate memory|due to memory pressure/i,
  suggests:
    /available memory|memory usage|page ?faults|swap|gc overhead|full gc|堆内存|内存(使用率|水位)|pause full|\[gc\]\[old\]/i,
  metrics:
    /MemAvailable|Memory available on the host|主机可用内存|memory_used_bytes|container_memory_|Memory of the containers|容器内存用量|Containers that use most memory|Swap used|交换空间|process_resident_memory|swapfree|pgmajfault|pressure_memory|jvm_memory_used|mem_used_percent/i,
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
      signs: /leak|heap (usage|size|dump)|keeps growing|full gc|泄(漏|露)|持续增长|堆内存/i,
      grows: /memory|heap|rss|内存/i,
    },
    {
      id: 'overcommit',
      prior: 0.3,
      text: text('这台机器上放的工作负载太多', 'Too much work is placed on this machine'),
      signs: /overcommit|evict(ed|ing|ion)|low on resource: memory|超卖|驱逐/i,
    },
    {
      id: 'traffic',
      prior: 0.2,
      text: text('访问量或批任务带来的短时高峰', 'A short peak of traffic or a batch'),
      signs: /traffic|peak|batch|spike|流量|高峰|批(量|处理)/i,
      rises: REQUESTS,
    },
    {
      id: 'swap',
      prior: 0.1,
      text: text('频繁换页，工作集超过了物理内存', 'It is paging: the working set is larger than memory'),
      signs: /swap|page ?faults|kswapd|换页|交换分区/i,
      rises: /swap|交换空间/i,
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
};

export const CPU_THROTTLING: Family = {
  id: 'cpu_throttling',
  depth: 2,
  names:
    /throttl|cpu.{0,16}(high|usage|load|utili[sz]ation|overcommit|saturat|steal|iowait)|high[\s_-]?(cpu|load)|systemsaturation|load ?average|(cpu|处理器|负载|load).{0,10}(使用率|过高|限流|节流|飙升|打满|占用|过载|高)/i,
  words: /throttling of cpu|cpu (usage|utili[sz]ation|load) (is |at )?|load per core|cpu ?使用率|cpu ?限流/i,
  says: /throttling of cpu|cpu .{0,20}throttl|cfs_throttled|cpu ?使用率(达到|持续)|cpu ?利用率超过|cpu ?(限流|打满)/i,
  suggests: /load average|high cpu|cpu usage|负载过高/i,
  metrics:
    /cfs_throttled|periods that were throttled|被限流的周期|node_cpu_seconds|container_cpu_usage|CPU of the|CPU 用量|CPU 各模式|node_load\d|Load of the host|每核负载|process_cpu_seconds|system_cpu_usage|pressure_cpu|process_cpu_usage|cpu_(usage|steal)/i,
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
      signs: /throttl|\bcfs|cpu limit|限流|节流/i,
      rises: /throttled|被限流/i,
      changed: /limits .{0,80}→|cpu limit/i,
    },
    {
      id: 'traffic',
      prior: 0.3,
      text: text('请求量增加，副本数不够', 'There are more requests than the replicas can serve'),
      signs: /traffic|\bqps\b|requests? rate|\brps\b|流量|请求量|并发/i,
      rises: REQUESTS,
    },
    {
      id: 'hot_code',
      prior: 0.25,
      text: text(
        '程序进入高耗 CPU 的路径（死循环、频繁 GC、低效查询）',
        'The program is in a costly path (a busy loop, garbage collection, a slow query)',
      ),
      signs:
        /full gc|gc (pause|overhead)|pause (young|full)|busy loop|infinite loop|slow quer|event loop (blocked|delay|lag)|死循环|垃圾回收|慢查询/i,
      rises: /garbage collection|垃圾回收|gc_pause/i,
      changed: /./,
    },
    {
      id: 'neighbour',
      prior: 0.12,
      text: text('同机的其他进程或虚拟化争抢 CPU', 'Other work on the machine, or the hypervisor, takes the CPU'),
      signs: /steal|neighbou?r|iowait|overcommit|争抢|超卖/i,
      rises: /mode="(steal|iowait)"/i,
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
};
