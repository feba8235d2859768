import type { Evidence } from '../diagnosis.ts';

export interface Cited {
  /** Without the ids that nothing has. */
  readonly text: string;
  /** In the order in which they are first named. */
  readonly evidence: readonly Evidence[];
  /** How many ids named nothing. */
  readonly struck: number;
}

/** `[E3]`, `[E1, E4]`, `【E2】`, and in Chinese with `、` between. */
const GROUP = /[[【]\s{0,3}(E\d{1,4}(?:[\s,，、;；]{1,4}E\d{1,4}){0,20})\s{0,3}[\]】]/g;
const BARE = /(?<![\w[【])E\d{1,4}(?!\w)/g;
const ID = /E\d{1,4}/g;

/** Holds an answer's citations against what there is: an id that nothing has is struck, wherever it stands. */
export function citationsIn(text: string, known: ReadonlyMap<string, Evidence>): Cited {
  const named = new Map<string, Evidence>();
  let struck = 0;
  const keep = (id: string): boolean => {
    const evidence = known.get(id);
    if (evidence === undefined) struck += 1;
    else named.set(id, evidence);
    return evidence !== undefined;
  };
  const grouped = text.replaceAll(GROUP, (_, ids: string) => {
    const kept = [...ids.matchAll(ID)].map(([id]) => id).filter(keep);
    return kept.length === 0 ? '' : `\uE010${kept.join(', ')}\uE011`;
  });
  // What already stands in a group is hidden from the second look.
  const parts = grouped.split(/(\uE010[^\uE011]{0,300}\uE011)/);
  const whole = parts.map((part) =>
    part.startsWith('\uE010') ? `[${part.slice(1, -1)}]` : part.replaceAll(BARE, (id) => (keep(id) ? id : '')),
  );
  return { text: whole.join('').replaceAll(/[ \t]{2,}/g, ' '), evidence: [...named.values()], struck };
}
