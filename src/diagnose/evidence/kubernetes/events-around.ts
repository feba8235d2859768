import { mentions } from '../mentions.ts';
import type { About } from '../source.ts';
import { stringOf, within } from '../wire.ts';
import type { Cluster, Item } from './cluster.ts';
import { nameOf, namespaceOf, said } from './object.ts';

/** Warnings of other namespaces that name what the alert is about: whoever depends on it suffers where it lives. */
export async function elsewhereOf(cluster: Cluster, namespace: string, about: About): Promise<readonly Item[]> {
  const names = namesOf(about);
  if (names.length === 0) return [];
  const warnings = await cluster.list('events', undefined, { ...WARNINGS, optional: true });
  return warnings.filter((event) => namespaceOf(event) !== namespace && isNaming(event, names));
}

const NAMING = ['service', 'deployment', 'pod', 'host', 'pvc'] as const;

const namesOf = ({ subject }: About): readonly string[] => [
  ...new Set(NAMING.flatMap((place) => subject.get(place)?.toLowerCase() ?? [])),
];

/** Whether an event names what the alert is about, or is of an object called after it. */
export function isAbout(event: Item, about: About): boolean {
  const names = namesOf(about);
  const object = stringOf(within(event, 'involvedObject', 'name')).toLowerCase();
  return names.some((name) => object === name || object.startsWith(`${name}-`)) || isNaming(event, names);
}

function isNaming(event: Item, names: readonly string[]): boolean {
  const text = said(within(event, 'message') ?? within(event, 'note'), 600).toLowerCase();
  return names.some((name) => mentions(text, name));
}

/** What tells something and is of none of these. */
export async function othersOf(
  cluster: Cluster,
  namespace: string | undefined,
  names: readonly string[],
): Promise<readonly Item[]> {
  const all = await cluster.list('events', namespace);
  const more = all.length < MOST_LISTED ? all : [...all, ...(await cluster.list('events', namespace, WARNINGS))];
  return unique(more).filter(
    (event) => !names.includes(stringOf(within(event, 'involvedObject', 'name'))) && isNotable(event),
  );
}

/** As many as a list holds at most: then the warnings are asked for apart. */
const MOST_LISTED = 500;
const WARNINGS = { fieldSelector: 'type=Warning' };

const unique = (events: readonly Item[]): readonly Item[] => [
  ...new Map(events.map((event) => [`${namespaceOf(event)}/${nameOf(event)}`, event])).values(),
];

/** What every pod that starts goes through tells nothing. */
const ROUTINE = new Set([
  'Pulling',
  'Pulled',
  'Created',
  'Started',
  'Scheduled',
  'SuccessfulCreate',
  'SuccessfulDelete',
  'LeaderElection',
]);

const isNotable = (event: Item): boolean =>
  within(event, 'type') === 'Warning' || !ROUTINE.has(stringOf(within(event, 'reason')));
