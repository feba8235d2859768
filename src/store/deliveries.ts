import type { Deliveries } from '../operations/ports.ts';
import type { Clock } from '../types.ts';
import type { Database, Handle, Write } from './database.ts';
import { getDelivery, listDeliveries, retryDelivery } from './delivery/deliveries.ts';
import { showNow } from './delivery/show-now.ts';
import { loadWhy } from './why.ts';

export interface DeliveriesDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

/** What was and will be sent, as people ask about it. */
export function createDeliveries({ database, write, clock }: DeliveriesDeps): Deliveries {
  const reading: Handle = { db: database.reader, engine: database.engine };
  const get = (id: string) => getDelivery(reading, id, clock.now());
  return {
    why: (id) => loadWhy(database, id),
    showNow: (id, targetId) => write('press', (trx) => showNow(trx, id, targetId, clock.now())),
    list: (filter) => listDeliveries(reading, filter, clock.now()),
    get,
    retry: async (id) => {
      const found = await write('press', (trx) => retryDelivery(trx, id, clock.now()));
      return found ? get(id) : undefined;
    },
  };
}
