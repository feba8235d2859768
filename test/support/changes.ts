import type { ChangesPort } from '../../src/console/api/ports.ts';
import type { RecentChanges } from '../../src/diagnose/evidence/changes.ts';
import type { Change } from '../../src/incident/change.ts';

/** Changes in an array: enough of the store for the rooms that use it. */
export function createFakeChanges(now: () => number): ChangesPort & RecentChanges & { readonly all: Change[] } {
  const all: Change[] = [];
  const latestFirst = () => all.toSorted((a, b) => b.at - a.at);
  return {
    all,
    record: async (change) => {
      const known = all.find(
        ({ dedupeKey, source }) =>
          dedupeKey !== undefined && dedupeKey === change.dedupeKey && source === change.source,
      );
      if (known !== undefined) return { change: known, created: false };
      const made = { ...change, id: `c${all.length + 1}`, createdAt: now() };
      all.push(made);
      return { change: made, created: true };
    },
    get: async (id) => all.find((one) => one.id === id),
    list: async ({ service, limit }) => {
      const items = latestFirst().filter((one) => service === undefined || one.service === service);
      return { items: items.slice(0, limit), next: null, total: items.length };
    },
    between: async (from, to, limit) =>
      latestFirst()
        .filter(({ at }) => at >= from && at <= to)
        .slice(0, limit),
  };
}
