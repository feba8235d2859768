import type { Labels } from '../types.ts';
import type { Link } from './alert.ts';

const MAX_LINKS = 8;

/** The pairs both have. Returns `a` itself when nothing is lost, so that callers see by identity that it is the same. */
export function sharedLabels(a: Labels, b: Labels): Labels {
  const names = Object.keys(a);
  const kept = names.filter((name) => Object.hasOwn(b, name) && a[name] === b[name]);
  if (kept.length === names.length) return a;
  const shared: Record<string, string> = Object.create(null);
  for (const name of kept) shared[name] = a[name] ?? '';
  return shared;
}

/** One link of each kind is enough for a card, the first seen; returns `a` itself when `b` adds none. */
export function mergedLinks(a: readonly Link[], b: readonly Link[]): readonly Link[] {
  const added: Link[] = [];
  for (const link of b) {
    const known = [...a, ...added].some(({ kind }) => kind === link.kind);
    if (!known && a.length + added.length < MAX_LINKS) added.push(link);
  }
  return added.length === 0 ? a : [...a, ...added];
}
