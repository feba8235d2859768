import { type Family, REQUESTS, text } from './family.ts';

export const CRASH_LOOP: Family = {
  id: 'crash_loop',
  depth: 2,
  names:
    /crash[\s_-]?loop|pod.{0,12}restart|restart(s|ing)? too (often|much)|containerrestart|反复重启|频繁重启|不断重启|重启次数|崩溃循环/i,
  words:
    /crashloopbackoff|crash loop|restarting \d|back-off restarting|restarted \d+ times|反复重启|频繁重启|崩溃循环/i,
  says: /crashloopbackoff|back-off restarting failed|restarted \d+ times|start request repeated too quickly|容器反复重启|failed to start container|oci runtime create failed|application failed to start|exec format error|entered fatal state|exec user process caused|failed (liveness|startup) probe, will be restarted|(应用|容器|进程)启动失败/i,
  suggests:
    /\d{1,5} restarts?\b|重启 \d+ 次|main process exited|exited with code|restart counter is at|(liveness|startup) probe failed|(?<!http: )\bpanic: |cannot find module|beancreationexception|nginx: \[emerg\]|segmentation fault|core dumped|could not resolve placeholder|unable to start embedded|\[server\] aborting/i,
  metrics: /container_status_restarts_total|Container restarts in|内的容器重启/i,
  hint: text(
    'Pod {pod|某个 Pod}[（命名空间 {namespace}）]反复重启（崩溃循环）',
    'Pod {pod|(name not given)}[ in namespace {namespace}] restarts again and again (crash loop)',
  ),
  summary: text(
    '{pod|该 Pod}[（命名空间 {namespace}）]的容器[ {container} ]启动后不久就退出，Kubernetes 在不断重试。',
    'The container[ {container}] of {pod|the pod}[ in namespace {namespace}] exits soon after it starts, and Kubernetes keeps trying.',
  ),
  causes: [
    {
      id: 'config',
      prior: 0.35,
      text: text(
        '启动所需的配置缺失或写错（环境变量、ConfigMap、Secret、启动参数）',
        'Configuration it needs to start is missing or wrong (environment, ConfigMap, Secret, arguments)',
      ),
      signs:
        /createcontainerconfigerror|(configmap|secret) "[^"]{1,80}" not found|configmap|env(ironment)? variable|missing (required )?(environment|config|key|property|argument|flag|setting|value)|invalid (config|argument|value)|unknown (flag|option|directive|configuration)|unrecognized (option|argument)|failed to (load|read|parse) .{0,30}config|(is|was) undefined|must be set|could not resolve placeholder|authentication failed for user|access denied for user|配置(文件)?(错误|缺失|不存在|解析失败)|环境变量/i,
      changed: /config|\benv |配置/i,
    },
    {
      id: 'release',
      prior: 0.25,
      text: text('刚发布的版本自身有错，启动时抛出异常', 'A version just released fails on start'),
      signs:
        /panic: |traceback \(most recent|uncaught |unhandled (exception|promise|rejection)|nullpointerexception|typeerror: |attributeerror|nosuchmethoderror|noclassdeffounderror|classnotfoundexception|modulenotfounderror|importerror|cannot find module|segmentation fault|sigsegv|symbol lookup error|exec format error|刚发布|新版本|上线后/i,
      changed: /./,
    },
    {
      id: 'dependency',
      prior: 0.2,
      text: text(
        '它启动时要连的依赖（数据库、缓存、消息队列、注册中心）不可用',
        'Something it must reach on start (database, cache, queue, registry) is unavailable',
      ),
      signs:
        /connection refused|econnrefused|no such host|enotfound|dial tcp|could not connect|can't connect to|unable to connect|connect timed out|failed to connect|连接(被拒绝|超时|失败)|依赖(服务)?(不可用|超时|异常)/i,
    },
    {
      id: 'memory',
      prior: 0.15,
      text: text(
        '内存达到上限被杀（OOMKilled，退出码 137）',
        'It is killed at its memory limit (OOMKilled, exit code 137)',
      ),
      signs: /oom[\s_-]?kill|out of memory|outofmemoryerror|exit code:? ?137|内存溢出|内存不足/i,
    },
    {
      id: 'probe',
      prior: 0.12,
      text: text(
        '存活探针的端口、路径或时限不对，健康的进程被重启',
        'The liveness probe has a wrong port, path or time limit, so a healthy process is restarted',
      ),
      signs:
        /liveness probe failed|startup probe failed|failed (liveness|startup) probe|liveness probe errored|存活探针|探针失败|健康检查失败/i,
      changed: /(liveness|startup)Probe/i,
    },
  ],
  steps: [
    {
      text: text('看上一次退出前的日志', 'Read what it logged before it last exited'),
      risk: 'safe',
      command: 'kubectl -n {namespace} logs {pod} --previous --tail=100',
    },
    {
      text: text('看退出码、事件和探针结果', 'Look at exit code, events and probe results'),
      risk: 'safe',
      command: 'kubectl -n {namespace} describe pod {pod}',
    },
    {
      text: text(
        '若问题始于一次发布，考虑回滚到上一个版本',
        'If it began with a release, consider rolling back to the version before',
      ),
      risk: 'careful',
    },
  ],
};

export const OOM: Family = {
  id: 'oom',
  depth: 3,
  names: /(?<![a-z])oom(?![a-z])|oom[\s_-]?killed|out[\s_-]?of[\s_-]?memory.{0,12}kill|内存溢出|内存超限被杀|被 ?oom/i,
  words: /oom[\s_-]?kill|out of memory: kill|exit code:? ?137|memory cgroup out of memory|内存溢出/i,
  says: /oomkilled|oom-kill|invoked oom-killer|out of memory: kill|memory cgroup out of memory|outofmemoryerror|heap out of memory|runtime: out of memory|killed process \d+|oomkilling|内存溢出|perhaps out of memory|killed by the oom killer|内存超限(被杀|重启)/i,
  suggests:
    /exit code:? ?137|signal: killed|code=killed, status=9|memoryerror|cannot allocate memory|内存(上限|限制)|\bout of memory\b|bad_alloc|\bsigkill\b/i,
  metrics: /oom_kill|container_oom_events|Kills for want of memory|内存击杀/i,
  hint: text(
    '{pod,service,host|某个进程}[（命名空间 {namespace}）]内存用尽，被系统杀死（OOM）',
    '{pod,service,host|A process}[ in namespace {namespace}] ran out of memory and was killed (OOM)',
  ),
  summary: text(
    '{pod,service,host|某个进程}[ 的容器 {container}]用到了内存上限，被内核杀死。',
    '{pod,service,host|A process}[, container {container},] reached its memory limit and was killed by the kernel.',
  ),
  causes: [
    {
      id: 'limit',
      prior: 0.4,
      text: text('内存上限设得低于正常所需', 'The memory limit is lower than what normal work needs'),
      signs:
        /memory limit|limits?\.memory|at (its )?limit|memory: usage \d{1,15}kb, limit \d{1,15}kb|constraint_memcg|memory cgroup out of memory|内存(上限|限制)/i,
      changed: /limits .{0,80}→|memory limit|内存上限/i,
    },
    {
      id: 'leak',
      prior: 0.3,
      text: text('程序内存泄漏，用量持续上升', 'The program leaks: its use grows and never falls'),
      signs: /leak|keeps growing|steadily|持续(上升|增长)|泄(漏|露)/i,
      grows: /memory|heap|rss|内存/i,
    },
    {
      id: 'traffic',
      prior: 0.2,
      text: text(
        '流量、批任务或一个超大的请求突然推高了内存',
        'Traffic, a batch or one very large request pushed memory up',
      ),
      signs:
        /traffic|spike|burst|batch (job|size|import)|large (request|query|payload|response|file)|流量|突增|批(量|处理)/i,
      rises: REQUESTS,
    },
    {
      id: 'node',
      prior: 0.12,
      text: text(
        '节点自身内存不足，杀了占用最多的进程',
        'The node itself was short of memory and killed the largest process',
      ),
      signs:
        /system oom|systemoom|constraint_none|global_oom|memorypressure|low on resource: memory|节点内存|主机内存/i,
    },
  ],
  steps: [
    {
      text: text('确认被杀的是哪个容器、上限是多少', 'See which container was killed and at what limit'),
      risk: 'safe',
      command: 'kubectl -n {namespace} describe pod {pod}',
    },
    {
      text: text('看各容器现在的内存用量', 'See what its containers use now'),
      risk: 'safe',
      command: 'kubectl -n {namespace} top pod {pod} --containers',
    },
    {
      text: text('临时调高内存上限或增加副本', 'Raise the memory limit or add replicas for the time being'),
      risk: 'careful',
    },
  ],
};
