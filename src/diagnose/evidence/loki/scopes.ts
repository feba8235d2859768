import type { LogScope } from '../logs/store.ts';
import type { Subject } from '../../subject.ts';
import { stringOf } from '../wire.ts';
import { logqlRegex, logqlString } from './logql.ts';

/** Lines of some streams, as LogQL selects them. */
export interface LokiScope {
  /** `{namespace="shop",app="checkout"}` */
  readonly selector: string;
  /** Text that a line must have besides, when no label tells the streams. */
  readonly mention?: string;
  readonly asked: LogScope['asked'];
  readonly own: boolean;
}

interface Candidate extends LokiScope {
  readonly kind: 'pod' | 'service' | 'host';
  readonly matches: (labels: Readonly<Record<string, unknown>>) => boolean;
}

const NAMESPACES = ['namespace', 'kubernetes_namespace_name', 'k8s_namespace_name', 'kubernetes_namespace'];
const PODS = ['pod', 'pod_name', 'kubernetes_pod_name', 'k8s_pod_name'];
const SERVICES = [
  'service_name',
  'app',
  'service',
  'app_kubernetes_io_name',
  'application',
  'deployment',
  'k8s_deployment_name',
  'component',
  'container',
  'job',
];
const HOSTS = ['node', 'node_name', 'nodename', 'hostname', 'host', 'instance', 'k8s_node_name'];

/** Whose lines there may be, the narrowest first; at most 16. */
export function seriesSelectors(subject: Subject, labels: ReadonlySet<string>): readonly Candidate[] {
  const inside = namespaceOf(subject, labels);
  const have = (names: readonly string[]): readonly string[] => names.filter((name) => labels.has(name));
  const named = (kind: Candidate['kind'], names: readonly string[], values: readonly (string | undefined)[]) =>
    [...new Set(values)]
      .filter((value) => value !== undefined)
      .flatMap((value) => have(names).map((name) => candidate(kind, name, value, inside)));
  // Of a machine's own lines few have a namespace.
  const hosts = [...new Set([subject.get('host'), subject.get('instance')])].filter((value) => value !== undefined);
  const workloads = [subject.get('service'), subject.get('deployment'), subject.get('container')];
  return [
    ...named('pod', PODS, [subject.get('pod')]),
    ...named('service', SERVICES, workloads),
    ...[...new Set(workloads)]
      .filter((value) => value !== undefined)
      .flatMap((value) => have(PODS).map((name) => podsOf(name, value, inside))),
    ...hosts.flatMap((value) => have(HOSTS).map((name) => candidate('host', name, value, undefined))),
  ].slice(0, 16);
}

/**
 * What to read: the pod, its service and its host, each where it has lines, and the namespace; who mentions it
 * elsewhere, and what complains anywhere, since a cause may lie with another.
 */
export function chooseScopes(
  subject: Subject,
  labels: ReadonlySet<string>,
  candidates: readonly Candidate[],
  series: readonly Readonly<Record<string, unknown>>[],
): readonly LokiScope[] {
  const alive = candidates.filter(({ matches }) => series.some(matches));
  const own = (['pod', 'service', 'host'] as const)
    .map((kind) => alive.find((each) => each.kind === kind))
    .filter((each) => each !== undefined);
  const namespace = namespaceOf(subject, labels);
  const around =
    namespace === undefined ? [] : [{ selector: `{${namespace.matcher}}`, asked: 'everything' as const, own: false }];
  return [...own, ...around, ...anywhere(subject, labels)];
}

/** Every stream has one of the labels that exist; LogQL wants a matcher that cannot be empty. */
function anywhere(subject: Subject, labels: ReadonlySet<string>): readonly LokiScope[] {
  const label = ['namespace', 'job', 'service_name', 'app', ...labels].find((name) => labels.has(name));
  if (label === undefined) return [];
  const selector = `{${label}=~".+"}`;
  const mention = subject.get('service') ?? subject.get('pod') ?? subject.get('host');
  const mentions = mention === undefined ? [] : [{ selector, mention, asked: 'mentions' as const, own: false }];
  return [...mentions, { selector, asked: 'trouble', own: false }];
}

interface Inside {
  readonly name: string;
  readonly value: string;
  readonly matcher: string;
}

function namespaceOf(subject: Subject, labels: ReadonlySet<string>): Inside | undefined {
  const value = subject.get('namespace');
  const name = NAMESPACES.find((label) => labels.has(label));
  return value === undefined || name === undefined
    ? undefined
    : { name, value, matcher: `${name}=${logqlString(value)}` };
}

function candidate(kind: Candidate['kind'], name: string, value: string, inside: Inside | undefined): Candidate {
  const matcher = `${name}=${logqlString(value)}`;
  return {
    kind,
    asked: 'everything',
    own: true,
    selector: `{${[inside?.matcher, matcher].filter((part) => part !== undefined).join(',')}}`,
    matches: (labels) => labels[name] === value && isInside(labels, inside),
  };
}

/** The pods of a workload whose streams are labelled by pod alone: `checkout-7d9f8b6c5-x2x4q`. */
function podsOf(name: string, workload: string, inside: Inside | undefined): Candidate {
  const matcher = `${name}=~${logqlString(`${logqlRegex(workload)}-.+`)}`;
  return {
    kind: 'service',
    asked: 'everything',
    own: true,
    selector: `{${[inside?.matcher, matcher].filter((part) => part !== undefined).join(',')}}`,
    matches: (labels) => stringOf(labels[name]).startsWith(`${workload}-`) && isInside(labels, inside),
  };
}

const isInside = (labels: Readonly<Record<string, unknown>>, inside: Inside | undefined): boolean =>
  inside === undefined || labels[inside.name] === inside.value;
