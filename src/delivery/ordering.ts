import type { EpochMs } from '../types.ts';

/**
 * What goes first in a lane: answers to people, first cards, pages, announcements, changes of state, events, cosmetic
 * edits, reports. Outbox rows carry these numbers as `priority`.
 */
export const RANKS = {
  answer: 0,
  firstCard: 10,
  page: 15,
  attention: 20,
  change: 30,
  event: 35,
  cosmetic: 40,
  report: 50,
} as const;

/** One thing a lane could do now. */
export interface Candidate {
  readonly rank: number;
  /** 0 is worst. */
  readonly severity: number;
  readonly since: EpochMs;
}

const byUrgency = (a: Candidate, b: Candidate): number =>
  a.rank - b.rank || a.severity - b.severity || a.since - b.since;

/** The first `count` of what lies before a lane. */
export const pickFirst = <T extends Candidate>(candidates: readonly T[], count: number): readonly T[] =>
  candidates.toSorted(byUrgency).slice(0, Math.max(0, count));
