import type { Told } from '../subject.ts';

const MOST = 4000;
const PARAMETERS = ['g0.expr', 'expr'] as const;

/** The expressions that an alert's links carry, as text of at most 4000 characters; empty when they carry none. */
export function expressionsIn({ links = [] }: Told): string {
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
