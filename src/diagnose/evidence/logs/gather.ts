import type { EpochMs } from '../../../types.ts';
import { faultOf } from '../failure.ts';
import { type LogGroup, type Span, groupLines } from './groups.ts';
import type { LogLine } from './line.ts';
import { isTooWide, partsOf } from './parts.ts';
import type { LogFilter, LogQuestion, LogScope, Parts } from './store.ts';
import type { Turns } from './turns.ts';

const MINUTE = 60_000;
const PAGE = 3000;
const ROUNDS = 8;
const MOST_WITHOUT = 40;

/** The time that logs are looked at: the hour before the start, since alerts wait before they fire, and five minutes after it. */
export const windowOf = (startedAt: EpochMs, now: EpochMs): { readonly from: EpochMs; readonly to: EpochMs } => ({
  from: startedAt - 60 * MINUTE,
  to: Math.max(startedAt + 1000, Math.min(now, startedAt + 5 * MINUTE)),
});

/** Of a kind of line that was left out from some time on. */
export interface Counted {
  /** The time within which all of its lines were counted. */
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  /** When it was first seen could not be found out. */
  readonly ageless?: true;
}

export interface Gathered {
  readonly lines: readonly LogLine[];
  /** Some time of the window was not seen to its end. */
  readonly cut: boolean;
  /** By template; the others were counted in the whole window. */
  readonly counted: ReadonlyMap<string, Counted>;
}

export interface Wanted {
  readonly filter: LogFilter;
  readonly startedAt: EpochMs;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly turns: Turns;
}

/**
 * Reads away from the start in both directions. Whenever a page is full, the next one leaves out the kinds of lines
 * that filled it and goes on where it ended, so that a few pages cover the whole time however loud the noise is; when
 * each kind that was left out was first seen is asked for apart. Rejects with the scope's error.
 */
export async function gather(scope: LogScope, wanted: Wanted, signal: AbortSignal): Promise<Gathered> {
  const [before, after] = await Promise.all([
    readAway(scope, wanted, 'backward', signal),
    readAway(scope, wanted, 'forward', signal),
  ]);
  const counted = new Map<string, Counted>();
  for (const [template, at] of before.left) counted.set(template, { from: at });
  for (const [template, at] of after.left) counted.set(template, { ...counted.get(template), to: at });
  const firsts = await firstSeen(scope, wanted, before, signal);
  for (const [template, lines] of firsts) {
    if (lines === undefined) counted.set(template, { ...counted.get(template), ageless: true });
  }
  const oldest = firsts.flatMap(([, lines]) => lines ?? []);
  return { lines: [...oldest, ...before.lines, ...after.lines], cut: before.cut || after.cut, counted };
}

interface Away {
  readonly lines: readonly LogLine[];
  readonly cut: boolean;
  readonly without: ReadonlyMap<string, Parts>;
  /** Template → where its lines were left out from then on. */
  readonly left: ReadonlyMap<string, EpochMs>;
}

async function readAway(
  scope: LogScope,
  { filter, startedAt, from, to, turns }: Wanted,
  direction: LogQuestion['direction'],
  signal: AbortSignal,
): Promise<Away> {
  const back = direction === 'backward';
  const lines: LogLine[] = [];
  const without = new Map<string, Parts>();
  const left = new Map<string, EpochMs>();
  let reached = startedAt;
  for (let round = 0; round < ROUNDS; round++) {
    const span = back ? { from, to: reached } : { from: reached, to };
    const question = { filter, ...span, direction, limit: PAGE, without: [...without.values()] };
    const { page, full } = await askPage(scope, question, round > 0, signal);
    if (back) lines.unshift(...page);
    else lines.push(...page);
    if (!full) return { lines, cut: false, without, left };
    if (page.length === 0) break;
    reached = next(reached, page, back);
    for (const [group, parts] of await loudest(page, { from, startedAt }, MOST_WITHOUT - without.size, turns)) {
      without.set(group.template, parts);
      for (const template of group.templates) left.set(template, reached);
    }
  }
  return { lines, cut: true, without, left };
}

/**
 * Asks for less when a page is too large, or the limit is above the store's own. What fails later leaves what is known:
 * an empty page, and more to see.
 */
async function askPage(
  scope: LogScope,
  question: LogQuestion,
  later: boolean,
  signal: AbortSignal,
): Promise<{ readonly page: readonly LogLine[]; readonly full: boolean }> {
  for (const limit of [question.limit, Math.ceil(question.limit / 10)]) {
    try {
      const page = await scope.ask({ ...question, limit }, signal);
      return { page, full: page.length >= limit };
    } catch (error) {
      const fault = faultOf(error);
      const tooMuch = fault.kind === 'too_large' || (fault.kind === 'status' && fault.status === 400);
      const last = !tooMuch || limit < question.limit;
      if (last && !later) throw error;
      if (last) break;
    }
  }
  return { page: [], full: true };
}

/** A page of one instant must not be asked for for ever. */
function next(reached: EpochMs, page: readonly LogLine[], back: boolean): EpochMs {
  const end = (back ? page[0]?.at : page.at(-1)?.at) ?? reached;
  return end === reached ? reached + (back ? -1 : 1) : end;
}

/** The kinds of lines that make up much of a page, each with literal parts that match no other kind on it. */
async function loudest(
  page: readonly LogLine[],
  span: Span,
  room: number,
  turns: Turns,
): Promise<readonly (readonly [LogGroup, Parts])[]> {
  const groups = await groupLines(page, span, turns);
  const loud = groups.filter(({ count }) => count >= page.length / 100).toSorted((a, b) => b.count - a.count);
  const found: (readonly [LogGroup, Parts])[] = [];
  for (const group of loud) {
    if (found.length >= room) break;
    const parts = partsOf(group);
    if (parts.join('').length >= 10 && !(await isTooWide(group, parts, groups, turns))) found.push([group, parts]);
  }
  return found;
}

/** The first line of each kind that was left out, so that an old noise is not taken for a new one. */
const firstSeen = (
  scope: LogScope,
  { from, filter }: Wanted,
  { without, left }: Away,
  signal: AbortSignal,
): Promise<readonly (readonly [string, readonly LogLine[] | undefined])[]> =>
  Promise.all(
    [...without].map(async ([template, only]) => {
      const to = left.get(template) ?? from;
      const question = { filter, from, to, direction: 'forward', limit: 1, without: [], only } as const;
      return [template, await scope.ask(question, signal).catch(() => undefined)] as const;
    }),
  );
