import type { KubernetesQuestion } from '../plan.ts';
import type { Reader } from '../http.ts';
import type { About, EvidenceSource, Finding } from '../source.ts';
import { stringOf, within } from '../wire.ts';
import { autoscalerFindings } from './autoscaler.ts';
import { type Chosen, choosePods } from './choose.ts';
import { checkRights } from './check.ts';
import { type Cluster, type Item, createCluster } from './cluster.ts';
import { eventFindings } from './events.ts';
import { goneFinding } from './gone.ts';
import { jobFindings } from './job.ts';
import { crashLogFindings } from './logs.ts';
import { isNamespace, isObjectName } from './names.ts';
import { nameOf, namespaceOf } from './object.ts';
import { nodeFindings } from './node.ts';
import { podFinding } from './pod.ts';
import { rolloutFindings } from './rollout.ts';
import { serviceFindings } from './service.ts';
import { volumeFindings } from './volume.ts';

export interface KubernetesOptions {
  /** Carries the read-only token as its header. */
  readonly reader: Reader;
  /** All questions together, ms; 15 s when absent. */
  readonly timeoutMs?: number;
}

/**
 * What the Kubernetes API says of the pods, workloads and nodes that an alert names, with a read-only token. What the
 * alert says gets into a path or a selector only when it is a name by the API's own grammar. A right that is missing
 * becomes a finding that names it.
 */
export const createKubernetes = ({ reader, timeoutMs = 15_000 }: KubernetesOptions): EvidenceSource => ({
  name: 'kubernetes',
  timeoutMs,
  check: (signal, locale) => checkRights(reader, signal, locale),
  collect: async (about, signal) => {
    const questions = questionsOf(about);
    if (questions.size === 0) return [];
    const cluster = createCluster(reader, about, signal);
    const findings = await collect(cluster, questions, about);
    cluster.settle();
    return [...findings, ...cluster.failures()];
  },
});

/** The plan's, and always those about the pods when a pod or a namespace is named. */
function questionsOf({ plan, subject }: About): ReadonlySet<KubernetesQuestion> {
  const placed = isObjectName(subject.get('pod')) || isNamespace(subject.get('namespace'));
  const always = placed ? (['pod', 'events', 'rollout', 'previous_log'] as const) : [];
  return new Set([...plan.kubernetes, ...always]);
}

async function collect(
  cluster: Cluster,
  questions: ReadonlySet<KubernetesQuestion>,
  about: About,
): Promise<readonly Finding[]> {
  const { subject } = about;
  const name = (key: string): string | undefined => [subject.get(key)].find(isObjectName);
  const aboutPods = [...questions].some((question) => question !== 'node');
  const chosen = aboutPods ? await choosePods(cluster, about) : { pods: [], total: 0, unhealthy: 0 };
  const namespace = chosen.namespace ?? chosen.pods.map(namespaceOf).find(isNamespace);
  const asked: Promise<readonly Finding[]>[] = [];
  const when = (question: KubernetesQuestion, ask: () => Promise<readonly Finding[]>): void => {
    if (questions.has(question)) asked.push(ask());
  };
  when('pod', () => Promise.resolve(podsOf(chosen, about)));
  when('previous_log', () => logsOf(cluster, chosen.pods, about));
  if (questions.has('node')) asked.push(nodesOf(cluster, chosen.pods, about));
  else if (chosen.unhealthy > 0) asked.push(nodesOf(cluster, chosen.pods, about).then(notable));
  when('events', () => eventFindings(cluster, namespace, chosen.pods.map(nameOf).filter(isObjectName), about));
  if (namespace !== undefined) {
    const [pod] = chosen.pods;
    const claim = name('pvc');
    const job = name('job');
    const service = name('service');
    when('rollout', () => rolloutFindings(cluster, namespace, { pod, workload: chosen.workload }, about));
    when('volume', () => volumeFindings(cluster, namespace, { pods: chosen.pods, named: claim }, about));
    when('autoscaler', () => autoscalerFindings(cluster, namespace, chosen.workload, about));
    if (job !== undefined) when('job', () => jobOf(cluster, namespace, job, about));
    if (service !== undefined) when('service', () => serviceFindings(cluster, namespace, service, about));
  }
  return (await Promise.all(asked)).flat();
}

const podsOf = (chosen: Chosen, about: About): readonly Finding[] => [
  ...goneFinding(chosen, about),
  ...chosen.pods.map((pod) => podFinding(pod, about)),
];

/** Pods of one workload say the same: of two the logs are enough. */
const logsOf = async (cluster: Cluster, pods: readonly Item[], about: About): Promise<readonly Finding[]> =>
  (await Promise.all(pods.slice(0, 2).map((pod) => crashLogFindings(cluster, pod, about)))).flat();

/** The node that the alert names, and those that the pods lie on. */
async function nodesOf(cluster: Cluster, pods: readonly Item[], about: About): Promise<readonly Finding[]> {
  const hosts = [about.subject.get('host'), ...pods.map((pod) => stringOf(within(pod, 'spec', 'nodeName')))];
  const names = [...new Set(hosts)].filter((host) => host !== undefined).filter((host) => host !== '');
  return (await Promise.all(names.slice(0, 2).map((host) => nodeFindings(cluster, host, about)))).flat();
}

/** A node that is well explains nothing. */
const notable = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ relevance = 0 }) => relevance >= 0.5);

async function jobOf(cluster: Cluster, namespace: string, job: string, about: About): Promise<readonly Finding[]> {
  const { findings, pods } = await jobFindings(cluster, namespace, job, about);
  const logs = await logsOf(cluster, pods, about);
  return [...findings, ...pods.slice(0, 1).map((pod) => podFinding(pod, about)), ...logs];
}
