import type { EpochMs } from '../types.ts';
import type { Incident } from './incident.ts';
import { type Matcher, type Matches, matchesAll, matchesIncident } from './matchers.ts';

/** Nobody may forget a silence for longer. */
export const MAX_SILENCE_MS = 30 * 24 * 3_600_000;

/** A silence of everything that matches; silences of one incident are its own `silencedUntil`. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly reason?: string;
  readonly createdBy: string;
  readonly createdName: string;
  readonly createdAt: EpochMs;
  readonly removedAt?: EpochMs;
  readonly removedBy?: string;
}

/** An active silence, compiled for many tests. */
export interface ActiveSilence {
  readonly endsAt: EpochMs;
  readonly matches: Matches;
}

export type SilenceFault = 'matches_all' | 'too_long' | 'over';

/** Why a silence by matchers may not be made; `undefined` when it may. */
export function silenceFault(matchers: readonly Matcher[], until: EpochMs, now: EpochMs): SilenceFault | undefined {
  if (matchesAll(matchers)) return 'matches_all';
  if (until <= now) return 'over';
  return until - now > MAX_SILENCE_MS ? 'too_long' : undefined;
}

/** Whether nothing of this incident may draw attention now: silenced itself, or by matchers. */
export function isSilenced(incident: Incident, silences: readonly ActiveSilence[], now: EpochMs): boolean {
  if (incident.silencedUntil !== undefined && incident.silencedUntil > now) return true;
  return silences.some(({ endsAt, matches }) => endsAt > now && matchesIncident(matches, incident));
}
