import type { Labels } from '../../../types.ts';
import { quotedPattern, selector } from '../promql.ts';
import type { About } from '../source.ts';

/** Whose series are looked through for changes: label matchers, ready for a selector. */
export type Scope = readonly string[];

const MOST_SCOPES = 2;
/** Exporters that speak for others: their own job, service and instance tell nothing about the alert. */
const SPEAKS_FOR_OTHERS = /kube-state|node-?exporter|cadvisor|kubelet|blackbox|pushgateway|exporter/i;
/** The workloads' labels, best first. */
const WORKLOADS = ['deployment', 'statefulset', 'daemonset'] as const;
const QUEUES = ['consumergroup', 'consumer_group', 'queue', 'topic'] as const;
const SERVICES = ['service', 'app', 'application', 'service_name'] as const;

/** From the nearest to the widest: the pod, the workload, the queue, the service, the machine; then the namespace. */
export function scopesOf({ facts: { alerts, incident } }: About): readonly Scope[] {
  const labels = alerts[0]?.labels ?? incident.labels;
  const near = [podOf(labels), workloadOf(labels), oneOf(labels, QUEUES), serviceOf(labels), machineOf(labels)];
  const { namespace } = labels;
  const wide = namespace === undefined ? undefined : matchersOf({ namespace });
  return [...near, wide, jobOf(labels)].filter((scope) => scope !== undefined).slice(0, MOST_SCOPES);
}

const matchersOf = (labels: Labels): Scope => [selector(labels).slice(1, -1)];

const inNamespace = ({ namespace }: Labels): Labels => (namespace === undefined ? {} : { namespace });

function podOf(labels: Labels): Scope | undefined {
  const { pod } = labels;
  if (pod === undefined || (isExporter(pod) && labels['container'] === undefined)) return undefined;
  return matchersOf({ ...inNamespace(labels), pod });
}

function workloadOf(labels: Labels): Scope | undefined {
  const name = WORKLOADS.map((one) => labels[one]).find((value) => value !== undefined);
  if (name === undefined || labels['namespace'] === undefined) return undefined;
  const pods = `pod=~${quotedPattern(name).slice(0, -1)}-.*"`;
  return [...matchersOf(inNamespace(labels)), pods];
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
  const { node, instance } = labels;
  if (node !== undefined) {
    return [`instance=~${quotedPattern(node).slice(0, -1)}(:[0-9]+)?"`];
  }
  // Of what speaks for pods, the instance is the exporter's own.
  const isOwn = instance !== undefined && labels['pod'] === undefined && !/kube-state/i.test(labels['job'] ?? '');
  return isOwn ? matchersOf({ instance }) : undefined;
}

const jobOf = (labels: Labels): Scope | undefined =>
  labels['job'] === undefined || isExporter(labels['job']) ? undefined : oneOf(labels, ['job']);

const isExporter = (value: string): boolean => SPEAKS_FOR_OTHERS.test(value);
