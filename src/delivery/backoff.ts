const BASE_MS = 1000;
const CAP_MS = 60_000;
/** A retry this soon is noise to a platform that just failed. */
const LEAST_MS = 200;

/**
 * Full jitter, capped at a minute: the delay before try `attempts` + 1, in ms. The last delay repeats for ever, so
 * backing off never buries anything.
 */
export function backoffMs(attempts: number, random: () => number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempts, 10));
  return Math.max(LEAST_MS, Math.floor(random() * ceiling));
}

/** When a dead target is tried again: a minute, then twice as long each time, at most half an hour. */
export const probeDelayMs = (attempts: number): number => Math.min(30 * 60_000, 60_000 * 2 ** Math.min(attempts, 10));
