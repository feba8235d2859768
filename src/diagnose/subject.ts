import type { Alert } from '../incident/alert.ts';
import type { Labels } from '../types.ts';
import { matchersIn } from './rules/expressions.ts';

/** What rules may know of an alert or an incident. */
export type Told = Pick<Alert, 'title' | 'labels'> &
  Partial<Pick<Alert, 'summary' | 'annotations' | 'integration' | 'links'>>;

/** Values that texts and commands may name, by the names the rules use; untrusted, cleaned for reading only. */
export type Subject = ReadonlyMap<string, string>;

/** Which labels tell each value, best first; senders of our own form write Chinese names. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  pod: ['pod', 'pod_name', 'exported_pod', 'Pod'],
  namespace: ['namespace', 'exported_namespace', 'kubernetes_namespace', '命名空间'],
  container: ['container', 'container_name', '容器'],
  deployment: ['deployment', 'statefulset', 'daemonset', 'replicaset', 'workload', '工作负载'],
  host: [
    'node',
    'nodename',
    'host',
    'hostname',
    'exported_instance',
    'instance',
    '主机',
    '节点',
    '实例',
    '服务器',
    '主机名',
    '机器',
    'IP',
    'ip',
    'host_ip',
    'ident',
    'server',
  ],
  instance: ['instance', 'exported_instance', 'target', '实例'],
  service: [
    'service',
    'app',
    'application',
    'service_name',
    'app_name',
    'appname',
    'svc',
    'app_kubernetes_io_name',
    'deployment',
    'component',
    '服务',
    '应用',
    '业务',
    '服务名',
    '服务名称',
    '应用名',
    '应用名称',
    '系统',
    '模块',
    'job',
  ],
  job: ['job_name', 'exported_job', 'cronjob', '任务', '作业', 'job'],
  mountpoint: ['mountpoint', 'path', '挂载点', '分区'],
  pvc: ['persistentvolumeclaim', 'volume', '存储卷'],
  device: ['device', 'interface', 'nic', '网卡'],
  queue: ['consumergroup', 'consumer_group', 'queue', 'queue_name', 'topic', '队列', '主题', '消费组'],
  resource: ['resource', 'resourcequota', '资源'],
  url: ['url', 'domain', 'target', '域名', '地址', '网址'],
};

/** Collects the values that an alert names in its labels, else in what its expression asks for. */
export function subjectOf({ labels, integration, links }: Told): Subject {
  const subject = new Map<string, string>();
  const asked = matchersIn(links === undefined ? {} : { links });
  for (const [name, sources] of Object.entries(LABELS)) {
    const value = firstOf(labels, sources) ?? firstOf(asked, sources);
    if (value !== undefined) subject.set(name, value);
  }
  const host = subject.get('host');
  if (host !== undefined) subject.set('host', withoutPort(host));
  const address = subject.get('url') ?? subject.get('instance') ?? host;
  if (address !== undefined) addAddress(subject, address);
  if (integration !== undefined && integration !== 'default') subject.set('integration', readable(integration));
  return subject;
}

function addAddress(subject: Map<string, string>, address: string): void {
  const bare = address.replace(/^[a-z]{1,10}:\/\//i, '').replace(/\/.*$/s, '');
  subject.set('hostname', withoutPort(bare));
  subject.set('hostport', /:\d{1,5}$/.test(bare) ? bare : `${bare}:443`);
}

function firstOf(labels: Labels, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = readable(labels[name] ?? '');
    if (value !== '') return value;
  }
  return undefined;
}

/** `10.0.0.1:9100` is a host and a port; `fe80::1` is only a host. */
const withoutPort = (host: string): string => host.replace(/^([^:]+|\[[^\]]+\]):\d{1,5}$/, '$1');

/** One line, no control characters, at most 80 characters: what a sentence can hold. */
export function readable(value: string): string {
  const line = value
    .slice(0, 400)
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const points = Array.from(line);
  return points.length > 80 ? `${points.slice(0, 79).join('')}…` : line;
}
