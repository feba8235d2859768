import type { Plan } from '../plan.ts';
import { MEMORY_FREE, REQUESTS, metric } from './metric.ts';

const INSTANCE = 'instance="{instance}"';
const GROUP = 'consumergroup="{queue}"';

/** What exporters of databases and queues tell. */
export const DATA_PLANS: Readonly<Record<string, Plan>> = {
  replication_lag: {
    metrics: [
      metric(
        '复制延迟',
        'Replication lag',
        `mysql_slave_status_seconds_behind_master{${INSTANCE}} or pg_replication_lag_seconds{${INSTANCE}} or pg_replication_lag{${INSTANCE}} or redis_connected_slave_lag_seconds{${INSTANCE}}`,
        'seconds',
      ),
      metric(
        '复制线程是否在运行',
        'Whether the replication threads run',
        `{__name__=~"mysql_slave_status_slave_(sql|io)_running|redis_master_link_up",${INSTANCE}}`,
      ),
      metric(
        '写语句的速率',
        'Statements that write',
        `sum by (command) (rate(mysql_global_status_commands_total{${INSTANCE},command=~"insert|update|delete|replace|alter_table"}[5m])) or sum(rate(pg_stat_database_tup_inserted{${INSTANCE}}[5m]) + rate(pg_stat_database_tup_updated{${INSTANCE}}[5m]))`,
        'per second',
      ),
      metric(
        '最长的事务',
        'Longest transaction',
        `max by (datname, state) (pg_stat_activity_max_tx_duration{${INSTANCE}})`,
        'seconds',
      ),
      MEMORY_FREE,
    ],
    logWords: [
      'replication',
      'binlog',
      'relay',
      'wal',
      'lag',
      'slave',
      'replica',
      'alter table',
      '复制',
      '延迟',
      '主从',
    ],
    kubernetes: ['pod', 'events'],
    probe: false,
  },
  queue_depth: {
    metrics: [
      metric('积压', 'Backlog', `sum by (topic) (kafka_consumergroup_lag{${GROUP}})`),
      metric('积压', 'Backlog', 'sum by (consumergroup) (kafka_consumergroup_lag{topic="{queue}"})'),
      metric(
        '队列中的消息',
        'Messages in the queue',
        'rabbitmq_queue_messages_ready{queue="{queue}"} or rabbitmq_queue_messages{queue="{queue}"}',
      ),
      metric(
        '消费者',
        'Consumers',
        `rabbitmq_queue_consumers{queue="{queue}"} or kafka_consumergroup_members{${GROUP}}`,
      ),
      metric(
        '消费速率',
        'Consumed',
        `sum(rate(kafka_consumergroup_current_offset{${GROUP}}[5m])) or sum(rate(rabbitmq_queue_messages_acked_total{queue="{queue}"}[5m]))`,
        'per second',
      ),
      metric(
        '生产速率',
        'Produced',
        'sum(rate(kafka_topic_partition_current_offset{topic="{queue}"}[5m])) or sum(rate(rabbitmq_queue_messages_published_total{queue="{queue}"}[5m]))',
        'per second',
      ),
    ],
    logWords: [
      'rebalance',
      'consumer',
      'offset',
      'commit',
      'poll',
      'redeliver',
      'dead letter',
      'deserializ',
      '消费',
      '积压',
      '重试',
    ],
    kubernetes: ['rollout', 'pod', 'events', 'autoscaler'],
    probe: false,
  },
  database_connections: {
    metrics: [
      metric(
        '数据库连接数',
        'Connections to the database',
        `sum by (state, datname) (pg_stat_activity_count{${INSTANCE}}) or mysql_global_status_threads_connected{${INSTANCE}} or redis_connected_clients{${INSTANCE}}`,
      ),
      metric(
        '连接数上限',
        'Most connections allowed',
        `pg_settings_max_connections{${INSTANCE}} or mysql_global_variables_max_connections{${INSTANCE}} or redis_config_maxclients{${INSTANCE}}`,
      ),
      metric(
        '连接池：在用、空闲、等待',
        'Connection pool: active, idle, waiting',
        '{__name__=~"hikaricp_connections_(active|idle|pending|max)",service="{service}"} or {__name__=~"hikaricp_connections_(active|idle|pending|max)",app="{service}"}',
      ),
      metric(
        '最长的事务',
        'Longest transaction',
        `max by (datname, state) (pg_stat_activity_max_tx_duration{${INSTANCE}})`,
        'seconds',
      ),
      metric(
        '慢查询的速率',
        'Slow queries',
        `rate(mysql_global_status_slow_queries{${INSTANCE}}[5m]) or rate(redis_slowlog_last_id{${INSTANCE}}[5m])`,
        'per second',
      ),
      REQUESTS,
    ],
    logWords: [
      'connection',
      'pool',
      'too many',
      'hikari',
      'idle in transaction',
      'deadlock',
      'lock wait',
      'slow query',
      '连接',
      '慢查询',
      '死锁',
    ],
    kubernetes: ['rollout', 'pod', 'events'],
    probe: false,
  },
  quota: {
    metrics: [
      metric(
        '配额使用率',
        'Share of the quota in use',
        '100 * kube_resourcequota{namespace="{namespace}",type="used"} / ignoring (type) kube_resourcequota{namespace="{namespace}",type="hard"} > 60',
        'percent',
      ),
      metric(
        '命名空间的 Pod 数',
        'Pods of the namespace',
        'sum by (phase) (kube_pod_status_phase{namespace="{namespace}"})',
      ),
      metric(
        '各工作负载的副本数',
        'Replicas of the workloads',
        'topk(3, kube_deployment_spec_replicas{namespace="{namespace}"})',
      ),
      metric('未结束的任务', 'Jobs that have not ended', 'sum(kube_job_status_active{namespace="{namespace}"})'),
    ],
    logWords: ['quota', 'exceeded', 'forbidden', 'limit', 'insufficient', '配额', '上限'],
    kubernetes: ['events', 'rollout', 'autoscaler', 'job'],
    probe: false,
  },
};
