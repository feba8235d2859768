import { type Family, REQUESTS, text } from './family.ts';

export const REPLICATION_LAG: Family = {
  id: 'replication_lag',
  depth: 2,
  names:
    /replica(tion|s)?.{0,16}(lag|delay|behind|broken|stopped|error|fail)|slave.{0,16}(lag|delay|behind|not ?running|stopped|io|sql)|seconds[\s_]behind|(主从|复制|同步|从库|备库|副本集).{0,8}(延迟|中断|停止|断开|异常|落后)|disconnected ?(slave|replica)s?|under.?replicated|replicas? ?(out ?of ?sync|not ?in ?sync)/i,
  words: /replication lag|behind (the )?(master|primary|source)|seconds_behind|replica .{0,20}lag|主从延迟|复制延迟/i,
  says: /replication lag|behind (the )?(master|primary|source)|seconds_behind|(slave|replica) (sql|i\/o)|requested wal segment|error reading relay log|master_link_status:down|connection with (master|replica).{0,30}lost|too stale to catch up|could not receive data from wal|主从(延迟|中断|断开)|复制(延迟|中断|线程)|fatal error 1236|could not execute \w{1,20} event on table|conflict with recovery|master aborted replication|master did not respond to ping|stale to use \S{1,80} as a sync source|oplog .{0,20}behind|overcoming of output buffer limits|落后主库|(复制|同步)线程.{0,6}(停止|异常)/i,
  suggests: /relay log|replication slot|standby|slave|主从|从库/i,
  metrics:
    /seconds_behind|replication_lag|replica_lag|slave_lag|slave_status|redis_master_link_up|Replication lag|复制延迟|replication threads|复制线程|connected_slaves|wal_lsn_diff|underreplicated|isr_shrinks/i,
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
      signs:
        /batch|\bddl\b|alter table|create index|bulk (load|insert)|large transaction|migration|checkpoints are occurring too frequently|批量|大事务|归档/i,
      rises: /Statements that write|写语句|tup_inserted|tup_updated|commands_total/i,
      changed: /migration|batch|迁移|批量|归档/i,
    },
    {
      id: 'slow_replica',
      prior: 0.3,
      text: text('从库资源不足或被慢查询拖住', 'The replica lacks resources or is held up by slow queries'),
      signs: /slow quer|iops|io ?wait|lock wait|conflict with recovery|慢查询|磁盘(慢|繁忙|io)|锁等待/i,
      rises: /iowait|node_load|io_time/i,
    },
    {
      id: 'stopped',
      prior: 0.25,
      text: text(
        '复制线程出错停止（主键冲突、位点丢失）',
        'A replication thread stopped with an error (duplicate key, lost position)',
      ),
      signs:
        /not ?running|(thread|replication) stopped|broken|duplicate (entry|key)|purged|already been removed|fatal error 1236|link_status:down|复制.{0,6}(停止|中断)|冲突/i,
    },
    {
      id: 'network',
      prior: 0.15,
      text: text('主从之间的网络带宽或延迟变差', 'The network between primary and replica got worse'),
      signs:
        /packet (loss|drop)|lost connection|reconnecting to (master|source)|connection with (master|replica).{0,30}lost|bandwidth|网络(抖动|延迟)|带宽/i,
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
};

export const DATABASE_CONNECTIONS: Family = {
  id: 'database_connections',
  depth: 3,
  names:
    /too ?many.{0,6}connections|connection.{0,8}(pool|limit|exhaust|saturat|usage|high)|max_?connections|(mysql|postgres(ql)?|pg|redis|mongo(db)?|oracle|db|database|hikari).{0,16}connections?|(数据库|mysql|postgres|redis|mongo|pg|db)?.{0,6}连接(数|池).{0,8}(过高|过多|耗尽|打满|满|不足|超|告警|使用率)/i,
  words:
    /too many (clients|connections)|connection pool .{0,20}(exhaust|full|timeout)|remaining connection slots|max_connections|连接池(耗尽|已满)|连接数(过高|过多)/i,
  says: /too many (clients|connections)|too many open connections|remaining connection slots|max number of clients reached|connection pool (is )?(exhausted|full)|connection is not available, request timed out|timeout .{0,20}(acquiring|waiting for) .{0,20}connection|queuepool limit|failed to obtain jdbc connection|max_client_conn|timed out waiting for (a )?connection from the pool|连接池(耗尽|已满|获取连接超时)|连接数(过高|过多|已满)|getconnectiontimeoutexception|could not get a resource from the pool|query_wait_timeout|waiting for a connection\b|max_user_connections|ora-(12516|12519|00018|00020)\b|timeout waiting for idle object|fetching a new connection from the connection pool|many connection errors|resourcerequest timed out|获取(数据库)?连接(超时|失败)/i,
  suggests: /idle in transaction|hikaripool|connection pool|连接池|数据库连接/i,
  metrics:
    /pg_stat_activity|numbackends|threads_connected|connected_clients|max_connections|hikaricp_connections|connections_(active|current|pending|used)|Connections to the database|Most connections allowed|Connection pool|Threads that wait|数据库连接数|连接数上限|连接池|等待数据库连接|pgbouncer_|connection_errors|rejected_connections|druid_\w{0,20}(active|wait)|sql_wait_count|mongodb_connections|jdbc_connections|(?<!thread_|executor_)pool_(active|waiting|exhausted)/i,
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
      signs: /leak|idle in transaction|not returned|泄(漏|露)|未(提交|归还|关闭)|空闲事务/i,
    },
    {
      id: 'slow_queries',
      prior: 0.3,
      text: text('慢查询或锁等待让连接长时间被占用', 'Slow queries or locks hold connections for long'),
      signs:
        /slow (quer|log)|query_time: \d|lock wait|deadlock|duration: \d{4,}|still waiting for|long.running (query|transaction)|statement timeout|慢查询|锁等待|死锁|长事务/i,
      rises: /slow.?quer|慢查询|Longest transaction|最长的事务/i,
    },
    {
      id: 'scale',
      prior: 0.25,
      text: text(
        '应用副本或连接池变大，总数超过数据库上限',
        'More replicas or larger pools ask for more than the database allows',
      ),
      signs: /scaled up|new size: \d|pool.?size|max_connections|扩容|副本/i,
      rises: /replicas|副本/i,
      changed: /scal|pool|replicas|扩容|副本|连接池/i,
    },
    {
      id: 'traffic',
      prior: 0.2,
      text: text('访问量突增', 'Traffic rose suddenly'),
      signs: /traffic|spike|\bqps\b|burst|流量|突增/i,
      rises: REQUESTS,
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
};
