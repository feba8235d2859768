import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { Trx } from '../store/database.ts';
import type { DeliveryDeps } from './ports.ts';
import type { Settled } from './settle.ts';

/** Writes what came of a call, however long it takes; undefined when it could not be written. */
export type Persist = (work: (trx: Trx) => Promise<Settled>) => Promise<Settled | undefined>;

export interface PersistDeps extends Pick<DeliveryDeps, 'write' | 'log'> {
  readonly isStopping: () => boolean;
}

const RETRY_MS = 1000;
/** Tries to write a result that fails for no passing reason, or while stopping; beyond, the lease ends and the call is repeated. */
const LAST_TRIES = 3;

export function createPersist({ write, log, isStopping }: PersistDeps): Persist {
  return async (work) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write('delivery', work);
      } catch (err) {
        log.error({ action: 'delivery_write', tries, err }, 'a result waits to be written');
        const passing = err instanceof AppError;
        if ((isStopping() || !passing) && tries >= LAST_TRIES) return undefined;
        await sleep(RETRY_MS);
      }
    }
  };
}
