import { allowanceFact } from '../channels/lark/allowance-fact.ts';
import { type Allowance, createAllowance } from '../channels/lark/allowance.ts';
import { type CallMeter, createCallMeter } from '../channels/lark/meter.ts';
import { createMonths } from '../channels/lark/months.ts';
import { createApiCalls } from '../store/api-calls.ts';
import { repaintUnreached } from '../store/delivery/show-now.ts';
import { createFactMemory } from './fact-memory.ts';
import type { Ground } from './ground.ts';
import { createOwnAlerts } from './own-alerts.ts';

/** What the app's calls cost, by our count, and whether the platform still takes any. */
export interface LarkCalls {
  readonly meter: CallMeter;
  readonly allowance: Allowance;
}

/** Counts in the database; a spent allowance becomes an incident of ours, and is remembered over a restart. */
export function createLarkCalls({ config, edges, log, storage }: Ground, appId: string): LarkCalls {
  const { database, committer } = storage;
  const { clock } = edges;
  const own = createOwnAlerts({ accept: committer.accept, clock, log, locale: config.LOCALE });
  const months = createMonths();
  const allowance = createAllowance({
    clock,
    log,
    months,
    memory: createFactMemory(storage, allowanceFact(appId)),
    onSpent: (month) => own.allowanceSpent({ app: appId, month }),
    onBack: async (month) => {
      await own.allowanceBack({ app: appId, month });
      await committer.write('job', (trx) => repaintUnreached(trx, 'lark'));
    },
  });
  const meter = createCallMeter({
    app: `lark:${appId}`,
    rows: createApiCalls(database, committer.write),
    clock,
    log,
    months,
    refused: () => allowance.spentUntil() !== undefined,
    ...(config.LARK_MONTHLY_CALLS !== undefined && { allowance: config.LARK_MONTHLY_CALLS }),
  });
  return { allowance, meter };
}
