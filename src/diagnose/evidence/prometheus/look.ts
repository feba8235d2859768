import type { Labels } from '../../../types.ts';
import type { About } from '../source.ts';
import { rateOf } from '../stats.ts';
import type { Prometheus, RawSeries } from './client.ts';
import { type Judged, judge } from './finding.ts';
import { isCounter } from './numbers.ts';
import type { Scope } from './scope.ts';
import { togetherOf } from './together.ts';
import type { Window } from './window.ts';

/** What the series of a scope have to say. */
export interface Look {
  /** What changed around the start, most telling first. */
  readonly found: readonly Found[];
  /** Series that did not; none when most of them came or went together. */
  readonly calm: readonly Judged[];
  /** Of all series that were looked at. */
  readonly labels: readonly Labels[];
}

export interface Found {
  /** Its name; of something about all series of a scope, the scope. */
  readonly metric: string;
  readonly query: string;
  readonly score: number;
  readonly judged: readonly Judged[];
  readonly before: readonly string[];
}

const MOST_NAMES = 300;
/** More series than these are summed, and fewer names asked about. */
const MANY_SERIES = 1000;
const FEWER_NAMES = 80;
const MOST_METRICS = 8;
const LEAST_SCORE = 0.3;
/** Labels that stay when series of many pods are summed: those that tell services and results apart. */
const KEPT_LABELS =
  '__name__,namespace,service,app,job,deployment,queue,topic,consumergroup,status,code,reason,state,phase,condition';

/** Looks through the series of a scope. Rejects with `SourceFailed`. */
export async function look(
  client: Prometheus,
  scope: Scope,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<Look> {
  const matches = scope.map((one) => `{${one}}`);
  const names = byInterest(await client.names(matches, window, signal));
  if (names.length === 0) return { found: [], calm: [], labels: [] };
  const count = await client.instant(`count(${pick(names, scope)})`, window.to, signal);
  const isMany = (count[0]?.points[0]?.[1] ?? 0) > MANY_SERIES;
  const queryOf = (some: readonly string[]): string =>
    isMany ? `sum by (${KEPT_LABELS}) (${pick(some, scope)})` : pick(some, scope);
  const series = await client.range(queryOf(isMany ? names.slice(0, FEWER_NAMES) : names), window, signal);
  const judged = await judge(series.map(asRate), window, about);
  const together = togetherOf(judged, about);
  const level =
    together === undefined ? judged : judged.map(byLevel).toSorted((a, b) => b.course.score - a.course.score);
  const found = grouped(level).map((of) => {
    const metric = of[0]?.labels['__name__'] ?? '';
    return { metric, query: queryOf([metric]), score: of[0]?.course.score ?? 0, judged: of, before: [] };
  });
  const labels = series.map((one) => one.labels);
  if (together === undefined) {
    return { found, calm: judged.filter(({ course }) => course.score < LEAST_SCORE), labels };
  }
  const query = `count(${pick(names, scope)})`;
  const all = { metric: scope.join(','), query, score: together.score, judged: [], before: [together.text] };
  return { found: [all, ...found], calm: [], labels };
}

const byLevel = (one: Judged): Judged => ({ ...one, course: { ...one.course, score: one.course.levelScore } });

const pick = (names: readonly string[], scope: Scope): string =>
  scope.map((one) => `{__name__=~"${names.join('|')}",${one}}`).join(' or ');

const asRate = ({ labels, points }: RawSeries): RawSeries =>
  isCounter(labels['__name__'] ?? '') ? { labels, points: rateOf(points) } : { labels, points };

/** By metric, those of the strongest change first. */
function grouped(judged: readonly Judged[]): readonly (readonly Judged[])[] {
  const groups = new Map<string, Judged[]>();
  for (const one of judged) {
    if (one.course.score < LEAST_SCORE) continue;
    const name = one.labels['__name__'] ?? '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups.values()].slice(0, MOST_METRICS);
}

const DULL =
  /_(?:bucket|created|info|labels|annotations|owner)$|^(?:scrape_|go_(?:gc|memstats|info)|process_|promhttp_|ALERTS)/;
const TELLING =
  /err|fail|restart|oom|memory|heap|cpu|load|latency|duration|seconds|queue|lag|depth|backlog|connection|pool|wait|disk|filesystem|inode|throttl|evict|timeout|limit|saturat|reject|drop|retry|status|health|up$|success|expir|replica|thread|lock/i;

/** At most 300 names, those that usually tell something first; the order is the same every time. */
const byInterest = (names: readonly string[]): readonly string[] =>
  [...new Set(names)]
    .filter((name) => !DULL.test(name))
    .map((name) => ({ name, weight: Number(TELLING.test(name)) }))
    .toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NAMES)
    .map(({ name }) => name);
