import type { Plan } from '../plan.ts';
import {
  LAST_TERMINATED,
  MEMORY,
  MEMORY_LIMIT,
  POD,
  PROCESSOR,
  REQUESTS,
  RESTARTS,
  WAITING,
  metric,
} from './metric.ts';

/** What kube-state-metrics and cAdvisor know of workloads. */
export const POD_PLANS: Readonly<Record<string, Plan>> = {
  crash_loop: {
    metrics: [
      ...RESTARTS,
      LAST_TERMINATED,
      metric(
        '容器上次的退出码',
        'Exit code the containers last ended with',
        `max by (container) (kube_pod_container_status_last_terminated_exitcode{${POD}})`,
      ),
      ...MEMORY,
      MEMORY_LIMIT,
      WAITING,
    ],
    logWords: [
      'panic',
      'fatal',
      'exception',
      'traceback',
      'exit',
      'undefined',
      'missing',
      'refused',
      'config',
      '退出',
      '配置',
    ],
    kubernetes: ['pod', 'events', 'previous_log', 'rollout'],
    probe: false,
  },
  oom: {
    metrics: [...MEMORY, MEMORY_LIMIT, LAST_TERMINATED, ...RESTARTS, REQUESTS],
    logWords: ['outofmemory', 'out of memory', 'oom', 'heap', 'killed', 'allocate', 'gc overhead', '内存'],
    kubernetes: ['pod', 'events', 'previous_log', 'rollout', 'node'],
    probe: false,
  },
  pod_pending: {
    metrics: [
      WAITING,
      metric(
        '未就绪的副本',
        'Replicas that are not available',
        'kube_deployment_status_replicas_unavailable{namespace="{namespace}",deployment="{deployment}"}',
      ),
      metric(
        '集群还能分配的 CPU（核）',
        'CPU the cluster can still give, cores',
        'sum(kube_node_status_allocatable{resource="cpu"}) - sum(kube_pod_container_resource_requests{resource="cpu"})',
      ),
      metric(
        '集群还能分配的内存',
        'Memory the cluster can still give',
        'sum(kube_node_status_allocatable{resource="memory"}) - sum(kube_pod_container_resource_requests{resource="memory"})',
        'bytes',
      ),
      metric(
        '未绑定的存储卷声明',
        'Volume claims that are not bound',
        'kube_persistentvolumeclaim_status_phase{namespace="{namespace}",phase="Pending"} == 1',
      ),
    ],
    logWords: ['insufficient', 'unschedulable', 'failedscheduling', 'imagepull', 'taint', 'affinity', '调度', '镜像'],
    kubernetes: ['pod', 'events', 'rollout', 'node', 'volume'],
    probe: false,
  },
  job_failed: {
    metrics: [
      metric(
        '任务失败的 Pod 数',
        'Failed pods of the job',
        'kube_job_status_failed{namespace="{namespace}",job_name="{job}"}',
      ),
      metric(
        '距上次成功的时间',
        'Time since it last succeeded',
        'time() - kube_cronjob_status_last_successful_time{namespace="{namespace}",cronjob="{job}"}',
        'seconds',
      ),
      metric(
        '任务的容器为何退出',
        'Why containers of the job ended',
        'max by (pod, reason) (kube_pod_container_status_terminated_reason{namespace="{namespace}",pod=~"{job:re}-.*"})',
      ),
      metric(
        '任务的内存用量',
        'Memory of the job',
        'max by (pod) (container_memory_working_set_bytes{namespace="{namespace}",pod=~"{job:re}-.*",container!=""})',
        'bytes',
      ),
      ...PROCESSOR,
    ],
    logWords: ['exit', 'exception', 'traceback', 'failed', 'deadline', 'backofflimit', 'timeout', '失败', '超时'],
    kubernetes: ['job', 'pod', 'events', 'previous_log'],
    probe: false,
  },
};
