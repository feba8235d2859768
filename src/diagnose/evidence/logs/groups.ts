import { setImmediate as turn } from 'node:timers/promises';
import type { EpochMs } from '../../../types.ts';
import { type Folded, foldTraces, rootOf } from './fold.ts';
import type { Level } from './level.ts';
import { type LogLine, readLine } from './line.ts';
import { templateOf } from './mask.ts';

/** Lines that say the same thing with other numbers and names. */
export interface LogGroup {
  readonly template: string;
  readonly level: Level;
  readonly troubled: boolean;
  readonly count: number;
  /** How many of them came before the start. */
  readonly before: number;
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  /** The one nearest to the start, then the first when that is another; traces on several lines. */
  readonly samples: readonly [Folded, ...Folded[]];
  /** At most 4. */
  readonly streams: readonly string[];
}

const SLICE = 1000;
const KEY_CHARS = 400;

/**
 * Groups lines by what stays the same in them. In any order of time across streams, but each stream in order. Takes
 * time in proportion to the text and lets others run between slices of 1000 lines.
 */
export async function groupLines(lines: readonly LogLine[], startedAt: EpochMs): Promise<readonly LogGroup[]> {
  const groups = new Map<string, Growing>();
  const folded = foldTraces(lines);
  for (let from = 0; from < folded.length; from += SLICE) {
    if (from > 0) await turn();
    for (const line of folded.slice(from, from + SLICE)) add(groups, line, startedAt);
  }
  return [...groups.values()].map((group) => ({ ...group, samples: samplesOf(group), streams: [...group.streams] }));
}

interface Growing {
  readonly template: string;
  readonly level: Level;
  readonly troubled: boolean;
  count: number;
  before: number;
  firstAt: EpochMs;
  lastAt: EpochMs;
  first: Folded;
  nearest: Folded;
  readonly streams: Set<string>;
}

function add(groups: Map<string, Growing>, line: Folded, startedAt: EpochMs): void {
  const reading = readLine(line.text, line.level);
  const root = rootOf(line);
  const key = templateOf(`${reading.message.slice(0, KEY_CHARS)}${root === '' ? '' : ` … ${root.slice(0, 200)}`}`);
  const group = groups.get(key);
  const before = line.at < startedAt ? 1 : 0;
  if (group === undefined) {
    const traced = root !== '' || line.rest.length > 2;
    const level = traced && reading.level === 'unknown' ? 'error' : reading.level;
    const times = { count: 1, before, firstAt: line.at, lastAt: line.at, first: line, nearest: line };
    const streams = new Set([line.stream]);
    groups.set(key, { template: key, level, troubled: reading.troubled || traced, ...times, streams });
    return;
  }
  group.count += 1;
  group.before += before;
  if (line.at < group.firstAt) [group.firstAt, group.first] = [line.at, line];
  group.lastAt = Math.max(group.lastAt, line.at);
  if (Math.abs(line.at - startedAt) < Math.abs(group.nearest.at - startedAt)) group.nearest = line;
  if (group.streams.size < 4) group.streams.add(line.stream);
}

const samplesOf = ({ first, nearest }: Growing): readonly [Folded, ...Folded[]] =>
  first === nearest || first.text === nearest.text ? [nearest] : [nearest, first];
