import { type Turns, createTurns } from './turns.ts';

/** What is needed of a kind of line to compare it with others. */
export interface Kind {
  readonly template: string;
  readonly count: number;
}

export interface Family<T> {
  readonly kinds: readonly [T, ...T[]];
  /** It is rare, and differs in a word from one that is not: perhaps only a value that had not come up yet. */
  readonly kin: boolean;
}

const LEAST_KINDS = 3;
const RARE = 2;
const MOST_CLUSTERS = 200;
const MOST_WORDS = 60;

/**
 * Puts templates together that differ in a word or two which vary from line to line: `scheduled task A started`, …
 * `task B started`. Two kinds that differ in a word stay two, unless both are rare. Templates of other lengths, and such
 * as differ in a number that was kept, never come together.
 */
export async function alike<T extends Kind>(
  kinds: readonly T[],
  turns: Turns = createTurns(),
): Promise<readonly Family<T>[]> {
  const lexicon = createLexicon();
  const byLength = new Map<number, Cluster<T>[]>();
  const alone: Family<T>[] = [];
  for (const kind of kinds) {
    if (turns.due()) await turns.next();
    const words = lexicon.read(kind.template);
    const clusters = byLength.get(words.length) ?? [];
    byLength.set(words.length, clusters);
    const cluster = clusters.find((each) => isAlike(each.words, words, lexicon));
    if (cluster === undefined) {
      if (clusters.length < MOST_CLUSTERS) clusters.push({ words, kinds: [kind] });
      else alone.push({ kinds: [kind], kin: false });
      continue;
    }
    cluster.kinds.push(kind);
    for (const [at, word] of words.entries()) if (cluster.words[at] !== word) cluster.words[at] = ANY;
  }
  return [...[...byLength.values()].flat().flatMap(({ kinds: of }) => familiesOf(of)), ...alone];
}

function familiesOf<T extends Kind>(kinds: readonly [T, ...T[]]): readonly Family<T>[] {
  const allRare = kinds.every(({ count }) => count <= RARE);
  if (kinds.length >= LEAST_KINDS || allRare) return [{ kinds, kin: false }];
  return kinds.map((kind) => ({ kinds: [kind], kin: kind.count <= RARE }));
}

interface Cluster<T> {
  readonly words: number[];
  readonly kinds: [T, ...T[]];
}

/** Words as numbers: comparing those of 10,000 templates takes a thirtieth of the time that comparing texts does. */
interface Lexicon {
  read(template: string): number[];
  /** Whether it holds a number that the template kept, since it tells kinds apart. */
  isKept(word: number): boolean;
}

/** Stands where a cluster's words differ; no word of a template. */
const ANY = 0;
const MASK = 1;

function createLexicon(): Lexicon {
  const numbers = new Map([['<*>', MASK]]);
  const kept = [false, false];
  const numberOf = (word: string): number => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, kept.length);
    return kept.push(/\d/.test(word)) - 1;
  };
  return {
    read: (template) => template.split(' ', MOST_WORDS).map(numberOf),
    isKept: (word) => kept[word] === true,
  };
}

/** Both of one length. */
function isAlike(cluster: readonly number[], words: readonly number[], { isKept }: Lexicon): boolean {
  const most = words.length * 0.4;
  let other = 0;
  let telling = 0;
  for (let at = 0; at < words.length; at++) {
    if (cluster[at] !== words[at]) other += 1;
    else if (words[at] !== MASK) telling += 1;
    if (other > most) return false;
  }
  if (telling < Math.max(1, Math.min(2, words.length - 1))) return false;
  return words.every((word, at) => word === cluster[at] || !(isKept(word) || isKept(cluster[at] ?? ANY)));
}
