import type { Standing } from '../../cards/usage.ts';
import type { Clock } from '../../types.ts';
import type { IdsOf, ModelCall, NewEvent } from './ports.ts';
import type { Subject } from './quota.ts';

export interface WarnDeps {
  readonly standings: (subject: Subject) => Promise<readonly Standing[]>;
  readonly idsOf: IdsOf;
  readonly clock: Clock;
  /** Records it once, whoever tells of it. */
  readonly tell: (event: NewEvent<'quota_warning'>, fields: object, words: string) => Promise<void>;
}

/** Warnings known to be recorded; a bound, not a rule: one that was forgotten is not recorded again. */
const REMEMBERED = 1000;

/** Looks, after a call, at the quotas that it counts for, and tells of those that are nearly used up. */
export function createWarn({ standings, idsOf, clock, tell }: WarnDeps) {
  const warned = new Set<string>();

  async function warn(standing: Standing): Promise<void> {
    const { subjectKind, subject, period, measure, used, amount, since, renewsAt, band } = standing;
    if (band === 'green') return;
    const dedupeKey = ['quota_warning', subjectKind, subject, period, measure, since, band].join(' ');
    if (warned.has(dedupeKey)) return;
    const fields = { subject, period, measure, band, used, amount, renews_at: new Date(renewsAt).toISOString() };
    const event = { event: 'quota_warning', dedupeKey, data: standing, at: clock.now() } as const;
    await tell(event, fields, 'a quota is nearly used up');
    if (warned.size >= REMEMBERED) warned.clear();
    warned.add(dedupeKey);
  }

  return async ({ provider, person }: Pick<ModelCall, 'provider' | 'person'>): Promise<void> => {
    const caller = person && ({ kind: 'person', ids: await idsOf(person.id), name: person.name } as const);
    const called: Subject = { kind: 'provider', ids: [provider], name: provider };
    for (const subject of caller === undefined ? [called] : [called, caller])
      for (const standing of await standings(subject)) await warn(standing);
  };
}
