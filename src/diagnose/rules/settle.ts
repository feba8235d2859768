import { toldOf } from '../facts.ts';
import { type Match, familyNamed } from '../match.ts';
import type { EvidencePack } from '../provider.ts';
import { readable } from '../subject.ts';
import { hasChanged } from './courses.ts';
import { FAMILIES } from './families.ts';
import type { Family } from './family.ts';
import type { Heard } from './hear.ts';

/** How much the evidence speaks for a family. */
export interface Support {
  readonly family: Family;
  /** Of the best source, and half of each further one: about 3 when one says it outright, 1 for a hint. */
  readonly score: number;
  /** What says so, strongest first. */
  readonly ids: readonly string[];
  readonly found: string;
}

/** The kind of trouble an incident is, after the evidence was heard. */
export interface Settled {
  readonly match: Match;
  /** What of the evidence speaks for it. */
  readonly support: Support | undefined;
}

const OUTRIGHT = 3;
const KIN = 2;
const METRIC = 1.8;
const HINT = 1.3;
/** Of metrics that change with any trouble. */
const COMMON = 0.8;
/** What the alert itself says in passing counts half: it says what was noticed. */
const OWN_SHARE = 0.5;
/** From here on the evidence alone names a family. */
const ENOUGH = 1;
/** From here on it overrules what the alert calls itself: one source that says it outright, or two that point to it. */
export const STRONG = 2.1;
/** Of two with nearly equal support the one nearer to the root. */
const PER_DEPTH = 0.25;
const LABELLED = 0.4;

/** How much the evidence speaks for each family, most first. */
export function supports(pack: EvidencePack, heard: readonly Heard[]): readonly Support[] {
  const telling = heard.filter(
    ({ kind }) => kind !== 'change' && kind !== 'own' && (kind !== 'alert' || pack.matched === undefined),
  );
  const labels = toldOf(pack).flatMap((told) => Object.entries(told.labels).map(([name, value]) => `${name}=${value}`));
  return FAMILIES.flatMap((family) =>
    supportOf(family, telling, labels.slice(0, 60).join('\n').slice(0, 4000)),
  ).toSorted((a, b) => rankOf(b) - rankOf(a));
}

const rankOf = ({ score, family }: Support): number => score + PER_DEPTH * family.depth;

/**
 * The alert's own name stands, unless the evidence shows what lies behind it: a symptom gives way to the more particular
 * trouble that strong evidence tells of, never the other way. What the alert does not tell, the evidence may.
 */
export function settle(matched: Match | undefined, all: readonly Support[]): Settled | undefined {
  const support = all.find(({ family }) => family === matched?.family);
  const named = matched === undefined ? undefined : { match: matched, support };
  if (matched?.by === 'evidence') return named;
  const [best] = all.filter((one) => isBetter(one, matched, support));
  if (best === undefined) return named;
  return { match: { family: best.family, by: 'evidence', found: best.found }, support: best };
}

function isBetter({ family, score }: Support, matched: Match | undefined, own: Support | undefined): boolean {
  if (matched === undefined) return score >= ENOUGH;
  if (matched.by === 'words') return family !== matched.family && score >= STRONG && score > (own?.score ?? 0) + 0.5;
  return family.depth > matched.family.depth && score >= STRONG;
}

function supportOf(family: Family, heard: readonly Heard[], labels: string): readonly Support[] {
  const points = heard
    .map((one) => ({ one, ...pointsOf(family, one) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
  const [first] = points;
  if (first === undefined) return [];
  const sources = points.filter(({ one }, at) => points.findIndex((other) => other.one.source === one.source) === at);
  const further = sources.slice(1).reduce((sum, { score }) => sum + score / 2, 0);
  const labelled = LABELS[family.id]?.test(labels) === true ? LABELLED : 0;
  const ids = sources.map(({ one }) => one.id);
  return [{ family, score: first.score + further + labelled, ids, found: first.found }];
}

const NOTHING = { score: 0, found: '' } as const;

function pointsOf(
  family: Family,
  { kind, text, title, trust }: Heard,
): { readonly score: number; readonly found: string } {
  if (kind === 'metric') return metricPoints(family, text, trust);
  if (kind === 'kin') {
    const name = title.slice(title.indexOf(' · ') + 3);
    return familyNamed(name) === family ? { score: KIN * trust, found: readable(name) } : NOTHING;
  }
  const outright = family.says?.exec(text)?.[0];
  const share = trust * (kind === 'alert' ? OWN_SHARE : 1);
  if (outright !== undefined) return { score: OUTRIGHT * share, found: readable(outright) };
  const hint = family.suggests?.exec(text)?.[0];
  return hint === undefined ? NOTHING : { score: HINT * share, found: readable(hint) };
}

function metricPoints({ metrics, says }: Family, text: string, trust: number) {
  const line = text
    .split('\n')
    .find((one) => hasChanged(one) && (metrics?.test(one) === true || says?.test(one) === true));
  if (line === undefined) return NOTHING;
  return { score: trust * (ORDINARY.test(line) ? COMMON : METRIC), found: readable(line) };
}

/** What changes with nearly any trouble, and with none. */
const ORDINARY =
  /Container restarts|容器重启|restarts_total|Memory of the containers|容器内存|Requests by status|按状态码的请求|Request latency|请求耗时|target can be scraped|采集目标是否|CPU of the containers|容器 CPU|available on the host|主机可用内存|container_(memory|cpu_usage)|jvm_(memory|threads)|process_|http_|node_(load|memory|cpu)/;

/** Labels that only alerts of a kind have: alone they tell nothing. */
const LABELS: Readonly<Record<string, RegExp>> = {
  disk: /^(mountpoint|persistentvolumeclaim|fstype|挂载点|分区)=./m,
  queue_depth:
    /^(consumergroup|consumer_group|topic|queue|partition|队列|主题)=.|^(job|exporter)=.{0,40}(kafka|rabbitmq|rocketmq)/im,
  job_failed: /^(job_name|cronjob|exported_job|任务|作业)=./m,
  quota: /^(resourcequota|quota|配额)=./m,
  network_errors: /^(device|interface|nic|网卡)=./m,
  database_connections:
    /^(datname|usename)=.|^(job|exporter|service|app)=.{0,40}(mysql|postgres|pgbouncer|redis|mongo)/im,
  replication_lag: /^(slave|replica|master_host|channel_name)=./m,
  dns: /^(job|service|app|k8s_app)=.{0,40}(coredns|kube-dns)/im,
  certificate: /^(cert|certificate|issuer|subject)=./m,
  pod_pending: /^(replicaset|daemonset|statefulset)=./m,
  node_down: /^(job|exporter)=.{0,20}(kubelet|node)/im,
  http_5xx: /^(code|status|status_code)=5/m,
  latency: /^(quantile|le)=./m,
};
