import type { EpochMs } from '../types.ts';

const MINUTE_MS = 60_000;
const CALM_MS = 5 * MINUTE_MS;

/** First cards that wait at one target, and what it already had in the last minute. */
export interface Rush {
  readonly perMinute: number;
  readonly storming: boolean;
  /** First cards shown or under way in the last minute. */
  readonly recent: { readonly critical: number; readonly other: number };
  /** In the order in which they would be shown. */
  readonly waiting: readonly { readonly subjectId: string; readonly critical: boolean }[];
}

/**
 * Which waiting incidents fold into a storm. More than `perMinute` first cards a minute start one; while it lasts
 * nothing but criticals gets a card of its own, and those up to the same rate.
 */
export function decideFolding({ perMinute, storming, recent, waiting }: Rush): readonly string[] {
  const total = recent.critical + recent.other + waiting.length;
  if (!storming && total <= perMinute) return [];
  let critical = recent.critical;
  let own = storming ? 0 : Math.max(0, perMinute - recent.critical - recent.other);
  const folded: string[] = [];
  for (const candidate of waiting) {
    if (candidate.critical && critical < perMinute) {
      critical += 1;
      own -= 1;
    } else if (!candidate.critical && own > 0) {
      own -= 1;
    } else {
      folded.push(candidate.subjectId);
    }
  }
  return folded;
}

export interface Weather {
  readonly perMinute: number;
  /** Incidents that came to this target in the last minute, folded or not. */
  readonly lastMinute: number;
  readonly calmSince?: EpochMs;
}

/** A storm ends after five minutes under half its rate. */
export function decideWeather({ perMinute, lastMinute, calmSince }: Weather, now: EpochMs) {
  if (lastMinute * 2 >= perMinute) return { calmSince: undefined, ended: false };
  const since = calmSince ?? now;
  return { calmSince: since, ended: now - since >= CALM_MS };
}

/** How many members may get their own card now: half the rate, counted over the last minute. */
export const releaseBudget = (perMinute: number, releasedLastMinute: number): number =>
  Math.max(0, Math.max(1, Math.floor(perMinute / 2)) - releasedLastMinute);
