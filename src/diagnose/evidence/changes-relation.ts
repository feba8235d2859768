import type { Change, ChangeKind } from '../../incident/change.ts';
import type { Labels } from '../../types.ts';
import { toldOf } from '../facts.ts';
import { textOf } from '../match.ts';
import { mentions } from './mentions.ts';
import type { About } from './source.ts';

/** What a change has to do with an incident, as far as names and times tell. */
export interface Relation {
  readonly kind: 'service' | 'named' | 'namespace' | 'labels' | 'other';
  /** It was made in another environment than the alert's. */
  readonly elsewhere: boolean;
  /** 0 … 1: by how close it is in time and how alike the names are. */
  readonly relevance: number;
}

const WEIGHTS: Readonly<Record<Relation['kind'], number>> = {
  service: 1,
  named: 0.8,
  namespace: 0.7,
  labels: 0.55,
  other: 0.3,
};

/** How a change relates to an incident. */
export function relate(change: Change, about: About): Relation {
  const kind = kindOf(change, about);
  const elsewhere = isElsewhere(change, labelsOf(about));
  const weight = Math.max(WEIGHTS[kind], WIDE.has(change.kind) ? 0.45 : 0) * (elsewhere ? 0.35 : 1);
  return { kind, elsewhere, relevance: weight * (0.4 + 0.6 * closeness(change.at - about.startedAt)) };
}

/** These reach beyond the service that they name. */
const WIDE: ReadonlySet<ChangeKind> = new Set(['infra', 'migration']);

/** Clocks differ: what seems to have come just after may have come before. */
const SKEW_MS = 2 * 60_000;
const HALF_BEFORE_MS = 30 * 60_000;
const HALF_AFTER_MS = 10 * 60_000;

/** 1 at the start; half as close 30 min before. What came after it can hardly have begun it. */
const closeness = (ms: number): number =>
  ms <= SKEW_MS ? 1 / (1 + Math.max(0, -ms) / HALF_BEFORE_MS) : 0.25 / (1 + ms / HALF_AFTER_MS);

function kindOf(change: Change, about: About): Relation['kind'] {
  const names = namesOf(change);
  if (names.some((name) => isOf(name, about))) return 'service';
  const text = toldOf(about.facts).map(textOf).join('\n').toLowerCase();
  if (names.some((name) => mentions(text, name))) return 'named';
  const namespace = plain(about.subject.get('namespace') ?? '');
  if (namespace !== '' && [plain(change.labels['namespace'] ?? ''), ...names].includes(namespace)) return 'namespace';
  const alert = labelsOf(about);
  const shared = Object.entries(change.labels).some(([name, value]) => !COMMON.test(name) && alert[name] === value);
  return shared ? 'labels' : 'other';
}

/** The service's name, also without the namespace or group before it: `shop/checkout`. */
function namesOf({ service, labels }: Change): readonly string[] {
  const name = plain(service);
  const more = ['app', 'deployment', 'workload'].map((label) => plain(labels[label] ?? ''));
  return [...new Set([name, name.slice(name.lastIndexOf('/') + 1), ...more])].filter((one) => one.length > 1);
}

const NAMES = ['service', 'deployment', 'container', 'job', 'queue', 'host', 'pvc'] as const;

function isOf(name: string, { subject }: About): boolean {
  if (NAMES.some((place) => plain(subject.get(place) ?? '') === name)) return true;
  // A pod carries its workload's name and generated parts: `checkout-7c9f-x2x1z`, `checkout-0`.
  const pod = plain(subject.get('pod') ?? '');
  return pod.startsWith(`${name}-`) && /^(?:-[a-z0-9]{1,10}){1,2}$/.test(pod.slice(name.length));
}

/** What nearly everything in one place shares tells nothing. */
const COMMON = /^(?:env|environment|cluster|region|zone|severity|team|stage|project|环境|集群)$/i;

const labelsOf = ({ facts }: About): Labels => ({ ...facts.incident.labels, ...facts.alerts[0]?.labels });

function isElsewhere({ environment, labels }: Change, alert: Labels): boolean {
  const pairs = [
    [environment, ENVIRONMENTS],
    [labels['cluster'], ['cluster', '集群']],
  ] as const;
  return pairs.some(([made, names]) => {
    const seen = names.map((name) => alert[name]).find((value) => value !== undefined && value !== '');
    return made !== undefined && seen !== undefined && !alike(plain(made), plain(seen));
  });
}

const ENVIRONMENTS = ['environment', 'env', 'stage', '环境'] as const;

/** `prod` and `production` are one. */
const alike = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

const plain = (text: string): string => text.trim().toLowerCase();
