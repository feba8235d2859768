import { nameOf } from '../match.ts';
import { readable, subjectOf } from '../subject.ts';
import type { StormMember } from './ports.ts';

/** A value and how many members have it. */
export interface Counted {
  readonly value: string;
  readonly count: number;
}

/** A label with one value at nearly all members. */
export interface Shared extends Counted {
  readonly name: string;
}

export interface Commons {
  /** Each most frequent first. */
  readonly names: readonly Counted[];
  readonly families: readonly Counted[];
  readonly places: Readonly<Record<Place, readonly Counted[]>>;
  /** The narrowest first: a node says more than a cluster. */
  readonly shared: readonly Shared[];
  /** Of members by the key of their first cause. */
  readonly causes: readonly Counted[];
}

export const PLACES = ['node', 'service', 'namespace', 'cluster'] as const;
export type Place = (typeof PLACES)[number];

/** Share of the members that have a label in common. */
const NEARLY_ALL = 0.8;
const MOST_LABELS = 40;
/** Of a label's name or value, a title. */
const LONGEST = 100;
const MOST_SHARED = 6;
/** What says who sent an alert, not what it is about. */
const SENDERS =
  /^(alertname|severity|level|priority|prometheus.*|monitor|receiver|replica|__.*|endpoint|job|team|owner|alert_?group|grafana_folder|rule.*)$/i;
/** From what is broken to what it stands in. */
const NARROW = [
  /^(node|nodename|host|hostname|instance|主机|节点|实例|服务器)$/i,
  /^(rack|switch|device|disk|volume|persistentvolumeclaim|机架)$/i,
  /^(database|db|queue|topic|upstream|dependency|server)$/i,
  /^(service|app|application|deployment|statefulset|daemonset|workload|服务|应用)$/i,
  /^(zone|az|availability_zone|topology_.*zone|idc|datacenter|机房|可用区)$/i,
  /^(namespace|kubernetes_namespace|命名空间)$/i,
];
const WIDE = /^(cluster|region|env|environment|集群|环境|地域)$/i;

/** Counts what a storm's members are about and what nearly all of them share. Pure; the same members give the same. */
export function commonsOf(all: readonly StormMember[]): Commons {
  const members = all.map(cut);
  const told = members.map((member) => ({ member, subject: subjectOf(member) }));
  const of = (place: string) => told.map(({ subject }) => subject.get(place));
  return {
    names: counted(members.map((member) => readable(nameOf(member)) || readable(member.title))),
    families: counted(members.map(({ family }) => family)),
    places: {
      node: counted(of('host')),
      service: counted(of('service')),
      namespace: counted(of('namespace')),
      cluster: counted(members.map(({ labels }) => readable(labels['cluster'] ?? labels['集群'] ?? ''))),
    },
    shared: sharedBy(members),
    causes: counted(members.map(({ cause }) => cause?.key)),
  };
}

/** Counting many takes long labels only as far as anybody reads them. */
const cut = (member: StormMember): StormMember => ({
  ...member,
  title: member.title.slice(0, LONGEST),
  labels: Object.fromEntries(
    Object.entries(member.labels)
      .slice(0, MOST_LABELS)
      .map(([name, value]) => [name.slice(0, LONGEST), value.slice(0, LONGEST)]),
  ),
});

function sharedBy(members: readonly StormMember[]): readonly Shared[] {
  const pairs = members.flatMap(({ labels }) =>
    Object.entries(labels)
      .filter(([name]) => !SENDERS.test(name))
      .map((pair) => pair.join('\0')),
  );
  return counted(pairs)
    .filter(({ count }) => count > 1 && count >= members.length * NEARLY_ALL)
    .map(({ value: pair, count }): Shared => {
      const [name = '', value = ''] = pair.split('\0').map(readable);
      return { name, value, count };
    })
    .toSorted((a, b) => narrowness(a.name) - narrowness(b.name) || b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SHARED);
}

function narrowness(name: string): number {
  const at = NARROW.findIndex((pattern) => pattern.test(name));
  if (at !== -1) return at;
  return WIDE.test(name) ? NARROW.length + 1 : NARROW.length;
}

/** Most frequent first; of two as frequent, in the order of their letters. */
function counted(values: readonly (string | undefined)[]): readonly Counted[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
