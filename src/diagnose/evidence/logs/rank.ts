import type { EpochMs } from '../../../types.ts';
import type { Counted } from './gather.ts';
import type { LogGroup } from './groups.ts';
import { MAX_LINE } from './line.ts';
import { type Turns, createTurns } from './turns.ts';

export interface Interest {
  readonly startedAt: EpochMs;
  /** The earliest time that was looked at. */
  readonly from: EpochMs;
  /** Words that the plan looks for. */
  readonly words: readonly string[];
  /** Of templates of which not all lines were read. */
  readonly counted?: ReadonlyMap<string, Counted>;
  /** Whether a stream is of what the alert names, not of a neighbour. */
  readonly isOwn?: (stream: string) => boolean;
}

export interface RankedGroup extends LogGroup {
  /** 0 … 1 */
  readonly score: number;
  /** Seen in little of the time before the start, or far more often after it. */
  readonly fresh: boolean;
}

/**
 * Most telling first: what is unusual (rare before the start, or far more frequent after it), complains, has a planned
 * word, is of what the alert names, and near the start. What was said all the time stands behind what came with the
 * trouble, even when it is an error. Lets others run every few milliseconds.
 */
export async function rankGroups(
  groups: readonly LogGroup[],
  interest: Interest,
  turns: Turns = createTurns(),
): Promise<readonly RankedGroup[]> {
  const words = interest.words.map((word) => word.toLowerCase());
  const ranked: RankedGroup[] = [];
  for (const group of groups) {
    if (turns.due()) await turns.next();
    ranked.push(rank(group, interest, words));
  }
  if (turns.due()) await turns.next();
  return ranked.toSorted((a, b) => b.score - a.score || a.firstAt - b.firstAt);
}

function rank(group: LogGroup, interest: Interest, words: readonly string[]): RankedGroup {
  const unusual = unusualness(group, interest);
  const own = interest.isOwn === undefined || group.streams.some(interest.isOwn);
  const score =
    0.42 * unusual +
    complaint(group) * (0.4 + 0.6 * unusual) +
    planned(group, words) +
    closeness(group, interest) * 0.08 * unusual +
    (own ? 0.08 : 0) +
    0.04 / (1 + Math.log2(group.count));
  return { ...group, score: Math.min(1, score), fresh: unusual >= 0.4 };
}

const LEVEL = { error: 0.28, warning: 0.16, unknown: 0.05, info: 0 } as const;

const complaint = ({ level, troubled }: LogGroup): number => LEVEL[level] + (troubled && level !== 'error' ? 0.1 : 0);

function planned({ samples }: LogGroup, words: readonly string[]): number {
  const text = samples
    .flatMap((sample) => [sample.text, ...sample.rest].map((line) => line.slice(0, MAX_LINE)))
    .join(' ')
    .toLowerCase();
  return Math.min(0.12, words.filter((word) => text.includes(word)).length * 0.08);
}

/**
 * How little it belongs to what is always said: it is rare, or it began late, or it came in bursts, or far more often
 * since the start. What is like a common kind but for a word counts for less.
 */
function unusualness(group: LogGroup, { startedAt, from, counted }: Interest): number {
  const { count, before, firstAt, lastAt, kin } = group;
  const within = group.templates.map((template) => counted?.get(template)).find((each) => each !== undefined);
  const calm = Math.max(1000, startedAt - (within?.from ?? from));
  const after = Math.max(within?.to === undefined ? 60_000 : 1000, (within?.to ?? lastAt) - startedAt);
  const ratio = (count - before) / after / ((before + 0.5) / calm);
  const surge = count - before >= 5 && ratio >= 3 ? 1 - 2 / ratio : 0;
  if (within?.ageless === true) return surge;
  const late = lateness((firstAt - from) / (startedAt - from), count);
  const bursts = within?.from === undefined ? bursting(group.presence, before) : 0;
  return Math.max(RARITY[count] ?? 0, late, bursts, surge) * (kin ? 0.4 : 1);
}

/** By the number of lines. */
const RARITY: Readonly<Record<number, number>> = { 1: 0.95, 2: 0.75, 3: 0.5, 4: 0.3 };

/** How improbable such a late first line is for so many that come at any time: 1 at one to a thousand. */
const lateness = (share: number, count: number): number =>
  Math.min(1, Math.max(0, (-Math.min(count, 12) * Math.log10(Math.max(1e-9, 1 - Math.min(1, share)))) / 3));

/** In how many fewer parts of the time it was seen than so many lines that come at any time would be. */
function bursting(presence: number, before: number): number {
  if (before < 4) return 0;
  const expected = 1 - (11 / 12) ** before;
  return Math.max(0, (1 - presence / expected - 0.3) / 0.7);
}

/** An alert waits minutes before it fires, so its cause lies before the start rather than after it. */
function closeness({ firstAt }: LogGroup, { startedAt }: Interest): number {
  const distance = firstAt - startedAt;
  return Math.exp(-Math.abs(distance) / (distance < 0 ? 900_000 : 150_000));
}
