import type { Labels } from '../../types.ts';
import type { Told } from '../subject.ts';

const MOST = 4000;
const PARAMETERS = ['g0.expr', 'expr'] as const;

/** The expressions that an alert's links carry, as text of at most 4000 characters; empty when they carry none. */
export function expressionsIn({ links = [] }: Pick<Told, 'links'>): string {
  return links
    .slice(0, 5)
    .flatMap(({ url }) => {
      const params = url.length > 2 * MOST ? undefined : URL.parse(url)?.searchParams;
      return PARAMETERS.map((name) => params?.get(name) ?? '');
    })
    .filter((expression) => expression !== '')
    .join('\n')
    .slice(0, MOST);
}

/**
 * The labels that an alert's own expression asks for with one value each: a sum has lost them, but it is still about
 * what they name. Untrusted, as labels are.
 */
export function matchersIn(told: Pick<Told, 'links'>): Labels {
  const values = new Map<string, Set<string>>();
  for (const [, name = '', value = ''] of expressionsIn(told).matchAll(EQUALS)) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return Object.fromEntries(
    [...values].flatMap(([name, all]) => (all.size === 1 ? [...all].map((value) => [name, value]) : [])),
  );
}

const EQUALS = /[{,]\s{0,20}([A-Za-z_]\w{0,60})\s{0,5}=\s{0,5}"([^"\\{}]{1,120})"/g;
