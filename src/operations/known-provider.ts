import type { Providers } from './provider.ts';

/**
 * The provider of this name, however it is written. A price or a quota for a name that nothing has would count and limit
 * nothing, and nobody would notice: it comes back with words that say which names there are.
 */
export async function knownProvider(
  name: string,
  providers: Pick<Providers, 'list'>,
): Promise<{ readonly name: string } | { readonly fault: string }> {
  const names = (await providers.list()).map((provider) => provider.name);
  const known = name.trim().toLowerCase();
  if (names.includes(known)) return { name: known };
  if (names.length === 0) return { fault: `There is no provider ${name}, nor any other: add it first` };
  return { fault: `There is no provider ${name}; known: ${names.toSorted().join(', ')}` };
}
