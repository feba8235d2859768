import { type Family, text } from './family.ts';

export const POD_PENDING: Family = {
  id: 'pod_pending',
  depth: 2,
  names:
    /pod.{0,12}(pending|not[\s_-]?(ready|scheduled|healthy)|unschedulable)|kubecontainerwaiting|(deployment|statefulset|daemonset).{0,20}(mismatch|misscheduled|notscheduled|stuck)|imagepull|pod.{0,8}(未就绪|挂起|无法调度|调度失败)|镜像拉取|副本(数)?不(足|一致)|persistentvolume.{0,12}(error|pending|unbound|lost)|pod.{0,4}一直/i,
  words:
    /unschedulable|insufficient (cpu|memory|nvidia)|failedscheduling|imagepullbackoff|errimagepull|in a non-ready state|pending state|无法调度|调度失败|镜像拉取失败/i,
  says: /imagepullbackoff|errimagepull|failedscheduling|\d{1,5}\/\d{1,5} nodes are available|failed to pull image|failedmount|failedattachvolume|unschedulable|failedcreatepodsandbox|failedbinding|provisioningfailed|multi-attach error|invalidimagename|镜像拉取失败|调度失败|无法调度|mountvolume\.\w{1,20} failed|unable to (attach or )?mount volumes|unbound immediate persistentvolumeclaims|waiting for a volume to be created|storageclass\S{0,20} "[^"]{1,80}" not found|persistentvolumeclaim "[^"]{1,80}" not found|didn't match (pod|node)|volume node affinity conflict|trigger scale-up|failed to create pod sandbox|failed to set ?up (pod|network for sandbox)|failed to assign an ip address|reached your pull rate limit|manifest unknown|拉取镜像失败/i,
  suggests: /readiness probe failed|phase pending|containersnotready|unbound immediate|就绪探针/i,
  metrics:
    /kube_pod_status_phase|waiting_reason|replicas_unavailable|Why containers wait|Replicas that are not|容器等待的原因|未就绪的副本|persistentvolumeclaim_status_phase|pending_pods|unschedulable/i,
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
      signs: /insufficient (cpu|memory|nvidia|ephemeral)|too many pods|no preemption victims|资源不足/i,
    },
    {
      id: 'image',
      prior: 0.25,
      text: text(
        '镜像拉不下来：名称、标签错误，或没有仓库权限',
        'The image cannot be pulled: wrong name or tag, or no access to the registry',
      ),
      signs:
        /imagepull|errimage|failed to pull image|manifest unknown|pull access denied|authentication required|toomanyrequests|镜像(拉取|不存在|仓库|标签)/i,
      changed: /image .{0,200}→/i,
    },
    {
      id: 'placement',
      prior: 0.2,
      text: text('节点选择器、亲和性或污点让它无处可去', 'Node selector, affinity or taints leave it nowhere to run'),
      signs:
        /node selector|nodeselector|node affinity|anti-affinity|untolerated taint|didn't match pod|didn't tolerate|topology spread|污点|亲和/i,
    },
    {
      id: 'volume',
      prior: 0.15,
      text: text('存储卷没有绑定或挂载失败', 'A volume is not bound or fails to mount'),
      signs:
        /unbound immediate|failedmount|failedattachvolume|failedbinding|storageclass|multi-attach error|provisioningfailed|volume node affinity conflict|persistentvolumeclaim "[^"]{1,80}" not found|存储卷|挂载(失败|超时)/i,
    },
    {
      id: 'readiness',
      prior: 0.2,
      text: text('容器在运行，但就绪探针不通过', 'Its containers run but the readiness probe fails'),
      signs: /readiness probe failed|readiness probe errored|就绪探针/i,
      changed: /readinessProbe|ports /i,
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
};

export const JOB_FAILED: Family = {
  id: 'job_failed',
  depth: 3,
  names:
    /(kube|kubernetes|cron|batch|backup)_?\s?-?job.{0,12}(fail|not[\s_-]?completed|slow|suspended|completion)|cron.{0,12}fail|backup.{0,12}(fail|missing|error)|(任务|作业|脚本|备份|批处理).{0,8}(失败|异常|超时|未完成)/i,
  words:
    /job .{0,80}(failed to complete|has failed)|backofflimitexceeded|deadlineexceeded.{0,20}job|任务执行失败|作业失败/i,
  says: /backofflimitexceeded|reached the specified backoff limit|longer than specified deadline|job \S{1,120} · (failed|失败)|too many missed start times|pg_dump: error|mysqldump: (error|got error)|backup .{0,20}failed|任务执行失败|作业失败|备份失败|rsync error:|restic: fatal|aborted due to stage failure|migration .{0,60}failed|xxl-job .{0,20}(fail|失败)|execution error, return code|\bcron\b.{0,60}(exit status [1-9]|failed)|wal segment was not archived|任务执行异常|跑批(失败|异常|超时)/i,
  suggests: /job .{0,60}failed|task .{0,60}(failed|raised)|定时任务.{0,12}(失败|异常|超时)/i,
  metrics:
    /kube_job_status_failed|kube_cronjob_|Failed pods of the job|任务失败的 ?Pod|Time since it last succeeded|距上次成功|kube_job_failed|_ti_failures|backup_(fail|last_success)/i,
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
      signs:
        /exit code [1-9]|exception|traceback|panic: |fatal error|syntax error|valueerror|keyerror|typeerror|violates .{0,20}constraint|duplicate (key|entry)|backofflimit|退出码|程序(异常|报错)|数据(错误|异常|校验)/i,
    },
    {
      id: 'dependency',
      prior: 0.25,
      text: text('它读写的数据库、存储或接口不可用', 'A database, storage or interface it uses is unavailable'),
      signs:
        /connection (refused|reset|timed out)|econnrefused|no such host|could not connect|connect timed out|i\/o timeout|read timed out|service unavailable|access denied|permission denied|authentication failed|连接(失败|超时|被拒绝)|接口(超时|不可用)/i,
    },
    {
      id: 'deadline',
      prior: 0.2,
      text: text(
        '运行时间超过了时限，数据量可能变大了',
        'It ran past its deadline; there may be more data than before',
      ),
      signs:
        /deadlineexceeded|longer than specified deadline|taking too long|not completed|lock wait timeout|statement timeout|未(按时)?完成|耗时过长/i,
    },
    {
      id: 'resources',
      prior: 0.15,
      text: text(
        '资源不够：内存被杀、磁盘写满或无法调度',
        'Not enough resources: killed for memory, disk full or not scheduled',
      ),
      signs:
        /oomkilled|out of memory|no space left|insufficient (cpu|memory|ephemeral)|evicted|exceeded quota|空间不足|内存(不足|溢出)/i,
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
};
