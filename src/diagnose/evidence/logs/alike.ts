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

const MASK = '<*>';
const LEAST_KINDS = 3;
const RARE = 2;
const MOST_CLUSTERS = 200;
const MOST_WORDS = 60;

/**
 * Puts templates together that differ in a word or two which vary from line to line: `scheduled task A started`, …
 * `task B started`. Two kinds that differ in a word stay two, unless both are rare. Templates of other lengths, and such
 * as differ in a number that was kept, never come together.
 */
export function alike<T extends Kind>(kinds: readonly T[]): readonly Family<T>[] {
  const byLength = new Map<number, Cluster<T>[]>();
  const alone: Family<T>[] = [];
  for (const kind of kinds) {
    const words = kind.template.split(' ', MOST_WORDS);
    const clusters = byLength.get(words.length) ?? [];
    byLength.set(words.length, clusters);
    const cluster = clusters.find((each) => isAlike(each.words, words));
    if (cluster === undefined) {
      if (clusters.length < MOST_CLUSTERS) clusters.push({ words: [...words], kinds: [kind] });
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
  readonly words: string[];
  readonly kinds: [T, ...T[]];
}

/** Stands where a cluster's words differ; no word of a template. */
const ANY = '';

function isAlike(cluster: readonly string[], words: readonly string[]): boolean {
  if (cluster.length !== words.length) return false;
  const most = words.length * 0.4;
  let other = 0;
  let telling = 0;
  for (let at = 0; at < words.length; at++) {
    if (cluster[at] !== words[at]) other += 1;
    else if (words[at] !== MASK) telling += 1;
    if (other > most) return false;
  }
  return (
    telling >= Math.max(1, Math.min(2, words.length - 1)) &&
    words.every((word, at) => mayDiffer(cluster[at] ?? ANY, word))
  );
}

const mayDiffer = (known: string, word: string): boolean => known === word || !(KEPT.test(word) || KEPT.test(known));

/** A number that the template kept, since it tells kinds apart. */
const KEPT = /\d/;
