import { spentWords } from '../cards/usage-card.ts';
import { createAfford } from '../diagnose/accounting/afford.ts';
import { createKept } from '../diagnose/accounting/kept.ts';
import { createMetered } from '../diagnose/accounting/metered.ts';
import { createTell } from '../diagnose/accounting/tell.ts';
import { createUsage } from '../diagnose/accounting/usage.ts';
import type { Context } from '../operations/operation.ts';
import { recordEvent } from '../store/events.ts';
import type { Ground } from './ground.ts';
import { createLedger } from './ledger.ts';

export type Accounting = ReturnType<typeof createAccounting>;

/** When the day's use is told, by the clock of TIMEZONE. */
const LEADERBOARD_HOUR = 9;

/** What models cost, who may use them, and what people are told of it. */
export function createAccounting({ config, edges, log, metrics, storage }: Ground) {
  const { clock } = edges;
  const { database, committer } = storage;
  const { write } = committer;
  const ledger = createLedger({ database, write, clock }, config);
  const quotas = createKept(ledger.quotas.list, clock);
  const prices = createKept(ledger.prices.list, clock);
  const shared = {
    ...ledger,
    clock,
    log,
    quotas: quotas.get,
    prices: prices.get,
    ...(config.LLM_DAILY_BUDGET === undefined ? {} : { budget: config.LLM_DAILY_BUDGET }),
  };
  const { afford, affordPerson, standings } = createAfford(shared);
  const tell = createTell({ ...shared, standings, record: (event) => write('job', (trx) => recordEvent(trx, event)) });
  const usageOf = (providers: () => readonly string[]) => createUsage({ ...shared, standings, providers });
  return {
    metered: createMetered({ ...shared, metrics, onRecorded: tell.afterCall }),
    afford,
    /** Words for somebody whose quota is used up; undefined: they may ask. */
    mayAsk: async ({ actor, operatorId, locale, timezone, now }: Context): Promise<string | undefined> => {
      const afforded = await affordPerson({ id: operatorId ?? actor.id, name: actor.name });
      return afforded.ok ? undefined : spentWords(afforded.quota, now, { locale, timezone });
    },
    breakerOpened: tell.breakerOpened,
    /** `providers`: names of the models that can be asked. */
    usage: (providers: () => readonly string[]) => usageOf(providers).view,
    leaderboard: async (): Promise<void> => {
      const made = await usageOf(() => []).leaderboard();
      if (made !== undefined) await tell.leaderboard(made.data, made.day);
    },
    nextLeaderboard: () => ledger.periods.next(LEADERBOARD_HOUR, clock.now()),
    /** The rows for whoever shows or changes them; what is changed here counts at once. */
    rows: {
      usage: ledger.sums,
      quotas: {
        ...ledger.quotas,
        add: then(ledger.quotas.add, quotas.forget),
        update: then(ledger.quotas.update, quotas.forget),
        remove: then(ledger.quotas.remove, quotas.forget),
      },
      prices: {
        ...ledger.prices,
        set: then(ledger.prices.set, prices.forget),
        remove: then(ledger.prices.remove, prices.forget),
      },
    },
  };
}

const then =
  <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>, after: () => void) =>
  async (...args: A): Promise<T> => {
    const done = await work(...args);
    after();
    return done;
  };
