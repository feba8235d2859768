import type { ModelEvents } from '../../cards/usage.ts';
import type { Log } from '../../telemetry/log.ts';
import type { EpochMs } from '../../types.ts';
import type { ModelFault } from '../providers/model.ts';
import type { ModelCall, NewEvent, RecordEvent } from './ports.ts';
import { type WarnDeps, createWarn } from './warn.ts';

export interface TellDeps extends Omit<WarnDeps, 'tell'> {
  readonly record: RecordEvent;
  readonly log: Log;
}

/** Replicas whose breakers open together tell of one outage. */
const TOGETHER_MS = 60_000;

const LEVELS = { breaker_open: 'error', quota_warning: 'warn', usage_leaderboard: 'info' } as const;

/** Events about models: each is recorded once, whoever tells of it, and logged by the one who was first. */
export function createTell(deps: TellDeps) {
  const { clock, log } = deps;

  async function tell<E extends keyof ModelEvents>(event: NewEvent<E>, fields: object, words: string): Promise<void> {
    if (!(await deps.record(event))) return held(event, fields);
    log[LEVELS[event.event]]({ action: event.event, ...fields }, words);
  }

  /** Of a pause that was told already, the log says that this one was not; the others are the same news. */
  const held = ({ event }: NewEvent, fields: object): void => {
    if (event === 'breaker_open')
      log.info(
        { action: 'circuit_breaker_alert_suppressed', ...fields },
        'that this model is left alone is told already',
      );
  };

  const warnAfter = createWarn({ ...deps, tell });

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
      unheard('quota_warning', call.provider, warnAfter(call)),
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
