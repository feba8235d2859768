import type { EpochMs } from '../types.ts';

const YOUNG_MS = 5 * 60_000;
const YOUNG_GAP_MS = 5000;
const OLD_GAP_MS = 60_000;

/** What restraint looks at. */
export interface Restrained {
  readonly shownRevision: number;
  readonly urgentRevision: number;
  readonly firstShownAt?: EpochMs;
  readonly shownAt?: EpochMs;
}

/** The first show, a person's action and what raises `ring` go at once. */
const isUrgent = (placement: Restrained): boolean =>
  placement.firstShownAt === undefined || placement.urgentRevision > placement.shownRevision;

/**
 * When this placement may be edited: at once when it is urgent, else 5 s after the last edit while the card is younger
 * than five minutes, then 60 s after it.
 */
export function mayEditAt(placement: Restrained, now: EpochMs): EpochMs {
  const { firstShownAt, shownAt } = placement;
  if (isUrgent(placement) || firstShownAt === undefined || shownAt === undefined) return 0;
  return shownAt + (firstShownAt > now - YOUNG_MS ? YOUNG_GAP_MS : OLD_GAP_MS);
}

/** The same rule as three instants a query can compare columns with. */
export const restraintCutoffs = (now: EpochMs) => ({
  youngSince: now - YOUNG_MS,
  youngShownBy: now - YOUNG_GAP_MS,
  oldShownBy: now - OLD_GAP_MS,
});
