import type { Labels } from '../../../types.ts';
import { matchersIn } from '../../rules/expressions.ts';
import { quotedPattern, selector } from '../promql.ts';
import type { About } from '../source.ts';

/** Whose series are looked through for changes: label matchers ready for a selector, any of which may hold. */
export type Scope = readonly string[];

/** Of one incident; three questions are asked about each. */
export const MOST_SCOPES = 3;
/** Exporters that speak for others: their own job, service and instance tell nothing about the alert. */
const SPEAKS_FOR_OTHERS = /kube-state|node-?exporter|cadvisor|kubelet|blackbox|pushgateway|exporter/i;
/** The workloads' labels, best first. */
const WORKLOADS = ['deployment', 'statefulset', 'daemonset'] as const;
const QUEUES = ['consumergroup', 'consumer_group', 'queue', 'topic'] as const;
const SERVICES = ['service', 'app', 'application', 'service_name'] as const;
const MACHINES = ['node', 'nodename', 'host', 'hostname', '主机', '节点', '服务器'] as const;

/** From the nearest to the widest: the pods, the queue, the service, the machine; then the namespace. */
export function scopesOf(about: About): readonly Scope[] {
  const labels = labelsOf(about);
  const pods = podsOf(about);
  const near = [pods === undefined ? undefined : [pods], oneOf(labels, QUEUES), serviceOf(labels), machineOf(labels)];
  const { namespace } = labels;
  const wide = namespace === undefined ? undefined : matchersOf({ namespace });
  return [...near, wide, jobOf(labels)].filter((scope) => scope !== undefined).slice(0, MOST_SCOPES);
}

/** Matchers of the pods that the alert names, itself or by their workload. */
export function podsOf(about: About): string | undefined {
  const labels = labelsOf(about);
  const { pod, namespace } = labels;
  if (pod !== undefined && (!isExporter(pod) || labels['container'] !== undefined)) {
    return inner({ ...inNamespace(labels), pod });
  }
  const workload = WORKLOADS.map((one) => labels[one]).find((value) => value !== undefined);
  return workload === undefined || namespace === undefined ? undefined : podsNamed(workload, labels);
}

/** Matchers of the pods that are called after the alert's service. */
export function podsOfService(about: About): string | undefined {
  const labels = labelsOf(about);
  const name = SERVICES.map((one) => labels[one]).find((value) => value !== undefined && !isExporter(value));
  return name === undefined ? undefined : podsNamed(name, labels);
}

/** Whether the alert names a machine itself. */
export const namesMachine = (about: About): boolean => machineOf(labelsOf(about)) !== undefined;

/** Everything that is told of machines: by themselves, and by others of what runs on them. */
export const machines = (names: readonly string[]): Scope =>
  names.flatMap((name) => [
    `instance=~${quotedPattern(name).slice(0, -1)}(:[0-9]+)?"`,
    ...matchersOf({ node: name }),
    ...matchersOf({ host: name }),
  ]);

export const matchersOf = (labels: Labels): Scope => [inner(labels)];

/** The labels that say what an incident is about: the alert's, and those that its own expression asks for. */
export const labelsOf = ({ facts: { alerts, incident } }: About): Labels => ({
  ...(alerts[0] === undefined ? {} : matchersIn(alerts[0])),
  ...(alerts[0]?.labels ?? incident.labels),
});

const inner = (labels: Labels): string => selector(labels).slice(1, -1);

const inNamespace = ({ namespace }: Labels): Labels => (namespace === undefined ? {} : { namespace });

function podsNamed(workload: string, labels: Labels): string {
  const place = inner(inNamespace(labels));
  return `${place === '' ? '' : `${place},`}pod=~${quotedPattern(workload).slice(0, -1)}-.*"`;
}

function oneOf(labels: Labels, names: readonly string[]): Scope | undefined {
  const name = names.find((one) => labels[one] !== undefined);
  const value = name === undefined ? undefined : labels[name];
  return name === undefined || value === undefined ? undefined : matchersOf({ [name]: value });
}

function serviceOf(labels: Labels): Scope | undefined {
  const name = SERVICES.find((one) => labels[one] !== undefined && !isExporter(labels[one] ?? ''));
  return name === undefined ? undefined : oneOf({ [name]: labels[name] ?? '' }, [name]);
}

function machineOf(labels: Labels): Scope | undefined {
  const name = MACHINES.map((one) => labels[one]).find((value) => value !== undefined && value !== '');
  if (name !== undefined) return machines([name.replace(/^([^:]+):[0-9]{1,5}$/, '$1')]);
  const { instance } = labels;
  // Of what speaks for pods, the instance is the exporter's own.
  const isOwn = instance !== undefined && labels['pod'] === undefined && !/kube-state/i.test(labels['job'] ?? '');
  return isOwn ? matchersOf({ instance }) : undefined;
}

const jobOf = (labels: Labels): Scope | undefined =>
  labels['job'] === undefined || isExporter(labels['job']) ? undefined : oneOf(labels, ['job']);

const isExporter = (value: string): boolean => SPEAKS_FOR_OTHERS.test(value);
