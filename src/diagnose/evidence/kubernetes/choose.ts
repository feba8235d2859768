import type { EpochMs } from '../../../types.ts';
import type { About } from '../source.ts';
import type { Cluster, Item } from './cluster.ts';
import { isLabelValue, isNamespace, isObjectName, workloadOf } from './names.ts';
import { nameOf, ownerOf } from './object.ts';
import { troubleOf } from './pod-state.ts';

const MOST_PODS = 3;

export interface Chosen {
  /** Absent when the alert names none that could be one. */
  readonly namespace?: string;
  /** The worst first, at most 3. */
  readonly pods: readonly Item[];
  /** How many there are of the workload, or in the namespace. */
  readonly total: number;
  readonly unhealthy: number;
  /** The pod that the alert names, when it no longer exists. */
  readonly gone?: string;
  /** What the pods belong to, by the alert or by their name. */
  readonly workload?: string;
}

/** The pods that an alert is about: the one it names, else those of its workload, else the unhealthy ones of its namespace. */
export async function choosePods(cluster: Cluster, { subject, startedAt }: About): Promise<Chosen> {
  const namespace = [subject.get('namespace')].find(isNamespace);
  const pod = [subject.get('pod')].find(isObjectName);
  const place = namespace === undefined ? {} : { namespace };
  const [found] = pod === undefined ? [] : await podNamed(cluster, namespace, pod);
  const byName = pod === undefined ? undefined : workloadOf(pod);
  if (found !== undefined) {
    const unhealthy = troubleOf(found, startedAt) === undefined ? 0 : 1;
    return { ...place, pods: [found], total: 1, unhealthy, ...(byName === undefined ? {} : { workload: byName }) };
  }
  const names = [subject.get('deployment'), subject.get('service'), byName, subject.get('container')];
  const workload = names.find(isObjectName);
  const all = await podsOf(cluster, namespace, workload);
  return {
    ...place,
    ...worstOf(all, workload === undefined ? 0 : 1, startedAt),
    total: all.length,
    ...(pod === undefined ? {} : { gone: pod }),
    ...(workload === undefined ? {} : { workload }),
  };
}

/** The unhealthy ones, the worst first; when all are well, so many of them as are wanted. */
function worstOf(pods: readonly Item[], healthy: number, startedAt: EpochMs): Pick<Chosen, 'pods' | 'unhealthy'> {
  const weighed = pods
    .map((pod) => ({ pod, weight: troubleOf(pod, startedAt)?.weight ?? 0 }))
    .toSorted((a, b) => b.weight - a.weight || (nameOf(a.pod) < nameOf(b.pod) ? -1 : 1));
  const unhealthy = weighed.filter(({ weight }) => weight > 0);
  const shown = unhealthy.length > 0 ? unhealthy.slice(0, MOST_PODS) : weighed.slice(0, healthy);
  return { pods: shown.map(({ pod }) => pod), unhealthy: unhealthy.length };
}

async function podNamed(cluster: Cluster, namespace: string | undefined, pod: string): Promise<readonly Item[]> {
  if (namespace === undefined)
    return cluster.list('pods', undefined, { fieldSelector: `metadata.name=${pod}`, limit: 2 });
  const found = await cluster.get('pods', namespace, pod);
  return found === undefined ? [] : [found];
}

/** By the usual labels, else by name: not every workload has such labels. */
async function podsOf(
  cluster: Cluster,
  namespace: string | undefined,
  workload: string | undefined,
): Promise<readonly Item[]> {
  if (workload !== undefined && isLabelValue(workload)) {
    for (const label of ['app', 'app.kubernetes.io/name', 'k8s-app']) {
      const labelled = await cluster.list('pods', namespace, { labelSelector: `${label}=${workload}` });
      if (labelled.length > 0) return labelled;
    }
  }
  if (namespace === undefined) return [];
  const all = await cluster.list('pods', namespace);
  return workload === undefined ? all : all.filter((pod) => belongs(pod, workload));
}

const belongs = (pod: Item, workload: string): boolean =>
  workloadOf(nameOf(pod)) === workload || ownerOf(pod)?.name === workload || nameOf(pod) === workload;
