import type { EpochMs, Locale } from '../../../types.ts';
import { templateOf } from '../logs/mask.ts';
import type { About, Finding } from '../source.ts';
import { within } from '../wire.ts';
import { utc } from '../words.ts';
import type { Cluster, Item } from './cluster.ts';
import { elsewhereOf, isAbout, othersOf } from './events-around.ts';
import { createdAt, numberOf, said, timeOf } from './object.ts';

const HOUR = 60 * 60_000;
const MOST_OWN = 10;
const MOST_OTHERS = 12;

/** What happened to some objects, and what else the namespace, or without one the cluster, tells; grouped and counted. */
export async function eventFindings(
  cluster: Cluster,
  namespace: string | undefined,
  names: readonly string[],
  about: About,
): Promise<readonly Finding[]> {
  const [others, elsewhere, own] = await Promise.all([
    othersOf(cluster, namespace, names),
    namespace === undefined ? [] : elsewhereOf(cluster, namespace, about),
    Promise.all(
      names.map((name) => cluster.list('events', namespace, { fieldSelector: `involvedObject.name=${name}` })),
    ),
  ]);
  const words = WORDS[about.locale];
  const scope = namespace === undefined ? '-A' : `-n ${namespace}`;
  const place = namespace === undefined ? '' : `${namespace}/`;
  const ownFindings = names.flatMap((name, at) => {
    const query = `kubectl ${scope} get events --field-selector involvedObject.name=${name}`;
    const shape = { title: `${words.of} ${place}${name}`, query, most: MOST_OWN, relevance: 0.85 };
    return findingOf(own[at] ?? [], about, shape);
  });
  const title = namespace === undefined ? words.cluster : `${words.others} ${namespace}`;
  const relevance = namespace === undefined ? 0.4 : 0.55;
  const query = `kubectl ${scope} get events`;
  return [
    ...ownFindings,
    ...findingOf(elsewhere, about, { title: words.elsewhere, query: NAMED_QUERY, most: MOST_OWN, relevance: 0.85 }),
    ...findingOf(others, about, { title, query, most: MOST_OTHERS, relevance }),
  ];
}

const NAMED_QUERY = 'kubectl get events -A --field-selector type=Warning';

/** What happened to one object without a namespace, such as a node. */
export async function clusterEventFindings(
  cluster: Cluster,
  kind: string,
  name: string,
  about: About,
): Promise<readonly Finding[]> {
  const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name}`;
  const events = await cluster.list('events', undefined, { fieldSelector });
  const query = `kubectl get events -A --field-selector ${fieldSelector}`;
  return findingOf(events, about, {
    title: `${WORDS[about.locale].of} ${name}`,
    query,
    most: MOST_OWN,
    relevance: 0.8,
  });
}

interface Shape {
  readonly title: string;
  readonly query: string;
  readonly most: number;
  readonly relevance: number;
}

function findingOf(
  events: readonly Item[],
  about: About,
  { title, query, most, relevance }: Shape,
): readonly Finding[] {
  const recent = events.filter((event) => timesOf(event).last >= about.startedAt - HOUR);
  const groups = grouped(recent, (event) => isAbout(event, about));
  if (groups.length === 0) return [];
  const warns = groups.some(({ warning }) => warning);
  const words = WORDS[about.locale];
  return [
    {
      source: 'kubernetes',
      title,
      query,
      text: groups
        .slice(0, most)
        .map(({ count, warning, reason, object, message, first, last }) => {
          const when = first === last ? utc(last) : `${words.first} ${utc(first)}, ${words.last} ${utc(last)}`;
          return `×${count} ${warning ? 'Warning' : 'Normal'} ${reason} ${object}: ${message} (${when})`;
        })
        .join('\n'),
      at: Math.max(...groups.map(({ last }) => last)),
      relevance: warns ? relevance : 0.3,
      ...(groups.length > most ? { cut: true } : {}),
    },
  ];
}

interface EventGroup {
  count: number;
  readonly warning: boolean;
  /** It names what the alert is about. */
  readonly named: boolean;
  readonly reason: string;
  readonly object: string;
  /** The newest one's. */
  message: string;
  first: EpochMs;
  last: EpochMs;
}

/** Events that differ in numbers and hashes only are one kind; warnings first, of them what is named, then the newest. */
function grouped(events: readonly Item[], isNamed: (event: Item) => boolean): readonly EventGroup[] {
  const groups = new Map<string, EventGroup>();
  for (const event of events) {
    const { first, last } = timesOf(event);
    const kind = said(within(event, 'involvedObject', 'kind'), 40);
    const name = said(within(event, 'involvedObject', 'name'), 120);
    const reason = said(within(event, 'reason'), 80);
    const message = said(within(event, 'message') ?? within(event, 'note'), 400);
    const key = templateOf(`${reason} ${kind}/${name} ${message}`);
    const count = Math.max(1, numberOf(within(event, 'count')), numberOf(within(event, 'series', 'count')));
    const group = groups.get(key);
    if (group === undefined) {
      const warning = within(event, 'type') === 'Warning';
      groups.set(key, {
        count,
        warning,
        named: isNamed(event),
        reason,
        object: `${kind}/${name}`,
        message,
        first,
        last,
      });
      continue;
    }
    group.count += count;
    group.first = Math.min(group.first, first);
    if (last >= group.last) [group.last, group.message] = [last, message];
  }
  return [...groups.values()].toSorted((a, b) => weightOf(b) - weightOf(a) || b.last - a.last);
}

const weightOf = ({ warning, named }: EventGroup): number => (warning ? 2 : 0) + (named ? 1 : 0);

/** Old events have `firstTimestamp`, those of the newer API `eventTime` and a series. */
function timesOf(event: Item): { readonly first: EpochMs; readonly last: EpochMs } {
  const stated = [['firstTimestamp'], ['eventTime'], ['lastTimestamp'], ['series', 'lastObservedTime']]
    .map((path) => timeOf(within(event, ...path)))
    .filter((time) => !Number.isNaN(time));
  const made = createdAt(event);
  const times = stated.length > 0 ? stated : [Number.isNaN(made) ? 0 : made];
  return { first: Math.min(...times), last: Math.max(...times) };
}

const WORDS: Readonly<
  Record<Locale, Readonly<Record<'of' | 'others' | 'elsewhere' | 'cluster' | 'first' | 'last', string>>>
> = {
  'zh-CN': {
    of: '事件：',
    others: '其他事件：命名空间',
    elsewhere: '其他命名空间里提到它的事件',
    cluster: '集群里的事件',
    first: '首次',
    last: '末次',
  },
  'en-US': {
    of: 'Events of',
    others: 'Other events in namespace',
    elsewhere: 'Events of other namespaces that name it',
    cluster: 'Events in the cluster',
    first: 'first',
    last: 'last',
  },
};
