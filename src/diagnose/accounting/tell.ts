import type { ModelEvents, Standing } from '../../cards/usage.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Clock, EpochMs } from '../../types.ts';
import type { ModelFault } from '../providers/model.ts';
import type { IdsOf, ModelCall, NewEvent, RecordEvent } from './ports.ts';
import type { Subject } from './quota.ts';

export interface TellDeps {
  readonly record: RecordEvent;
  readonly standings: (subject: Subject) => Promise<readonly Standing[]>;
  readonly idsOf: IdsOf;
  readonly clock: Clock;
  readonly log: Log;
}

/** Replicas whose breakers open together tell of one outage. */
const TOGETHER_MS = 60_000;
/** Warnings known to be recorded; a bound, not a rule: one that was forgotten is not recorded again. */
const REMEMBERED = 1000;

const LEVELS = { breaker_open: 'error', quota_warning: 'warn', usage_leaderboard: 'info' } as const;

/** Events about models: each is recorded once, whoever tells of it, and logged by the one who was first. */
export function createTell(deps: TellDeps) {
  const { clock, log } = deps;
  const warned = new Set<string>();

  async function tell<E extends keyof ModelEvents>(event: NewEvent<E>, fields: object, words: string): Promise<void> {
    if (!(await deps.record(event))) return;
    log[LEVELS[event.event]]({ action: event.event, ...fields }, words);
  }

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

  async function afterCall({ provider, person }: Pick<ModelCall, 'provider' | 'person'>): Promise<void> {
    const caller = person && ({ kind: 'person', ids: await deps.idsOf(person.id), name: person.name } as const);
    const called: Subject = { kind: 'provider', ids: [provider], name: provider };
    for (const subject of caller === undefined ? [called] : [called, caller])
      for (const standing of await deps.standings(subject)) await warn(standing);
  }

  /** Nobody who calls a model waits for what is told of it. */
  const unheard = async (event: keyof ModelEvents, provider: string, work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (err) {
      log.error({ action: 'event_unrecorded', event, provider, err }, 'an event was not recorded');
    }
  };

  return {
    /** Looks at the quotas that a call counts for. Never rejects. */
    afterCall: (call: Pick<ModelCall, 'provider' | 'person'>) =>
      unheard('quota_warning', call.provider, afterCall(call)),
    /** A provider is left alone from now on. Never rejects. */
    breakerOpened: (opening: { readonly provider: string; readonly fault: ModelFault; readonly until: EpochMs }) => {
      const { provider, fault, until } = opening;
      const at = clock.now();
      const dedupeKey = `breaker_open ${provider} ${Math.floor(at / TOGETHER_MS)}`;
      const fields = { provider, fault, until: new Date(until).toISOString() };
      const event = { event: 'breaker_open', dedupeKey, data: { provider, fault, until }, at } as const;
      return unheard('breaker_open', provider, tell(event, fields, 'a model is left alone'));
    },
    /** Who used how much; once a day. */
    leaderboard: (data: ModelEvents['usage_leaderboard'], day: string): Promise<void> => {
      const event = {
        event: 'usage_leaderboard',
        dedupeKey: `usage_leaderboard ${day}`,
        data,
        at: clock.now(),
      } as const;
      return tell(event, { day, people: data.people.length, providers: data.providers.length }, 'use of models by day');
    },
  };
}
