import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Notices code that uses the outer database inside a transaction: on SQLite's one connection it would wait for itself
 * for ever, on PostgreSQL it would write outside the transaction.
 */
export function createGuard(
  complaint = 'the outer database was used inside a transaction; use the handle the transaction gave',
) {
  const current = new AsyncLocalStorage<{ open: boolean }>();
  return {
    inside: async <T>(work: () => Promise<T>): Promise<T> => {
      const transaction = { open: true };
      try {
        return await current.run(transaction, work);
      } finally {
        // What the work left running in the background may use the database again.
        transaction.open = false;
      }
    },
    refuseInside: (): void => {
      if (current.getStore()?.open === true) {
        throw new Error(complaint);
      }
    },
  };
}
