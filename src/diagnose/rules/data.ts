import { type Family, text } from './family.ts';

/** What goes wrong with databases, queues and allowances. */
export const DATA: readonly Family[] = [
  {
    id: 'replication_lag',
    names:
      /replica(tion|s)?.{0,16}(lag|delay|behind|broken|stopped|error|fail)|slave.{0,16}(lag|delay|behind|not ?running|stopped|io|sql)|seconds[\s_]behind|(主从|复制|同步|从库|备库|副本集).{0,8}(延迟|中断|停止|断开|异常|落后)/i,
    words: /replication lag|behind (the )?(master|primary|source)|seconds_behind|replica .{0,20}lag|主从延迟|复制延迟/i,
    hint: text(
      '{service,host|某个数据库}主从复制延迟，读到的数据可能是旧的',
      'Replication of {service,host|a database} lags: reads from replicas may be old',
    ),
    summary: text(
      '{service,host|该数据库}的从库落后于主库，切换会丢数据，读从库会读到旧数据。',
      'Replicas of {service,host|the database} are behind: a fail-over would lose data and reads may be old.',
    ),
    causes: [
      {
        id: 'write_burst',
        prior: 0.35,
        text: text(
          '主库有大批量写入或大事务（批任务、DDL、归档）',
          'A burst of writes or one huge transaction on the primary (batch, DDL, clean-up)',
        ),
        signs: /batch|ddl|alter table|bulk|large transaction|migration|批量|大事务|归档/i,
      },
      {
        id: 'slow_replica',
        prior: 0.3,
        text: text('从库资源不足或被慢查询拖住', 'The replica lacks resources or is held up by slow queries'),
        signs: /slow quer|cpu|iops|io ?wait|disk|lock|慢查询|磁盘|锁/i,
      },
      {
        id: 'stopped',
        prior: 0.25,
        text: text(
          '复制线程出错停止（主键冲突、位点丢失）',
          'A replication thread stopped with an error (duplicate key, lost position)',
        ),
        signs: /not ?running|stopped|broken|error|duplicate|purged|中断|停止|冲突/i,
      },
      {
        id: 'network',
        prior: 0.15,
        text: text('主从之间的网络带宽或延迟变差', 'The network between primary and replica got worse'),
        signs: /network|bandwidth|latency|packet|网络|带宽/i,
      },
    ],
    steps: [
      {
        text: text('看复制状态和最后的错误', 'Look at the replication state and its last error'),
        risk: 'safe',
        command: 'mysql -h {host} -e "SHOW REPLICA STATUS"',
      },
      { text: text('看主库上正在跑的大事务', 'See which large transactions run on the primary'), risk: 'safe' },
      { text: text('把读流量暂时切回主库', 'Send reads to the primary for the time being'), risk: 'careful' },
    ],
  },
  {
    id: 'queue_depth',
    names:
      /queue.{0,16}(depth|length|size|full|backlog|grow|high|messages)|consumer.{0,12}lag|kafka.{0,16}lag|(too ?many|unacked|ready).{0,12}messages|backlog|rabbitmq.{0,24}(queue|messages|unack)|(消息|队列|消费|topic|kafka|mq).{0,8}(积压|堆积|堵塞|延迟|过长|滞后)/i,
    words: /messages? (in|on) (the )?queue|consumer (group )?.{0,30}lag|backlog|消息(积压|堆积)|消费延迟/i,
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
        signs: /no consumers?|consumer.{0,12}(down|dead|0)|rebalanc|crash|无消费者|重平衡|停止/i,
      },
      {
        id: 'slow_consumer',
        prior: 0.3,
        text: text(
          '消费者变慢（下游超时、单条处理变重）',
          'Consumers are slow (something behind them times out, each message costs more)',
        ),
        signs: /slow|timeout|latency|processing time|变慢|超时|耗时/i,
      },
      {
        id: 'producer_burst',
        prior: 0.25,
        text: text('生产端突然大量写入', 'Producers suddenly write much more'),
        signs: /burst|spike|batch|producer|publish rate|突增|生产/i,
      },
      {
        id: 'poison',
        prior: 0.15,
        text: text('一条坏消息反复失败，堵住了分区', 'One bad message fails again and again and blocks its partition'),
        signs: /retry|dead.?letter|dlq|poison|nack|重试|死信/i,
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
  },
  {
    id: 'database_connections',
    names:
      /too ?many.{0,6}connections|connection.{0,8}(pool|limit|exhaust|saturat|usage|high)|max_?connections|(mysql|postgres(ql)?|pg|redis|mongo(db)?|oracle|db|database|hikari).{0,16}connections?|(数据库|mysql|postgres|redis|mongo|pg|db)?.{0,6}连接(数|池).{0,8}(过高|过多|耗尽|打满|满|不足|超|告警|使用率)/i,
    words:
      /too many (clients|connections)|connection pool .{0,20}(exhaust|full|timeout)|remaining connection slots|max_connections|连接池(耗尽|已满)|连接数(过高|过多)/i,
    hint: text(
      '{service,host|某个数据库}的数据库连接快用完了',
      '{service,host|A database} is running out of connections',
    ),
    summary: text(
      '{service,host|该数据库}的连接数接近上限，新请求会等待或失败。',
      'Connections of {service,host|the database} are near their limit; new requests will wait or fail.',
    ),
    causes: [
      {
        id: 'leak',
        prior: 0.3,
        text: text(
          '应用取了连接没有归还（连接泄漏、事务未提交）',
          'The application does not give connections back (a leak, open transactions)',
        ),
        signs: /leak|idle in transaction|not returned|sleep|泄漏|未提交|空闲/i,
      },
      {
        id: 'slow_queries',
        prior: 0.3,
        text: text('慢查询或锁等待让连接长时间被占用', 'Slow queries or locks hold connections for long'),
        signs: /slow|lock|deadlock|wait|慢查询|锁/i,
      },
      {
        id: 'scale',
        prior: 0.25,
        text: text(
          '应用副本或连接池变大，总数超过数据库上限',
          'More replicas or larger pools ask for more than the database allows',
        ),
        signs: /replicas|scal(e|ing)|pool size|max_connections|扩容|副本/i,
      },
      {
        id: 'traffic',
        prior: 0.2,
        text: text('访问量突增', 'Traffic rose suddenly'),
        signs: /traffic|spike|qps|burst|流量|突增/i,
      },
    ],
    steps: [
      {
        text: text('看连接按来源和状态的分布', 'See connections by origin and state'),
        risk: 'safe',
        command: 'psql -h {host} -c "TABLE pg_stat_activity"',
      },
      { text: text('找出持续最久的查询和事务', 'Find the queries and transactions that last longest'), risk: 'safe' },
      { text: text('结束确认无用的长事务', 'End long transactions that are known to be useless'), risk: 'dangerous' },
    ],
  },
  {
    id: 'quota',
    names:
      /quota|limit.{0,8}(exceeded|reached)|hpa.{0,8}max|rate[\s_-]?limit|license.{0,10}(limit|expir)|(配额|额度|限额|余额|套餐).{0,8}(不足|用尽|超|告警|耗尽|满|即将)|配额/i,
    words:
      /exceeded quota|quota .{0,20}(used|exceeded|full)|rate limit exceeded|insufficient (balance|quota)|配额(不足|用尽|已满)/i,
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
        signs: /almost|9\d ?%|nearly|growth|增长|即将/i,
      },
      {
        id: 'leftovers',
        prior: 0.3,
        text: text('有用完没清理的对象占着配额', 'Objects no longer used still count'),
        signs: /completed|evicted|orphan|unused|stale|残留|未清理/i,
      },
      {
        id: 'runaway',
        prior: 0.25,
        text: text('一个程序异常地大量创建或调用', 'A program creates or calls far more than it should'),
        signs: /rate|retry|loop|spike|burst|重试|突增/i,
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
  },
];
