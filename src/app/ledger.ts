import type { Quota, Standing, UsageBy, UsageRow } from '../cards/usage.ts';
import type { Config } from '../config.ts';
import { createPeriods } from '../diagnose/accounting/periods.ts';
import type { IdsOf } from '../diagnose/accounting/ports.ts';
import { standingOf } from '../diagnose/accounting/quota.ts';
import type { Operators } from '../operations/operators-port.ts';
import type { Database, Write } from '../store/database.ts';
import { createModelCalls } from '../store/model-calls.ts';
import { createOperators } from '../store/operators.ts';
import { createPrices } from '../store/prices.ts';
import { createQuotas } from '../store/quotas.ts';
import type { Clock, EpochMs } from '../types.ts';

export interface LedgerDeps {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}

export type Ledger = ReturnType<typeof createLedger>;

/** Longer than anything is kept by default. */
const MOST_DAYS = 400;

/** Calls to models, what they cost and what is allowed: the rows, as the server and the command line see them. */
export function createLedger(deps: LedgerDeps, config: Pick<Config, 'TIMEZONE' | 'LLM_CURRENCY'>) {
  const calls = createModelCalls(deps);
  const periods = createPeriods(config.TIMEZONE);
  const idsOf = idsBy(createOperators(deps));
  const currency = config.LLM_CURRENCY;
  return {
    calls,
    quotas: createQuotas(deps),
    prices: createPrices(deps),
    periods,
    idsOf,
    currency,
    sums: {
      currency,
      /** From `from` until just before `to`; days are those of TIMEZONE, oldest first, anything else by tokens. */
      rows: (by: UsageBy, from: EpochMs, to: EpochMs): Promise<readonly UsageRow[]> =>
        by === 'day' ? calls.days(periods.days(from, to, MOST_DAYS), currency) : calls.rows(by, { from, to }, currency),
    },
    /** How the one subject of a quota stands against it now. */
    standing: async (quota: Quota): Promise<Standing> => {
      const { subjectKind: kind, subject, period } = quota;
      const ids = kind === 'person' ? await idsOf(subject) : ([subject] as const);
      const at = deps.clock.now();
      const use = await calls.used(kind, ids, periods.of(period, at).from, currency);
      return standingOf(quota, { kind, ids, name: subject }, use, { at, periods, currency });
    },
  };
}

/** A person is kept under the operator's id where there is one, else under the platform's. */
const idsBy =
  (operators: Pick<Operators, 'find' | 'byExternalId'>): IdsOf =>
  async (id) => {
    const known = id.includes(':') ? await operators.byExternalId(id) : await operators.find(id);
    return known === undefined ? [id] : [known.id, ...known.ids];
  };
