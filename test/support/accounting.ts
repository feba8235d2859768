import type { Price, Quota } from '../../src/cards/usage.ts';
import type { ApiDeps } from '../../src/console/api/ports.ts';

/** Quotas, prices and sums in memory: one of each is there. */
export function createFakeAccounting(now: number): Pick<ApiDeps, 'usage' | 'quotas' | 'prices'> {
  const quotas = new Map<string, Quota>();
  const prices = new Map<string, Price>();
  const added = <T>(all: Map<string, T>, id: string, one: T): T => {
    all.set(id, one);
    return one;
  };
  const plain = { subjectKind: 'provider', subject: '*', period: 'week', measure: 'tokens', amount: 1 } as const;
  added(quotas, 'q1', { ...plain, id: 'q1', threshold: 0.8, enabled: true, createdAt: now });
  const free = { provider: 'ollama', model: '', inputPerMillion: 0, outputPerMillion: 0, currency: 'USD' };
  added(prices, 'm1', { ...free, id: 'm1', createdAt: now });
  const counted = { calls: 1, failures: 0, tokensIn: 2, tokensOut: 3, cost: 0.5, uncounted: 0, meanMs: 7 };
  return {
    usage: { currency: 'USD', rows: async (by) => [{ key: by, name: by, ...counted }] },
    quotas: {
      list: async () => [...quotas.values()],
      get: async (id) => quotas.get(id),
      add: async (quota) => {
        const id = `q${quotas.size + 1}`;
        return added(quotas, id, { ...quota, id, createdAt: now });
      },
      update: async (id, changes) => {
        const known = quotas.get(id);
        return known && added(quotas, id, { ...known, ...changes });
      },
      remove: async (id) => quotas.delete(id),
    },
    prices: {
      list: async () => [...prices.values()],
      get: async (id) => prices.get(id),
      set: async (price) => {
        const id = `m${prices.size + 1}`;
        return added(prices, id, { ...price, id, createdAt: now });
      },
      remove: async (id) => prices.delete(id),
    },
  };
}
