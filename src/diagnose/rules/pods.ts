import { type Family, text } from './family.ts';

/** What goes wrong with workloads on Kubernetes. */
export const PODS: readonly Family[] = [
  {
    id: 'crash_loop',
    names:
      /crash[\s_-]?loop|pod.{0,12}restart|restart(s|ing)? too (often|much)|containerrestart|反复重启|频繁重启|不断重启|重启次数|崩溃循环/i,
    words:
      /crashloopbackoff|crash loop|restarting \d|back-off restarting|restarted \d+ times|反复重启|频繁重启|崩溃循环/i,
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
          /configmap|secret .{0,40}not found|createcontainerconfigerror|env(ironment)? variable|undefined|missing (key|config)|invalid (config|argument)|exit code:? ?[12]\b|配置(错误|缺失)|环境变量/i,
      },
      {
        id: 'release',
        prior: 0.25,
        text: text('刚发布的版本自身有错，启动时抛出异常', 'A version just released fails on start'),
        signs:
          /panic|traceback|uncaught|unhandled|nullpointer|rollout|new (version|release)|deploy(ed|ment) at|刚发布|上线|新版本/i,
      },
      {
        id: 'dependency',
        prior: 0.2,
        text: text(
          '它启动时要连的依赖（数据库、缓存、消息队列、注册中心）不可用',
          'Something it must reach on start (database, cache, queue, registry) is unavailable',
        ),
        signs: /connection refused|econnrefused|no such host|dial tcp|could not connect|连接(被拒绝|超时|失败)|依赖/i,
      },
      {
        id: 'memory',
        prior: 0.15,
        text: text(
          '内存达到上限被杀（OOMKilled，退出码 137）',
          'It is killed at its memory limit (OOMKilled, exit code 137)',
        ),
        signs: /oom[\s_-]?kill|out of memory|exit code:? ?137|内存溢出|内存不足/i,
      },
      {
        id: 'probe',
        prior: 0.12,
        text: text(
          '存活探针的端口、路径或时限不对，健康的进程被重启',
          'The liveness probe has a wrong port, path or time limit, so a healthy process is restarted',
        ),
        signs: /liveness|startup probe|unhealthy|probe failed|探针|健康检查失败/i,
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
  },
  {
    id: 'oom',
    names: /oom|out[\s_-]?of[\s_-]?memory.{0,12}kill|内存溢出|内存超限被杀|被 ?oom/i,
    words: /oom[\s_-]?kill|out of memory: kill|exit code:? ?137|memory cgroup out of memory|内存溢出/i,
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
        signs: /memory limit|limits?\.memory|at (its )?limit|rss .{0,20}limit|内存(上限|限制)/i,
      },
      {
        id: 'leak',
        prior: 0.3,
        text: text('程序内存泄漏，用量持续上升', 'The program leaks: its use grows and never falls'),
        signs: /leak|keeps growing|steadily|持续(上升|增长)|泄漏/i,
      },
      {
        id: 'traffic',
        prior: 0.2,
        text: text(
          '流量、批任务或一个超大的请求突然推高了内存',
          'Traffic, a batch or one very large request pushed memory up',
        ),
        signs: /traffic|spike|burst|batch|large (request|query|payload)|流量|突增|批(量|处理)/i,
      },
      {
        id: 'node',
        prior: 0.12,
        text: text(
          '节点自身内存不足，杀了占用最多的进程',
          'The node itself was short of memory and killed the largest process',
        ),
        signs: /system oom|node .{0,30}memory|memorypressure|节点内存|主机内存/i,
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
  },
  {
    id: 'pod_pending',
    names:
      /pod.{0,12}(pending|not[\s_-]?(ready|scheduled|healthy)|unschedulable)|kubecontainerwaiting|(deployment|statefulset|daemonset).{0,20}(mismatch|misscheduled|notscheduled|stuck)|imagepull|pod.{0,8}(未就绪|挂起|无法调度|调度失败)|镜像拉取|副本(数)?不(足|一致)/i,
    words:
      /unschedulable|insufficient (cpu|memory|nvidia)|failedscheduling|imagepullbackoff|errimagepull|in a non-ready state|pending state|无法调度|调度失败|镜像拉取失败/i,
    hint: text(
      '{pod,deployment|某个 Pod}[（命名空间 {namespace}）]没有就绪：未能调度或启动',
      '{pod,deployment|A pod}[ in namespace {namespace}] is not ready: it could not be scheduled or started',
    ),
    summary: text(
      '{pod,deployment|该工作负载}[（命名空间 {namespace}）]有副本停在等待状态。',
      '{pod,deployment|The workload}[ in namespace {namespace}] has replicas that are stuck waiting.',
    ),
    causes: [
      {
        id: 'capacity',
        prior: 0.35,
        text: text(
          '集群没有满足其资源请求的节点（CPU、内存或 GPU 不足）',
          'No node has the resources it asks for (CPU, memory or GPU)',
        ),
        signs: /insufficient (cpu|memory|nvidia|ephemeral)|资源不足|no nodes? (are )?available/i,
      },
      {
        id: 'image',
        prior: 0.25,
        text: text(
          '镜像拉不下来：名称、标签错误，或没有仓库权限',
          'The image cannot be pulled: wrong name or tag, or no access to the registry',
        ),
        signs: /imagepull|errimage|manifest unknown|pull access denied|镜像/i,
      },
      {
        id: 'placement',
        prior: 0.2,
        text: text('节点选择器、亲和性或污点让它无处可去', 'Node selector, affinity or taints leave it nowhere to run'),
        signs: /node selector|nodeselector|affinity|taint|tolerat|污点|亲和/i,
      },
      {
        id: 'volume',
        prior: 0.15,
        text: text('存储卷没有绑定或挂载失败', 'A volume is not bound or fails to mount'),
        signs: /persistentvolumeclaim|unbound|failedmount|storageclass|attachvolume|存储卷|挂载/i,
      },
      {
        id: 'readiness',
        prior: 0.2,
        text: text('容器在运行，但就绪探针不通过', 'Its containers run but the readiness probe fails'),
        signs: /readiness|probe|就绪探针/i,
      },
    ],
    steps: [
      {
        text: text('看调度和拉取的事件', 'Read its events: scheduling and pulling'),
        risk: 'safe',
        command: 'kubectl -n {namespace} describe pod {pod}',
      },
      {
        text: text('看命名空间里最近的事件', 'Read the latest events of the namespace'),
        risk: 'safe',
        command: 'kubectl -n {namespace} get events --sort-by=.lastTimestamp',
      },
      { text: text('扩容节点，或降低资源请求', 'Add nodes, or ask for fewer resources'), risk: 'careful' },
    ],
  },
  {
    id: 'job_failed',
    names:
      /(kube|kubernetes|cron|batch|backup)_?\s?-?job.{0,12}(fail|not[\s_-]?completed|slow|suspended|completion)|cron.{0,12}fail|backup.{0,12}(fail|missing|error)|(任务|作业|脚本|备份|批处理).{0,8}(失败|异常|超时|未完成)/i,
    words:
      /job .{0,80}(failed to complete|has failed)|backofflimitexceeded|deadlineexceeded.{0,20}job|任务执行失败|作业失败/i,
    hint: text(
      '任务 {job|（未给出名称）}[（命名空间 {namespace}）]执行失败或没有按时完成',
      'Job {job|(name not given)}[ in namespace {namespace}] failed or did not finish in time',
    ),
    summary: text(
      '任务 {job|}[（命名空间 {namespace}）]没有成功结束，它的产出可能缺失。',
      'Job {job|}[ in namespace {namespace}] did not end well; what it should have produced may be missing.',
    ),
    causes: [
      {
        id: 'program',
        prior: 0.4,
        text: text('任务程序本身报错退出（数据、参数或代码）', 'The program itself failed (data, arguments or code)'),
        signs: /exit code|exception|traceback|backofflimit|退出码|异常/i,
      },
      {
        id: 'dependency',
        prior: 0.25,
        text: text('它读写的数据库、存储或接口不可用', 'A database, storage or interface it uses is unavailable'),
        signs: /connection|timeout|refused|unavailable|5\d\d\b|连接|超时/i,
      },
      {
        id: 'deadline',
        prior: 0.2,
        text: text(
          '运行时间超过了时限，数据量可能变大了',
          'It ran past its deadline; there may be more data than before',
        ),
        signs: /deadline|not ?completed|taking too long|slow|未完成|超时|耗时/i,
      },
      {
        id: 'resources',
        prior: 0.15,
        text: text(
          '资源不够：内存被杀、磁盘写满或无法调度',
          'Not enough resources: killed for memory, disk full or not scheduled',
        ),
        signs: /oom|no space|insufficient|evict|空间不足|内存/i,
      },
    ],
    steps: [
      {
        text: text('看任务的日志', 'Read what the job logged'),
        risk: 'safe',
        command: 'kubectl -n {namespace} logs job/{job} --tail=200',
      },
      {
        text: text('看失败原因和重试次数', 'See why it failed and how often it tried'),
        risk: 'safe',
        command: 'kubectl -n {namespace} describe job {job}',
      },
      {
        text: text('确认可重复执行后再手工补跑', 'Run it again by hand once it is known to be repeatable'),
        risk: 'careful',
      },
    ],
  },
];
