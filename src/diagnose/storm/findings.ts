import type { Locale } from '../../types.ts';
import type { Finding } from '../evidence/source.ts';
import { readable } from '../subject.ts';
import { type Commons, type Counted, PLACES } from './commons.ts';
import type { StormFacts, StormMember } from './ports.ts';
import { STORM_WORDS } from './words.ts';

const MOST_VALUES = 8;
const MOST_WORST = 5;
const MOST_LABELS = 8;
const MOST_EARLY = 3;
const MOST_COMMON = 6;
const MINUTE_MS = 60_000;
const SOURCE = 'storm';

/** What a storm's members have in common, as facts to cite: counts, shared labels, onset, the worst, common evidence. */
export function stormFindings(storm: StormFacts, commons: Commons, locale: Locale): readonly Finding[] {
  const { members, total, startedAt } = storm;
  const words = STORM_WORDS[locale];
  const fact = (title: string, text: string, relevance: number): readonly Finding[] =>
    text === '' ? [] : [{ source: SOURCE, title, text, at: startedAt, relevance }];
  return [
    ...fact(words.names(total, members.length), listed(commons.names, locale), 1),
    ...commons.shared.flatMap(({ name, value, count }) =>
      fact(words.shared(name), words.share(count, members.length, `${name}=${value}`), 1),
    ),
    ...fact(words.families, listed(commons.families, locale), 0.9),
    ...fact(words.places, placesOf(commons, locale), 0.8),
    ...fact(words.onset, onsetOf(members, locale), 0.9),
    ...fact(words.causes, causesOf(members, commons), 0.7),
    ...commonEvidence(members, locale),
    ...members
      .filter(({ resolved }) => !resolved)
      .slice(0, MOST_WORST)
      .flatMap((member) => fact(words.worst(member.id), worstOf(member), 0.5)),
  ];
}

function listed(all: readonly Counted[], locale: Locale): string {
  const named = all.slice(0, MOST_VALUES).map(({ value, count }) => `${value} ${count}`);
  const left = all.length - named.length;
  return [...named, ...(left > 0 ? [STORM_WORDS[locale].others(left)] : [])].join(', ');
}

const placesOf = ({ places }: Commons, locale: Locale): string =>
  PLACES.filter((place) => places[place].length > 0)
    .map((place) => `${STORM_WORDS[locale].place[place]}: ${listed(places[place], locale)}`)
    .join('\n');

/** What started first is often what the rest follows from. */
function onsetOf(members: readonly StormMember[], locale: Locale): string {
  const inOrder = members.toSorted((a, b) => a.openedAt - b.openedAt);
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) return '';
  const early = inOrder.filter(({ openedAt }) => openedAt < first.openedAt + MINUTE_MS).length;
  const iso = ({ openedAt }: StormMember): string => new Date(openedAt).toISOString();
  return [
    STORM_WORDS[locale].span(iso(first), iso(last), early),
    ...inOrder.slice(0, MOST_EARLY).map((member) => `${iso(member)} ${readable(member.title)}`),
  ].join('\n');
}

function causesOf(members: readonly StormMember[], { causes }: Commons): string {
  return causes
    .slice(0, MOST_VALUES)
    .map(({ value: key, count }) => {
      const statement = members.find(({ cause }) => cause?.key === key)?.cause?.statement ?? '';
      return `${key} ${count}: ${readable(statement)}`;
    })
    .join('\n');
}

const worstOf = ({ severity, title, labels, cause }: StormMember): string =>
  [
    `${severity} ${readable(title)}`,
    Object.entries(labels)
      .slice(0, MOST_LABELS)
      .map(([name, value]) => `${readable(name)}=${readable(value)}`)
      .join(' '),
    ...(cause === undefined ? [] : [`${cause.key}: ${readable(cause.statement)}`]),
  ].join('\n');

/** What was found at several of the worst by themselves: a change, a node's condition, the same line in their logs. */
function commonEvidence(members: readonly StormMember[], locale: Locale): readonly Finding[] {
  const looked = members.filter(({ evidence }) => evidence.length > 0);
  const found = new Map<string, { readonly finding: Finding; readonly by: Set<string> }>();
  for (const { id, evidence } of looked)
    for (const { id: _id, ...item } of evidence) {
      if (OWN.has(item.source) || item.failed === true) continue;
      const key = `${item.source}\0${item.title}\0${item.text}`;
      const known = found.get(key) ?? { finding: item, by: new Set() };
      known.by.add(id);
      found.set(key, known);
    }
  return [...found.values()]
    .filter(({ by }) => by.size > 1)
    .toSorted((a, b) => b.by.size - a.by.size)
    .slice(0, MOST_COMMON)
    .map(({ finding, by }) => ({
      ...finding,
      title: `${STORM_WORDS[locale].several(by.size, looked.length)}: ${finding.title}`,
      relevance: 0.95,
    }));
}

/** What an incident's own alerts say is counted above. */
const OWN = new Set(['alert', 'rule', 'incident']);
