import type { EpochMs } from '../types.ts';
import type { Incident } from './incident.ts';
import { type Matches, matchesIncident } from './matchers.ts';

/** Nobody may forget a silence for longer. */
export const MAX_SILENCE_MS = 30 * 24 * 3_600_000;

/** An active silence, compiled for many tests. */
export interface ActiveSilence {
  readonly endsAt: EpochMs;
  readonly matches: Matches;
}

/** Whether nothing of this incident may draw attention now: silenced itself, or by matchers. */
export function isSilenced(incident: Incident, silences: readonly ActiveSilence[], now: EpochMs): boolean {
  if (incident.silencedUntil !== undefined && incident.silencedUntil > now) return true;
  return silences.some(({ endsAt, matches }) => endsAt > now && matchesIncident(matches, incident));
}
