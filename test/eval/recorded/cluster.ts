import type { EpochMs } from '../../../src/types.ts';
import { createRandom } from '../../soak/random.ts';
import type { KubernetesWorld } from '../../simulators/kubernetes.ts';
import type { RecordedCluster, Scenario } from '../scenario.ts';
import { noiseEvents, noisePods } from './noise-cluster.ts';

type Item = Readonly<Record<string, unknown>>;

export const CLUSTER_TOKEN = 'read-only';

/** A recorded cluster as its API would list it, among pods and events of services that are well. */
export function clusterOf(scenario: Scenario, recorded: RecordedCluster, zero: EpochMs): KubernetesWorld {
  const random = createRandom(scenario.seed + 3);
  const timed = timesOf(zero);
  const deployments = recorded.deployments.map((one) => item(timed(one)));
  const pods = recorded.pods.map((one) => owned(createdByStart(item(timed(one))), deployments));
  return {
    token: CLUSTER_TOKEN,
    objects: {
      pods: [...pods, ...noisePods(random, scenario, pods.map(nameOf), zero)],
      events: [
        ...recorded.events.map((one, index) => eventOf(item(timed(one)), index)),
        ...noiseEvents(random, scenario, zero),
      ],
      nodes: recorded.nodes.map((one) => item(timed(one))),
      deployments: deployments.map(withoutRollout),
      replicasets: deployments.flatMap((deployment) => replicaSetsOf(deployment, pods)),
    },
    logs: Object.fromEntries(
      Object.entries(recorded.logs).map(([key, lines]) => [logKey(key, pods), lines.join('\n')]),
    ),
  };
}

const item = (value: unknown): Item => (typeof value === 'object' && value !== null ? (value as Item) : {});
const within = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((inside, key) => item(inside)[key], value);
const withoutRollout = (deployment: Item): Item => {
  const { rollout: _, ...rest } = deployment;
  return rest;
};
const nameOf = (one: Item): string => String(within(one, 'metadata', 'name'));

const TIMES = new Set(['startTime', 'startedAt', 'finishedAt', 'lastTransitionTime', 'at']);

/** Minutes from zero become times, wherever one stands. */
function timesOf(zero: EpochMs): (value: unknown, name?: string) => unknown {
  const convert = (value: unknown, name = ''): unknown => {
    if (Array.isArray(value)) return value.map((one) => convert(one));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, convert(inside, key)]));
    return typeof value === 'number' && TIMES.has(name) ? new Date(zero + value * 60_000).toISOString() : value;
  };
  return convert;
}

const createdByStart = (pod: Item): Item => ({
  ...pod,
  metadata: { creationTimestamp: within(pod, 'status', 'startTime'), ...item(pod['metadata']) },
});

/** A pod whose name begins with a deployment's belongs to its newest replica set. */
function owned(pod: Item, deployments: readonly Item[]): Item {
  const name = nameOf(pod);
  const deployment = deployments.find((one) => name.startsWith(`${nameOf(one)}-`));
  if (deployment === undefined) return pod;
  const ownerReferences = [{ kind: 'ReplicaSet', name: setName(name), controller: true }];
  return { ...pod, metadata: { ...item(pod['metadata']), ownerReferences } };
}

const setName = (pod: string): string => pod.slice(0, pod.lastIndexOf('-'));

const LONG_AGO = '2025-09-01T00:00:00Z';

/** The newest two of a deployment: what was rolled out last, and what had run before. */
function replicaSetsOf(deployment: Item, pods: readonly Item[]): readonly Item[] {
  const [name, namespace] = [nameOf(deployment), within(deployment, 'metadata', 'namespace')];
  const own = pods.find((pod) => nameOf(pod).startsWith(`${name}-`));
  const named = within(own, 'spec', 'containers') as readonly Item[] | undefined;
  const containers = (image: unknown) => [{ ...(named?.[0] ?? { name }), image }];
  const set = (revision: number, id: string, at: unknown, image: unknown): Item => ({
    metadata: {
      name: id,
      namespace,
      creationTimestamp: at,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ kind: 'Deployment', name, controller: true }],
    },
    spec: { template: { spec: { containers: containers(image) } } },
  });
  const rollout = item(deployment['rollout']);
  return [
    set(12, own === undefined ? `${name}-6f9c5d7b84` : setName(nameOf(own)), rollout['at'], rollout['image']),
    set(11, `${name}-5b7d4c6f99`, LONG_AGO, rollout['previousImage']),
  ];
}

function eventOf({ at, ...event }: Item, index: number): Item {
  const object = item(event['involvedObject']);
  const count = Number(event['count'] ?? 1);
  const last = Date.parse(String(at));
  return {
    metadata: { name: `${String(object['name'])}.${index}`, namespace: object['namespace'] ?? 'default' },
    ...event,
    // Events of one kind come every ten seconds at most, and are kept for an hour.
    firstTimestamp: new Date(last - Math.min(55 * 60_000, (count - 1) * 10_000)).toISOString(),
    lastTimestamp: at,
  };
}

/** `namespace/pod[/previous]` is the log of the pod's first container. */
function logKey(key: string, pods: readonly Item[]): string {
  const [namespace, name, run] = key.split('/');
  const pod = pods.find((one) => nameOf(one) === name);
  const container = within((within(pod, 'spec', 'containers') as readonly unknown[] | undefined)?.[0], 'name');
  if (typeof container !== 'string') throw new Error(`a log of ${key}, which is no recorded pod`);
  return [namespace, name, container, ...(run === undefined ? [] : [run])].join('/');
}
