import type { Kind } from './spans.ts';

/**
 * The names that stand in for personal data and hosts while one request is with a model: the same value always has the
 * same one, so that a model can still tell people and machines apart. Secrets have no number and never come back.
 */
export interface Pseudonyms {
  nameOf(kind: Kind, value: string): string;
  /** Puts the values back. What nobody was named stays as it is. */
  restore(text: string): string;
}

export function createPseudonyms(): Pseudonyms {
  const names = new Map<string, string>();
  const values = new Map<string, string>();
  const counts = new Map<Kind, number>();

  function nameOf(kind: Kind, value: string): string {
    if (kind === 'secret') return placeholder(kind);
    const key = `${kind}:${value}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    const name = `⟦${kind}-${number}⟧`;
    names.set(key, name);
    values.set(name, value);
    return name;
  }

  return {
    nameOf,
    restore: (text) =>
      text.replaceAll(NAMED, (found, kind: string, number: string) => values.get(`⟦${kind}-${number}⟧`) ?? found),
  };
}

/** What stands for a value when nobody needs to tell two of them apart. */
export const placeholder = (kind: Kind): string => `⟦${kind}⟧`;

const NAMED = /⟦\s{0,3}([a-z-]{2,12})-(\d{1,6})\s{0,3}⟧/g;
