import type { Evidence } from '../diagnosis.ts';
import { mentions } from '../evidence/mentions.ts';
import { toldOf } from '../facts.ts';
import type { EvidencePack } from '../provider.ts';
import { subjectOf } from '../subject.ts';

/** Events of whatever else there is in a namespace. */
const NEIGHBOURS = /^(other events in namespace|其他事件：命名空间) /i;
const LOGS = new Set(['loki', 'elasticsearch']);
/** A line of a log that is less relevant mentions this and that. */
const MEANT = 0.65;
const MOST = 8000;
/** An alert that names none of these is about all that its namespace holds. */
const PLACES = ['service', 'deployment', 'pod', 'host', 'job', 'queue', 'pvc'] as const;

/**
 * In lower case, all that an alert of something in particular says, and the lines of logs that came with the trouble;
 * undefined when it is of nothing in particular. `quoted`: what of a text programs wrote.
 */
export function namesIn(pack: EvidencePack, quoted: (text: string) => string): string | undefined {
  const told = toldOf(pack);
  const isParticular = told.some((one) => PLACES.some((place) => subjectOf(one).has(place)));
  if (!isParticular) return undefined;
  const said = told.flatMap(({ title, summary = '', labels }) => [title, summary, ...Object.values(labels)]);
  const logged = pack.evidence.filter(({ source, relevance = 0.5 }) => LOGS.has(source) && relevance >= MEANT);
  return [...said, ...logged.map(({ text }) => quoted(text))].join('\n').slice(0, MOST).toLowerCase();
}

/** Somewhere something always restarts: of neighbours only what is called by name has to do with it. */
export function withoutNeighbours(item: Evidence, names: string): Evidence {
  if (!NEIGHBOURS.test(item.title)) return item;
  const lines = item.text.split('\n').filter((line) => {
    const object = /^×\d{1,9} \S{1,20} \S{1,80} [A-Za-z]{1,40}\/(\S{1,120}):/.exec(line)?.[1] ?? '';
    return partsOf(object).some((name) => mentions(names, name));
  });
  return { ...item, text: lines.join('\n') };
}

/** `checkout-7d9f8b6c5-x2x4q`, `checkout-7d9f8b6c5` and `checkout`. */
function partsOf(object: string): readonly string[] {
  const words = object.toLowerCase().split('-');
  return [words, words.slice(0, -1), words.slice(0, -2)]
    .filter((some) => some.length > 0)
    .map((some) => some.join('-'));
}
