import type { EpochMs } from '../../../types.ts';
import { type Folded, foldTraces, rootOf } from './fold.ts';
import { type Family, alike } from './alike.ts';
import type { Level } from './level.ts';
import { type LogLine, readLine } from './line.ts';
import { templateOf } from './mask.ts';
import { type Turns, createTurns } from './turns.ts';

/** Lines that say the same thing with other numbers and names. */
export interface LogGroup {
  readonly template: string;
  /** All templates in it: more than one where words vary as well. */
  readonly templates: readonly string[];
  readonly level: Level;
  readonly troubled: boolean;
  readonly count: number;
  /** How many of them came before the start. */
  readonly before: number;
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  /** In how much of the time before the start it was seen, 0 … 1, by twelfths. */
  readonly presence: number;
  /** It is rare, and but for a word it is like one that is not. */
  readonly kin: boolean;
  /** The one nearest to the start, then the first when that is another; traces on several lines. */
  readonly samples: readonly [Folded, ...Folded[]];
  /** At most 4. */
  readonly streams: readonly string[];
}

/** An error or a warning, or words of trouble in a line that does not say its level. */
export const complains = ({ level, troubled }: Pick<LogGroup, 'level' | 'troubled'>): boolean =>
  level === 'error' || level === 'warning' || (level === 'unknown' && troubled);

/** The time that lines were read of, and when the trouble began in it. */
export interface Span {
  readonly from: EpochMs;
  readonly startedAt: EpochMs;
}

const KEY_CHARS = 400;

/**
 * Groups lines by what stays the same in them. In any order of time across streams, but each stream in order. Takes
 * time in proportion to the text, whatever it says, and lets others run every few milliseconds.
 */
export async function groupLines(
  lines: readonly LogLine[],
  span: Span,
  turns: Turns = createTurns(),
): Promise<readonly LogGroup[]> {
  const kinds = new Map<string, Growing>();
  for (const line of await foldTraces(lines, turns)) {
    if (turns.due()) await turns.next();
    add(kinds, line, span);
  }
  const groups: LogGroup[] = [];
  for (const family of await alike([...kinds.values()], turns)) {
    if (turns.due()) await turns.next();
    groups.push(merged(family));
  }
  return groups;
}

interface Growing {
  readonly template: string;
  readonly level: Level;
  readonly troubled: boolean;
  count: number;
  before: number;
  /** A bit for each twelfth of the time before the start. */
  seen: number;
  first: Folded;
  last: EpochMs;
  nearest: Folded;
  distance: number;
  readonly streams: Set<string>;
}

function add(kinds: Map<string, Growing>, line: Folded, { from, startedAt }: Span): void {
  const reading = readLine(line.text, line.level);
  const root = rootOf(line);
  const template = templateOf(`${reading.message.slice(0, KEY_CHARS)}${root === '' ? '' : ` … ${root.slice(0, 200)}`}`);
  const distance = Math.abs(line.at - startedAt);
  let kind = kinds.get(template);
  if (kind === undefined) {
    const traced = root !== '' || line.rest.length > 2;
    const level = traced && reading.level === 'unknown' ? 'error' : reading.level;
    const counts = { count: 0, before: 0, seen: 0, last: line.at };
    const samples = { first: line, nearest: line, distance, streams: new Set<string>() };
    kind = { template, level, troubled: reading.troubled || traced, ...counts, ...samples };
    kinds.set(template, kind);
  }
  kind.count += 1;
  if (line.at < startedAt) {
    kind.before += 1;
    kind.seen |= 1 << Math.max(0, Math.min(PARTS - 1, Math.floor(((line.at - from) / (startedAt - from)) * PARTS)));
  }
  if (line.at < kind.first.at) kind.first = line;
  kind.last = Math.max(kind.last, line.at);
  if (distance < kind.distance) [kind.nearest, kind.distance] = [line, distance];
  if (kind.streams.size < 4) kind.streams.add(line.stream);
}

function merged({ kinds, kin }: Family<Growing>): LogGroup {
  const loudest = kinds.reduce((a, b) => (b.count > a.count ? b : a));
  const { nearest } = kinds.reduce((a, b) => (b.distance < a.distance ? b : a));
  const { first } = kinds.reduce((a, b) => (b.first.at < a.first.at ? b : a));
  const sum = (count: (kind: Growing) => number): number => kinds.reduce((total, kind) => total + count(kind), 0);
  const levels = kinds.map(({ level }) => level);
  return {
    template: loudest.template,
    templates: kinds.map(({ template }) => template),
    level: LEVELS.find((level) => levels.includes(level)) ?? 'unknown',
    troubled: kinds.some(({ troubled }) => troubled),
    count: sum(({ count }) => count),
    before: sum(({ before }) => before),
    firstAt: first.at,
    lastAt: Math.max(...kinds.map(({ last }) => last)),
    kin,
    presence: ones(kinds.reduce((bits, { seen }) => bits | seen, 0)) / PARTS,
    samples: first === nearest || first.text === nearest.text ? [nearest] : [nearest, first],
    streams: [...new Set(kinds.flatMap(({ streams }) => [...streams]))].slice(0, 4),
  };
}

const PARTS = 12;
const LEVELS = ['error', 'warning', 'info', 'unknown'] as const;
const ones = (bits: number): number => bits.toString(2).replaceAll('0', '').length;
