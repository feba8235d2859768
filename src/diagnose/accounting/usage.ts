import type { ModelEvents, Standing, UsageRow, UsageView } from '../../cards/usage.ts';
import type { Clock } from '../../types.ts';
import type { Periods, Span } from './periods.ts';
import type { Calls, IdsOf } from './ports.ts';
import { type Subject, bandOf } from './quota.ts';

export interface UsageDeps {
  readonly calls: Pick<Calls, 'rows' | 'spent'>;
  readonly standings: (subject: Subject) => Promise<readonly Standing[]>;
  readonly idsOf: IdsOf;
  /** Names of the models that can be asked. */
  readonly providers: () => readonly string[];
  readonly periods: Periods;
  readonly clock: Clock;
  readonly budget?: number;
  readonly currency: string;
}

const DAY_MS = 86_400_000;
const TOP = 5;
const TOP_OF_DAY = 10;
/** Of the budget, as of quotas that say nothing else. */
const THRESHOLD = 0.8;

/** What models were used for, for people to look at. */
export function createUsage(deps: UsageDeps) {
  const { calls, currency, periods, clock } = deps;
  const lastDay = (): Span => ({ from: clock.now() - DAY_MS, to: clock.now() + 1 });
  return {
    view: async (person?: { readonly id: string; readonly name: string }): Promise<UsageView> => {
      const span = lastDay();
      const [providers, people, own, budget] = await Promise.all([
        calls.rows('provider', span, currency),
        calls.rows('person', span, currency),
        person && ownOf(deps, span, person),
        budgetOf(deps),
      ]);
      const names = [...new Set([...deps.providers(), ...providers.map(({ key }) => key)])];
      const standings = await Promise.all(names.map((name) => deps.standings({ kind: 'provider', ids: [name], name })));
      return {
        ...span,
        currency,
        configured: deps.providers().length > 0,
        ...(budget === undefined ? {} : { budget }),
        providers: providers.toSorted((a, b) => b.calls - a.calls),
        quotas: [...standings.flat(), ...(own?.quotas ?? [])],
        ...(own?.row === undefined ? {} : { own: own.row }),
        people: people.slice(0, TOP),
      };
    },
    /** Of the last 24 hours; undefined when nobody called a model. */
    leaderboard: async (): Promise<
      { readonly data: ModelEvents['usage_leaderboard']; readonly day: string } | undefined
    > => {
      const span = lastDay();
      const [people, providers] = await Promise.all([
        calls.rows('person', span, currency),
        calls.rows('provider', span, currency),
      ]);
      if (providers.length === 0) return undefined;
      const data = { ...span, currency, people: people.slice(0, TOP_OF_DAY), providers };
      return { data, day: periods.dayOf(clock.now()) };
    },
  };
}

async function budgetOf({ calls, budget, currency, periods, clock }: UsageDeps): Promise<UsageView['budget']> {
  if (budget === undefined) return undefined;
  const { from, to: renewsAt } = periods.of('day', clock.now());
  const spent = await calls.spent(from, currency);
  return { spent, amount: budget, band: bandOf(spent, budget, THRESHOLD), renewsAt };
}

/** Under whatever id the person was known at the time. */
async function ownOf(deps: UsageDeps, span: Span, { id, name }: { readonly id: string; readonly name: string }) {
  const ids = await deps.idsOf(id);
  const [rows, quotas] = await Promise.all([
    deps.calls.rows('person', span, deps.currency, ids),
    deps.standings({ kind: 'person', ids, name }),
  ]);
  const [first, ...more] = rows;
  return { row: first && more.reduce(added, { ...first, key: ids[0], name }), quotas };
}

function added(a: UsageRow, b: UsageRow): UsageRow {
  const calls = a.calls + b.calls;
  return {
    ...a,
    calls,
    failures: a.failures + b.failures,
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    cost: a.cost + b.cost,
    uncounted: a.uncounted + b.uncounted,
    meanMs: Math.round((a.meanMs * a.calls + b.meanMs * b.calls) / calls),
  };
}
