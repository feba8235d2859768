import { type Random, createRandom } from '../../soak/random.ts';
import { type RecordedLine, type Scenario, linesOf } from '../scenario.ts';
import { RECORDED } from '../zero.ts';
import { podOf } from './noise-series.ts';
import { PHRASES, type Phrase } from './phrases.ts';
import { wordsOf } from './vocabulary.ts';

/** What a scenario has at least of what does not matter. */
export const LEAST_LINES = 10_000;
const MADE = 11_000;
/** Neighbours that log one error all the time, and those that begin to for reasons of their own. */
const CONSTANT = 3;
const SUDDEN = 2;
/** Kinds of line that a service logs day in, day out, and lines of any kind that come once. */
const KINDS = 9;
const RARE = 60;

export interface Timed {
  readonly labels: Readonly<Record<string, string>>;
  /** Minutes from zero. */
  readonly at: number;
  readonly text: string;
}

/** The lines that the scenario states, each as often as it says. */
export const statedLines = (scenario: Scenario): readonly Timed[] =>
  linesOf(scenario).flatMap(({ labels, at, line, repeat, every }) =>
    Array.from({ length: repeat }, (_, index) => ({ labels, at: at + index * every, text: line })),
  );

/**
 * Lines that have nothing to do with a scenario: from its own services, pods and namespaces, over the same hour, of the
 * same levels and with the same words, errors among them: some constant, some new. None holds what a scenario must find.
 */
export function noiseLines(scenario: Scenario): readonly Timed[] {
  const random = createRandom(scenario.seed + 2);
  const world = worldOf(random, scenario);
  const fits = ({ text }: Timed): boolean => !world.forbidden.some((fact) => text.includes(fact));
  const errors = [...constantErrors(random, world), ...suddenErrors(random, world)].filter(fits);
  const made: Timed[] = [...errors];
  for (let turn = 0; made.length < MADE && turn < 2 * MADE; turn += 1) {
    const line = turn < RARE ? rareLine(random, world) : usualLine(random, world);
    if (fits(line)) made.push(line);
  }
  return made;
}

/** A kind of line: what it says, of what, and in which form its service writes. */
interface Kind {
  readonly phrase: Phrase;
  readonly word: string;
  readonly plain: boolean;
}

interface World {
  readonly streams: readonly Timed['labels'][];
  /** By stream. */
  readonly usual: readonly (readonly Kind[])[];
  /** Those of services that the alert does not name. */
  readonly neighbours: readonly Timed['labels'][];
  readonly phrases: readonly Phrase[];
  readonly words: readonly string[];
  /** What must be found or must not mislead: no noise may hold it. */
  readonly forbidden: readonly string[];
  /** The last minute of which there are lines. */
  readonly to: number;
}

function worldOf(random: Random, scenario: Scenario): World {
  const stated = linesOf(scenario);
  const named = new Set(scenario.alert.flatMap(({ labels }) => Object.values(labels)));
  const made = scenario.services.flatMap((service) => {
    const like = random.pick(stated.length > 0 ? stated : [SOME]).labels;
    return [1, 2].map(() => streamOf(random, scenario, service, like));
  });
  const streams = [...made, ...stated.map(({ labels }) => labels)];
  const neighbours = made.filter(
    (labels) => !Object.values(labels).some((value) => named.has(value) && value !== labels['namespace']),
  );
  const phrases = PHRASES[scenario.locale];
  const words = wordsOf(scenario);
  return {
    streams,
    usual: streams.map(() => kindsOf(random, phrases, words)),
    neighbours: neighbours.length > 0 ? neighbours : made,
    phrases,
    words,
    forbidden: [...scenario.expected.must_cite, ...scenario.expected.red_herrings],
    to: Math.max(...scenario.alert.map(({ startsAt }) => startsAt)) + 1,
  };
}

const SOME: Pick<RecordedLine, 'labels'> = { labels: { namespace: 'default', app: 'app', pod: 'pod' } };

/** Labels of the same names as the recorded lines have. */
function streamOf(random: Random, scenario: Scenario, service: string, like: Timed['labels']): Timed['labels'] {
  const namespace = random.pick(scenario.namespaces);
  const pairs = Object.entries(like).map(([name, value]) => {
    if (name === 'namespace') return [name, namespace];
    if (name === 'pod') return [name, podOf(random, service)];
    return [name, ['app', 'service', 'container', 'job', 'service_name'].includes(name) ? service : value];
  });
  return Object.fromEntries(pairs);
}

function kindsOf(random: Random, phrases: readonly Phrase[], words: readonly string[]): readonly Kind[] {
  const plain = random.next() < 0.5;
  return Array.from({ length: KINDS }, () => ({ phrase: random.pick(phrases), word: random.pick(words), plain }));
}

/** The first kinds of a stream come far more often than its last ones. */
function usualLine(random: Random, { streams, usual, to }: World): Timed {
  const at = random.between(0, streams.length - 1);
  const kinds = usual[at] ?? [];
  const kind = kinds[Math.floor(kinds.length * random.next() ** 1.7)];
  return lineOf(random, streams[at], kind, RECORDED.from, to);
}

function rareLine(random: Random, { streams, phrases, words, to }: World): Timed {
  const kind = { phrase: random.pick(phrases), word: random.pick(words), plain: true };
  return lineOf(random, random.pick(streams), kind, RECORDED.from, to);
}

function lineOf(
  random: Random,
  labels: Timed['labels'] | undefined,
  kind: Kind | undefined,
  from: number,
  to: number,
): Timed {
  if (labels === undefined || kind === undefined) throw new Error('a stream without kinds of lines');
  return { labels, at: from + (to - from) * random.next(), text: say(random, kind, labels) };
}

/** One error of each of some neighbours, every two to six seconds over the whole time. */
function constantErrors(random: Random, { neighbours, phrases, words, to }: World): readonly Timed[] {
  const errors = phrases.filter(({ level }) => level === 'ERROR');
  return Array.from({ length: CONSTANT }).flatMap(() => {
    const labels = random.pick(neighbours);
    const kind = { phrase: random.pick(errors), word: random.pick(words), plain: true };
    const every = random.between(2, 6) / 60;
    return Array.from({ length: Math.floor((to - RECORDED.from) / every) }, (_, index) => ({
      labels,
      at: RECORDED.from + index * every,
      text: say(random, kind, labels),
    }));
  });
}

/** Errors that some neighbours begin to log between 40 and 3 minutes before the alert. */
function suddenErrors(random: Random, { neighbours, phrases, words, to }: World): readonly Timed[] {
  const errors = phrases.filter(({ level }) => level === 'ERROR');
  return Array.from({ length: SUDDEN }).flatMap(() => {
    const labels = random.pick(neighbours);
    const kind = { phrase: random.pick(errors), word: random.pick(words), plain: false };
    const from = -random.between(3, 40);
    return Array.from({ length: 30 }, () => lineOf(random, labels, kind, from, to));
  });
}

function say(random: Random, { phrase: { level, text }, word, plain }: Kind, labels: Timed['labels']): string {
  const filled = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'word') return word;
    if (name === 'ms') return String(random.between(2, 900));
    if (name === 'service') return labels['app'] ?? labels['service'] ?? labels['container'] ?? 'app';
    if (name === 'id') return random.between(0x1000000, 0xfffffff).toString(16);
    return String(random.between(1, 5000));
  });
  return plain ? `${level} ${filled}` : `level=${level.toLowerCase()} msg="${filled}"`;
}
