import { cut } from '../../../cards/clean.ts';
import { oneLine } from './markdown.ts';

/** Gives names that are unique on one card, as inputs and forms must have them [LD containers/form-container]. */
export type Names = (wanted: string) => string;

/** Code points; ours are words. */
const LONGEST = 40;
const SUFFIX = /__\d+$/u;

/** A wanted name that is free is kept as it is; the second of the kind is `name__2`. */
export function createNames(): Names {
  const taken = new Set<string>();
  return (wanted) => {
    const base = cut(oneLine(wanted), LONGEST) || 'input';
    let name = base;
    for (let count = 2; taken.has(name); count += 1) name = `${base}__${count}`;
    taken.add(name);
    return name;
  };
}

/** The neutral card's name of an input, from the key under which `form_value` brings what was typed. */
export const inputNameOf = (key: string): string => key.replace(SUFFIX, '');
