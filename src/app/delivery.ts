import type { Channel } from '../channels/channel.ts';
import { type Delivery, createDelivery } from '../delivery/delivery.ts';
import { parseIncidentId } from '../incident/id.ts';
import { SYSTEM } from '../incident/incident.ts';
import { createDeliveryStore } from '../store/delivery/store.ts';
import type { Ground } from './ground.ts';
import { hintsOf } from './operations.ts';
import { createOwnAlerts } from './own-alerts.ts';

export interface ReconcilerDeps extends Ground {
  readonly channels: ReadonlyMap<string, Channel>;
}

/** The reconciler on this database and these channels; a chat that is gone becomes an incident of ours. */
export function createReconciler({ config, edges, log, metrics, storage, channels }: ReconcilerDeps): Delivery {
  const { accept, write } = storage.committer;
  const own = createOwnAlerts({ accept, clock: edges.clock, log, locale: config.LOCALE });
  return createDelivery({
    ...edges,
    write,
    store: createDeliveryStore(storage.database),
    channels,
    log,
    metrics,
    hintsOf,
    tellPaged: async (trx, incidentId, action) => {
      const id = parseIncidentId(incidentId);
      if (id !== undefined) await storage.respondIn(trx, id, action, { actor: SYSTEM, traceId: '' });
    },
    config: {
      stormPerMinute: config.STORM_PER_MINUTE,
      publicUrl: config.PUBLIC_URL,
      timezone: config.TIMEZONE,
      locale: config.LOCALE,
      defaultTargetId: storage.defaultTargetId,
    },
    onTargetDead: own.channelDown,
    onTargetAlive: own.channelUp,
  });
}
