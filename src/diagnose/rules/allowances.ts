import { type Family, text } from './family.ts';

export const QUEUE_DEPTH: Family = {
  id: 'queue_depth',
  depth: 2,
  names:
    /queue.{0,16}(depth|length|size|full|backlog|grow|high|messages)|consumer.{0,12}lag|kafka.{0,16}lag|(too ?many|unacked|ready).{0,12}messages|backlog|rabbitmq.{0,24}(queue|messages|unack)|(消息|队列|消费|topic|kafka|mq).{0,8}(积压|堆积|堵塞|延迟|过长|滞后)/i,
  words: /messages? (in|on) (the )?queue|consumer (group )?.{0,30}lag|backlog|消息(积压|堆积)|消费延迟/i,
  says: /consumer (group )?.{0,40}lag|messages? (in|on) (the )?queue|queue (depth|backlog)|backlog|消息(积压|堆积)|消费(延迟|积压)|队列(堆积|积压)|messages ready|delivery acknowledgement .{0,30}timed out|broker busy|message buffer is full|consumer poll timeout|tasks in queue|消费(线程池)?(已满|能力不足)/i,
  suggests:
    /rebalanc|max\.poll|commitfailedexception|unacked|redeliver|dead.?letter|deserializ|no consumers|消费(失败|超时|异常)|重平衡/i,
  metrics:
    /consumergroup_lag|consumer_lag|records_lag|rabbitmq_queue_messages|queue_(depth|length|size|messages)|messages_(ready|unacked|behind)|Backlog|Messages in the queue|积压|队列中的消息|rocketmq_\w{0,20}(diff|lag)|number_of_messages|back_?log|num_pending|queue_latency|unacknowledged/i,
  hint: text(
    '队列 {queue,service|（未给出名称）} 消息积压，消费跟不上',
    'Messages pile up in {queue,service|a queue}: consumers do not keep up',
  ),
  summary: text(
    '{queue,service|该队列} 的积压在增长，下游处理会延迟。',
    'The backlog of {queue,service|the queue} grows; what depends on it is late.',
  ),
  causes: [
    {
      id: 'consumer_down',
      prior: 0.35,
      text: text('消费者停止、崩溃或频繁重平衡', 'Consumers stopped, crash or rebalance all the time'),
      signs:
        /no (active )?(consumers?|members)|consumer.{0,20}(down|dead|crash)|consumer poll timeout|rebalanc|max\.poll\.interval|session expired|crashloopbackoff|oomkilled|无消费者|重平衡|消费者.{0,6}(停止|下线|宕机|掉线)/i,
    },
    {
      id: 'slow_consumer',
      prior: 0.3,
      text: text(
        '消费者变慢（下游超时、单条处理变重）',
        'Consumers are slow (something behind them times out, each message costs more)',
      ),
      signs:
        /slow (consumer|processing|quer)|timed? ?out|processing time|lock wait|消费(变慢|耗时|超时)|处理(超时|变慢|耗时)|下游超时/i,
    },
    {
      id: 'producer_burst',
      prior: 0.25,
      text: text('生产端突然大量写入', 'Producers suddenly write much more'),
      signs: /burst|spike|bulk (publish|import)|publish rate|突增|批量(推送|导入|发送)|生产.{0,6}激增/i,
      rises: /Produced|生产速率|published_total|topic_partition_current_offset/i,
    },
    {
      id: 'poison',
      prior: 0.15,
      text: text('一条坏消息反复失败，堵住了分区', 'One bad message fails again and again and blocks its partition'),
      signs: /dead.?letter|\bdlq\b|poison|\bnack|deserializ|redeliver|unmarshal|死信|反序列化|反复(失败|重试)/i,
    },
  ],
  steps: [
    {
      text: text('看消费者数量与各自的积压', 'See how many consumers there are and what each is behind'),
      risk: 'safe',
      command: 'kafka-consumer-groups.sh --bootstrap-server {hostport} --describe --group {queue}',
    },
    {
      text: text('看消费者最近的错误日志', 'Read the latest errors of the consumers'),
      risk: 'safe',
      command: 'kubectl -n {namespace} logs deploy/{service} --since=15m --tail=200',
    },
    {
      text: text('增加消费者（不超过分区数）', 'Add consumers (no more than there are partitions)'),
      risk: 'careful',
    },
  ],
};

export const QUOTA: Family = {
  id: 'quota',
  depth: 3,
  names:
    /quota|limit.{0,8}(exceeded|reached)|hpa.{0,8}max|rate[\s_-]?limit|license.{0,10}(limit|expir)|(配额|额度|限额|余额|套餐).{0,8}(不足|用尽|超|告警|耗尽|满|即将)|配额/i,
  words:
    /exceeded quota|quota .{0,20}(used|exceeded|full)|rate limit exceeded|insufficient (balance|quota)|配额(不足|用尽|已满)/i,
  says: /exceeded quota|(?<!disk )quota .{0,20}(exceeded|full)|rate limit exceeded|insufficient[ _](balance|quota)|requestlimitexceeded|throttlingexception|429 too many requests|exceeded your current quota|配额(不足|用尽|已满|超限)|余额不足|额度(不足|用尽)|欠费|user flow control|throttling\.(user|api)|流控|触发.{0,8}限流|exceeding approved .{0,60}quota|vcpulimitexceeded|limitexceededexception|\b(qps|frequency|daily|license) limit\b|insufficient_?balance|arrearage|(次数|频率|用量).{0,4}超|maximum shards open|seats in use/i,
  suggests: /too many requests|\brate.?limit|配额/i,
  metrics:
    /kube_resourcequota|quota|kube_horizontalpodautoscaler|kube_hpa|配额使用率|rate_limit|flowcontrol_rejected|limited_calls|throttled_requests|rate_limited/i,
  hint: text(
    '{namespace,service|某项资源}[ 的 {resource}]配额快用完或已用完',
    'The quota[ for {resource}] of {namespace,service|a resource} is nearly or fully used',
  ),
  summary: text(
    '{namespace,service|该资源} 的配额到顶后，新的创建或调用会被拒绝。',
    'When the quota of {namespace,service|the resource} is used up, new objects or calls are refused.',
  ),
  causes: [
    {
      id: 'growth',
      prior: 0.4,
      text: text('正常增长超过了当初定的配额', 'Ordinary growth has passed the quota once chosen'),
      signs: /almost|nearly full|quota .{0,40}9\d|used: .{1,80}, limited: |增长|即将/i,
    },
    {
      id: 'leftovers',
      prior: 0.3,
      text: text('有用完没清理的对象占着配额', 'Objects no longer used still count'),
      signs: /completed pods|evicted pods|orphan|unused|stale|残留|未清理/i,
    },
    {
      id: 'runaway',
      prior: 0.25,
      text: text('一个程序异常地大量创建或调用', 'A program creates or calls far more than it should'),
      signs: /retry storm|retrying in|too many requests|burst|spike|重试|突增/i,
      rises: /Pods of the namespace|命名空间的 ?Pod|Replicas of the workloads|副本数|Jobs that have not|未结束的任务/i,
    },
  ],
  steps: [
    {
      text: text('看配额与已用量', 'See quotas and what is used'),
      risk: 'safe',
      command: 'kubectl -n {namespace} describe resourcequota',
    },
    {
      text: text('找出占用最多的对象', 'Find what uses the most of it'),
      risk: 'safe',
      command: 'kubectl -n {namespace} get all',
    },
    {
      text: text('清理残留，或申请提高配额', 'Remove what is left over, or ask for a larger quota'),
      risk: 'careful',
    },
  ],
};
