import type { EpochMs, Locale } from '../../../types.ts';
import type { About, Finding } from '../source.ts';
import { listOf, stringOf, within } from '../wire.ts';
import { relative, span, utc } from '../words.ts';
import type { Cluster, Item } from './cluster.ts';
import { isObjectName } from './names.ts';
import { amounts, conditionsOf, containersIn, createdAt, numberOf, ownerOf, said } from './object.ts';

const HOUR = 60 * 60_000;

/** What was rolled out last by the deployment of a pod, or by the one named: when, and what it changed. */
export async function rolloutFindings(
  cluster: Cluster,
  namespace: string,
  { pod, workload }: { readonly pod?: Item | undefined; readonly workload?: string | undefined },
  about: About,
): Promise<readonly Finding[]> {
  const name = (pod === undefined ? undefined : await deploymentOf(cluster, namespace, pod)) ?? workload;
  if (!isObjectName(name)) return [];
  const [deployment, sets] = await Promise.all([
    cluster.get('deployments', namespace, name),
    cluster.list('replicasets', namespace),
  ]);
  const own = sets
    .filter((set) => ownerOf(set)?.kind === 'Deployment' && ownerOf(set)?.name === name)
    .toSorted(newestFirst);
  if (deployment === undefined && own.length === 0) return [];
  return [rolloutFinding(namespace, name, { deployment, own }, about)];
}

async function deploymentOf(cluster: Cluster, namespace: string, pod: Item): Promise<string | undefined> {
  const owner = ownerOf(pod);
  if (owner?.kind !== 'ReplicaSet' || !isObjectName(owner.name)) return undefined;
  const set = await cluster.get('replicasets', namespace, owner.name);
  const above = set === undefined ? undefined : ownerOf(set);
  return above?.kind === 'Deployment' ? above.name : undefined;
}

/** A rollback raises the revision of an old set, so the revision tells the order and not the age. */
const newestFirst = (a: Item, b: Item): number => revisionOf(b) - revisionOf(a) || createdAt(b) - createdAt(a);

const revisionOf = (set: Item): number =>
  Number(within(set, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') ?? 0) || 0;

interface Rollout {
  readonly deployment: Item | undefined;
  readonly own: readonly Item[];
}

function rolloutFinding(namespace: string, name: string, { deployment, own }: Rollout, about: About): Finding {
  const [current, before] = own;
  const words = WORDS[about.locale];
  const at = current === undefined ? Number.NaN : rolledOutAt(current, before, deployment);
  const age = about.startedAt - at;
  const recent = age <= HOUR && at <= about.now;
  const changes = current === undefined || before === undefined ? [] : differences(current, before);
  const when =
    current === undefined || Number.isNaN(at)
      ? ''
      : words.rolledOut(revisionOf(current), utc(at), relative(at, about.startedAt, about.locale));
  const state = deployment === undefined ? [] : stateTexts(deployment, words);
  const none = before === undefined ? words.first : changes.length === 0 ? words.same : '';
  return {
    source: 'kubernetes',
    title: recent
      ? words.recent(`${namespace}/${name}`, span(age, about.locale), age >= 0)
      : `${words.deployment} ${namespace}/${name}`,
    query: `kubectl -n ${namespace} rollout history deployment/${name}`,
    text: [when, ...changes, none, ...state].filter((line) => line !== '').join('\n'),
    at: Number.isNaN(at) ? about.now : at,
    relevance: recent ? 0.9 : state.length > 1 ? 0.6 : 0.25,
  };
}

function rolledOutAt(current: Item, before: Item | undefined, deployment: Item | undefined): EpochMs {
  const made = createdAt(current);
  if (before === undefined || createdAt(before) <= made || deployment === undefined) return made;
  return progressedAt(deployment) ?? made;
}

const progressedAt = (deployment: Item): EpochMs | undefined => {
  const progressing = listOf(within(deployment, 'status', 'conditions')).find(
    (each) => within(each, 'type') === 'Progressing',
  );
  const time = Date.parse(stringOf(within(progressing, 'lastUpdateTime')));
  return Number.isNaN(time) ? undefined : time;
};

/** What the templates of two replica sets differ in: images, environment, arguments, resources, probes. */
function differences(current: Item, before: Item): readonly string[] {
  const old = new Map(containersIn(within(before, 'spec', 'template', 'spec')).map((each) => [each.name, each]));
  return containersIn(within(current, 'spec', 'template', 'spec')).flatMap(({ name, image, spec }) => {
    const was = old.get(name);
    if (was === undefined) return [`${said(name, 63)}: + image ${image}`];
    const changed: string[] = was.image === image ? [] : [`image ${was.image} → ${image}`];
    for (const what of ['requests', 'limits'] as const) {
      const [a, b] = [amounts(within(was.spec, 'resources', what)), amounts(within(spec, 'resources', what))];
      if (a !== b) changed.push(`${what} ${a || '-'} → ${b || '-'}`);
    }
    for (const what of ['command', 'args', 'livenessProbe', 'readinessProbe', 'ports', 'volumeMounts'] as const) {
      const [a, b] = [JSON.stringify(within(was.spec, what)), JSON.stringify(within(spec, what))];
      if (a !== b) changed.push(`${what} ${said(a, 120) || '-'} → ${said(b, 120) || '-'}`);
    }
    return [...changed, ...environmentChanges(was.spec, spec)].map((change) => `${said(name, 63)}: ${change}`);
  });
}

/** Names only when a value may be a secret; a value is shown when its name does not sound like one. */
function environmentChanges(before: unknown, after: unknown): readonly string[] {
  const [old, now] = [environmentOf(before), environmentOf(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
  return names.slice(0, 8).map((name) => {
    if (!now.has(name)) return `env ${said(name, 80)} removed`;
    if (SECRET.test(name)) return `env ${said(name, 80)} ${old.has(name) ? 'changed' : 'added'}`;
    return `env ${said(name, 80)} ${said(old.get(name), 80) || '-'} → ${said(now.get(name), 80)}`;
  });
}

const SECRET = /pass|secret|token|key|credential|auth|dsn|private/i;

const environmentOf = (spec: unknown): ReadonlyMap<string, string> =>
  new Map(
    listOf(within(spec, 'env')).map((variable) => {
      const from = within(variable, 'valueFrom');
      return [
        stringOf(within(variable, 'name')),
        from === undefined ? stringOf(within(variable, 'value')) : JSON.stringify(from),
      ];
    }),
  );

function stateTexts(deployment: Item, words: Words): readonly string[] {
  const count = (name: string): number => numberOf(within(deployment, 'status', name));
  const wanted = numberOf(within(deployment, 'spec', 'replicas'));
  const bad = conditionsOf(deployment).filter(
    ({ type, status }) => (status === 'True') === (type === 'ReplicaFailure'),
  );
  return [
    words.replicas(wanted, count('updatedReplicas'), count('readyReplicas')),
    ...bad.map(({ type, status, reason, message }) => `${type}=${status} · ${reason} · ${message}`),
  ];
}

interface Words {
  readonly deployment: string;
  readonly recent: (name: string, age: string, before: boolean) => string;
  readonly rolledOut: (revision: number, time: string, relative: string) => string;
  readonly first: string;
  readonly same: string;
  readonly replicas: (wanted: number, updated: number, ready: number) => string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    deployment: '发布情况 Deployment',
    recent: (name, age, before) => `${name} 在故障开始${before ? '前' : '后'} ${age}发布过`,
    rolledOut: (revision, time, ago) => `最近一次发布（第 ${revision} 版）在 ${time}（${ago}）`,
    first: '没有更早的版本可比',
    same: '与上一版相比，镜像、环境变量、参数、资源和探针都没有变化',
    replicas: (wanted, updated, ready) => `期望 ${wanted} 个副本，已更新 ${updated} 个，就绪 ${ready} 个`,
  },
  'en-US': {
    deployment: 'Rollouts of deployment',
    recent: (name, age, before) => `${name} was rolled out ${age} ${before ? 'before' : 'after'} the start`,
    rolledOut: (revision, time, ago) => `Last rollout (revision ${revision}) at ${time} (${ago})`,
    first: 'There is no earlier revision to compare with',
    same: 'Images, environment, arguments, resources and probes are those of the revision before',
    replicas: (wanted, updated, ready) => `${wanted} replicas wanted, ${updated} updated, ${ready} ready`,
  },
};
