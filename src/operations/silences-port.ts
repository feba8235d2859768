import type { Actor } from '../incident/incident.ts';
import type { Matcher } from '../incident/matchers.ts';
import type { EpochMs } from '../types.ts';

export interface Silences {
  /** Silences alerts by their labels; incidents are silenced through `Respond`. Once for each `inboundKey` of a face. */
  create(silence: {
    matchers: readonly Matcher[];
    until: EpochMs;
    reason?: string;
    actor: Actor;
    inboundKey?: string;
  }): Promise<Silence>;
  /** Those in force, soonest ending first. */
  active(): Promise<readonly Silence[]>;
  /** False when there is none of this id in force. */
  remove(id: string, actor: Actor): Promise<boolean>;
}

export interface Silence {
  readonly id: string;
  readonly incidentId?: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly reason?: string;
  readonly createdBy: string;
  readonly createdName: string;
  readonly createdAt: EpochMs;
}
