import { failureFinding } from '../failure.ts';
import type { About, Finding } from '../source.ts';
import { logFindings } from './findings.ts';
import { type Gathered, gather, windowOf } from './gather.ts';
import { groupLines } from './groups.ts';
import type { LogLine } from './line.ts';
import { rankGroups } from './rank.ts';
import type { LogFilter, LogScope } from './store.ts';
import { type Turns, createTurns } from './turns.ts';

/**
 * What the logs of some scopes say around the start. Of each, what complains, what has a planned word, and all kinds of
 * lines are asked for apart, so that the loud ones hide no others. A question that fails becomes a finding; when all of
 * them fail, rejects with the first one's error.
 */
export async function collectLogs(
  source: string,
  scopes: readonly LogScope[],
  about: About,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const window = windowOf(about.startedAt, about.now);
  const words = wordsOf(about);
  const asked = scopes.flatMap((scope) => filtersOf(scope, words).map((filter) => ({ scope, filter })));
  const turns = createTurns();
  const wanted = { startedAt: about.startedAt, ...window, turns };
  const answers = await Promise.all(
    asked.map(async ({ scope, filter }): Promise<Answer> => {
      const query = scope.text({ filter, ...window, direction: 'backward', limit: 1000, without: [] });
      try {
        return { told: { query, own: scope.own, gathered: await gather(scope, { filter, ...wanted }, signal) } };
      } catch (error) {
        return { failed: { query, error } };
      }
    }),
  );
  const told = answers.flatMap((answer) => ('told' in answer ? [answer.told] : []));
  const failed = answers.flatMap((answer) => ('failed' in answer ? [answer.failed] : []));
  if (told.length === 0 && failed[0] !== undefined) throw failed[0].error;
  const failures = failed.slice(0, 1).map(({ error, query }) => failureFinding(source, error, about, query));
  return [...(await findingsOf(source, told, about, turns)), ...failures];
}

/** The family's words, at most 12; each long enough to mean something. */
const wordsOf = ({ plan }: About): readonly string[] =>
  [...new Set(plan.logWords.map((word) => word.trim()))].filter((word) => word.length >= 2).slice(0, 12);

function filtersOf({ asked }: LogScope, words: readonly string[]): readonly LogFilter[] {
  const planned = words.length === 0 ? [] : [words];
  if (asked === 'mentions') return ['all'];
  return asked === 'trouble' ? ['trouble', ...planned] : ['trouble', ...planned, 'all'];
}

type Answer = { readonly told: Told } | { readonly failed: { readonly query: string; readonly error: unknown } };

interface Told {
  readonly query: string;
  readonly own: boolean;
  readonly gathered: Gathered;
}

async function findingsOf(
  source: string,
  told: readonly Told[],
  about: About,
  turns: Turns,
): Promise<readonly Finding[]> {
  const window = windowOf(about.startedAt, about.now);
  const lines = await merged(told, turns);
  const queries = new Map<string, string>();
  for (const { query, gathered } of told) {
    for (const { stream } of gathered.lines) if (!queries.has(stream)) queries.set(stream, query);
  }
  const own = new Set(told.filter((each) => each.own).flatMap(({ gathered }) => gathered.lines.map(streamOf)));
  const counted = new Map(told.flatMap(({ gathered }) => [...gathered.counted]));
  const interest = { startedAt: about.startedAt, from: window.from, words: wordsOf(about), counted };
  const groups = await groupLines(lines, { from: window.from, startedAt: about.startedAt }, turns);
  const isOwn = (stream: string): boolean => own.has(stream);
  const ranked = await rankGroups(groups, { ...interest, isOwn }, turns);
  const query = told[0]?.query ?? '';
  const queryOf = (stream: string): string => queries.get(stream) ?? query;
  const cut = told.some(({ gathered }) => gathered.cut);
  return logFindings({ source, ranked, lines: lines.length, ...window, cut, queryOf, isOwn, query }, about);
}

const streamOf = ({ stream }: LogLine): string => stream;

/** Each line once, in order of time; lines of one instant stay as the store gave them. */
async function merged(told: readonly Told[], turns: Turns): Promise<readonly LogLine[]> {
  const seen = new Set<string>();
  const lines: LogLine[] = [];
  for (const line of told.flatMap(({ gathered }) => gathered.lines)) {
    if (turns.due()) await turns.next();
    const key = `${line.at} ${line.stream} ${line.text}`;
    if (seen.has(key)) continue;
    seen.add(key);
    lines.push(line);
  }
  return lines.toSorted((a, b) => a.at - b.at);
}
