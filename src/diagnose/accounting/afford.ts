import type { Price, Quota, Standing } from '../../cards/usage.ts';
import type { Clock } from '../../types.ts';
import type { Model } from '../providers/model.ts';
import type { Periods } from './periods.ts';
import type { Calls, IdsOf } from './ports.ts';
import { type Subject, quotasOf, standingOf } from './quota.ts';

export interface AffordDeps {
  readonly calls: Pick<Calls, 'used' | 'spent'>;
  /** Those of a moment ago do. */
  readonly quotas: () => Promise<readonly Quota[]>;
  readonly prices: () => Promise<readonly Price[]>;
  readonly idsOf: IdsOf;
  readonly periods: Periods;
  readonly clock: Clock;
  /** Money a day, in `currency`; absent: no limit. */
  readonly budget?: number;
  readonly currency: string;
}

/** Whether a person may ask; the quota that says no tells what is left (nothing) and when it renews. */
export type PersonAfford = { readonly ok: true } | { readonly ok: false; readonly quota: Standing };

/**
 * Whether there is money and quota for a call. A call that began goes on to its end, so what is spent may exceed a limit
 * by the calls under way. Without a budget and quotas nothing is summed up.
 */
export function createAfford(deps: AffordDeps) {
  const { calls, periods, clock, budget, currency } = deps;

  async function withinBudget(provider: string): Promise<boolean> {
    if (budget === undefined) return true;
    if ((await calls.spent(periods.of('day', clock.now()).from, currency)) < budget) return true;
    // What costs nothing can go on when the money is spent.
    const prices = (await deps.prices()).filter((price) => price.provider === provider);
    return prices.length > 0 && prices.every((price) => price.inputPerMillion === 0 && price.outputPerMillion === 0);
  }

  /** How somebody stands against each quota that holds for them. */
  async function standings(subject: Subject): Promise<readonly Standing[]> {
    const at = clock.now();
    const quotas = quotasOf(await deps.quotas(), subject);
    return Promise.all(
      quotas.map(async (quota) => {
        const { from } = periods.of(quota.period, at);
        const use = await calls.used(subject.kind, subject.ids, from, currency);
        return standingOf(quota, subject, use, { at, periods, currency });
      }),
    );
  }

  /** The one that renews last, when any is used up. */
  const spentOf = async (subject: Subject): Promise<Standing | undefined> =>
    (await standings(subject)).filter(isSpent).toSorted((a, b) => b.renewsAt - a.renewsAt)[0];

  return {
    standings,
    /** Of a call to this provider. */
    afford: async ({ name }: Pick<Model, 'name'>): Promise<'yes' | 'budget' | 'quota'> => {
      if (!(await withinBudget(name))) return 'budget';
      return (await spentOf({ kind: 'provider', ids: [name], name })) === undefined ? 'yes' : 'quota';
    },
    /** Of a question of this person, by any of their ids; a provider's limits are looked at apart. */
    affordPerson: async (person: { readonly id: string; readonly name: string }): Promise<PersonAfford> => {
      if (!(await deps.quotas()).some(({ subjectKind, enabled }) => enabled && subjectKind === 'person'))
        return { ok: true };
      const quota = await spentOf({ kind: 'person', ids: await deps.idsOf(person.id), name: person.name });
      return quota === undefined ? { ok: true } : { ok: false, quota };
    },
  };
}

const isSpent = ({ used, amount }: Standing): boolean => used >= amount;
