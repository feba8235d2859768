import type { Evidence } from '../diagnosis.ts';

export interface Cited {
  /** Without the ids that nothing has. */
  readonly text: string;
  /** In the order in which they are first named. */
  readonly evidence: readonly Evidence[];
  /** How many ids named nothing. */
  readonly struck: number;
}

/** Stands for an id that nothing has until the group around it is put in order. */
const STRUCK = '\uE010';
const ID = /(?<!\w)E\d{1,4}(?!\w)/g;
/** `[E3]`, `[E1, E4]`, `【E2】`, and in Chinese with `、` between. */
const GROUP = /[[【]((?:[\s,，、;；\uE010]|E\d{1,4}){1,200})[\]】]/g;

/** Holds an answer's citations against what there is: an id that nothing has is struck, wherever it stands. */
export function citationsIn(text: string, known: ReadonlyMap<string, Evidence>): Cited {
  const named = new Map<string, Evidence>();
  let struck = 0;
  const held = text.replaceAll(STRUCK, '').replaceAll(ID, (id) => {
    const evidence = known.get(id);
    if (evidence !== undefined) named.set(id, evidence);
    else struck += 1;
    return evidence === undefined ? STRUCK : id;
  });
  const grouped = held.replaceAll(GROUP, (_, inner: string) => {
    const ids = inner.match(ID) ?? [];
    return ids.length === 0 ? '' : `[${ids.join(', ')}]`;
  });
  const left = grouped.replaceAll(STRUCK, '').replaceAll(/[ \t]{2,}/g, ' ');
  return { text: left, evidence: [...named.values()], struck };
}
