import type { Item } from './commit-queue.ts';

/** Works one by one; neighbouring arrivals as one step. */
export function stepsOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const steps: Item[][] = [];
  for (const item of items) {
    const last = steps.at(-1);
    if (item.kind === 'arrival' && last?.[0]?.kind === 'arrival') last.push(item);
    else steps.push([item]);
  }
  return steps;
}

/** The culprits one by one, after everybody else; everybody one by one when nobody is to blame. */
export function apart(group: readonly Item[], culprits: readonly Item[]): readonly (readonly Item[])[] {
  const blamed = new Set(culprits);
  const others = group.filter((item) => !blamed.has(item));
  if (blamed.size === 0) return others.map((item) => [item]);
  return [...(others.length > 0 ? [others] : []), ...culprits.map((item) => [item])];
}
