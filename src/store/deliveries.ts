import type { Deliveries } from '../operations/deliveries-port.ts';
import type { Clock } from '../types.ts';
import type { Database, Handle, Write } from './database.ts';
import { getDelivery, listDeliveries, retryDelivery } from './delivery/deliveries.ts';
import { showNow } from './delivery/show-now.ts';
import { loadWhy } from './why.ts';

/** What became of cards and messages, and the ways to try again. */
export function createDeliveries(deps: {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}): Deliveries {
  const { database, write, clock } = deps;
  const reading: Handle = { db: database.reader, engine: database.engine };
  return {
    why: (id) => loadWhy(database, id),
    showNow: (id, targetId) => write('press', (trx) => showNow(trx, id, targetId, clock.now())),
    list: (filter) => listDeliveries(reading, filter, clock.now()),
    get: (id) => getDelivery(reading, id, clock.now()),
    retry: async (id) => {
      const found = await write('press', (trx) => retryDelivery(trx, id, clock.now()));
      return found ? getDelivery(reading, id, clock.now()) : undefined;
    },
  };
}
