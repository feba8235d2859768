import type { EpochMs } from '../../../types.ts';
import type { Counted } from './gather.ts';
import type { LogGroup } from './groups.ts';

export interface Interest {
  readonly startedAt: EpochMs;
  /** The earliest time that was looked at. */
  readonly from: EpochMs;
  /** Words that the plan looks for. */
  readonly words: readonly string[];
  /** Where not all lines of a kind were counted: the time within which they were. */
  readonly counted?: ReadonlyMap<string, Counted>;
  /** Whether a stream is of what the alert names, not of a neighbour. */
  readonly isOwn?: (stream: string) => boolean;
}

export interface RankedGroup extends LogGroup {
  /** 0 … 1 */
  readonly score: number;
  /** Not seen in the calm part of the time before the start, or far more often after it. */
  readonly fresh: boolean;
}

/**
 * Most telling first: what complains, has a planned word, is new (absent early on, or far more often since the start),
 * near the start and rare. A constant error that was always there stands behind one that came with the trouble.
 */
export function rankGroups(groups: readonly LogGroup[], interest: Interest): readonly RankedGroup[] {
  const words = interest.words.map((word) => word.toLowerCase());
  return groups
    .map((group) => {
      const newness = newnessOf(group, interest);
      const score =
        LEVEL[group.level] +
        (group.troubled && group.level !== 'error' ? 0.15 : 0) +
        planned(group.template.toLowerCase(), words) +
        closeness(group, interest) * (0.04 + 0.11 * newness) +
        0.2 * newness +
        0.1 / (1 + Math.log2(group.count));
      const own = interest.isOwn === undefined || group.streams.some(interest.isOwn);
      return { ...group, score: Math.min(1, score) * (own ? 1 : 0.92), fresh: newness >= 0.4 };
    })
    .toSorted((a, b) => b.score - a.score || a.firstAt - b.firstAt);
}

const LEVEL = { error: 0.4, warning: 0.2, unknown: 0.1, info: 0 } as const;

const planned = (template: string, words: readonly string[]): number =>
  Math.min(0.15, words.filter((word) => template.includes(word)).length * 0.1);

/** How much of the time before the start passed without it, or how much its rate rose. */
function newnessOf({ template, firstAt, lastAt, count, before }: LogGroup, interest: Interest): number {
  const { startedAt, from, counted } = interest;
  const within = counted?.get(template);
  const early = within?.ageless === true ? from : firstAt;
  const absent = Math.min(1, Math.max(0, (early - from) / Math.max(1, startedAt - from)));
  const calm = Math.max(1000, startedAt - (within?.from ?? from));
  const after = Math.max(within?.to === undefined ? 60_000 : 1000, (within?.to ?? lastAt) - startedAt);
  const ratio = (count - before) / after / ((before + 0.5) / calm);
  const surge = count - before >= 5 && ratio >= 3 ? 1 - 2 / ratio : 0;
  return Math.max(absent, surge);
}

/** An alert waits minutes before it fires, so its cause lies before the start rather than after it. */
function closeness({ firstAt }: LogGroup, { startedAt }: Interest): number {
  const distance = firstAt - startedAt;
  return Math.exp(-Math.abs(distance) / (distance < 0 ? 360_000 : 150_000));
}
