import { failureFinding } from '../failure.ts';
import type { About, Finding } from '../source.ts';
import { rateOf } from '../stats.ts';
import { readableLine } from '../words.ts';
import type { Prometheus, RawSeries } from './client.ts';
import { type Judged, judge, seriesFinding } from './finding.ts';
import { isCounter, unitOf } from './numbers.ts';
import { type Scope, scopesOf } from './scope.ts';
import { togetherOf } from './together.ts';
import type { Window } from './window.ts';

/** A finding about a metric that changed near the start; without its name when it is about none in particular. */
export interface Related {
  readonly finding: Finding;
  readonly metric: string;
}

const MOST_NAMES = 300;
/** More series than these are summed, and fewer names asked about. */
const MANY_SERIES = 1000;
const FEWER_NAMES = 80;
const MOST_FOUND = 8;
const LEAST_SCORE = 0.3;
/** Labels that stay when series of many pods are summed: those that tell services and results apart. */
const KEPT_LABELS =
  '__name__,namespace,service,app,job,deployment,queue,topic,consumergroup,status,code,reason,state,phase,condition';

/**
 * Looks through the series that carry the alert's labels for those that changed around the start, and tells of the
 * ones that changed most, one finding per metric. Never rejects.
 */
export async function relatedSeries(
  client: Prometheus,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Related[]> {
  const answers = await Promise.all(
    scopesOf(about).map(async (scope): Promise<Answer> => {
      try {
        return { found: await look(client, scope, about, window, signal), failures: [] };
      } catch (error) {
        const finding = failureFinding('prometheus', error, about, `{${scope.join(',')}}`);
        return { found: [], failures: [{ finding, metric: '' }] };
      }
    }),
  );
  const found = answers.flatMap((answer) => answer.found);
  // The near scope comes first: what it tells, the wide one need not tell again.
  const once = found.filter(({ metric }, index) => found.findIndex((one) => one.metric === metric) === index);
  const best = once.toSorted((a, b) => b.score - a.score).slice(0, MOST_FOUND);
  return [
    ...best.map((one) => ({
      metric: one.judged.length === 0 ? '' : one.metric,
      finding: told(client, one, about, window),
    })),
    ...answers.flatMap(({ failures }) => failures),
  ];
}

interface Answer {
  readonly found: readonly Found[];
  readonly failures: readonly Related[];
}

interface Found {
  /** Its name; of something about all series of a scope, the scope. */
  readonly metric: string;
  readonly query: string;
  readonly score: number;
  readonly judged: readonly Judged[];
  readonly before: readonly string[];
}

async function look(
  client: Prometheus,
  scope: Scope,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const names = byInterest(await client.names(`{${scope.join(',')}}`, window, signal));
  if (names.length === 0) return [];
  const count = await client.instant(`count(${pick(names, scope)})`, window.to, signal);
  const isMany = (count[0]?.points[0]?.[1] ?? 0) > MANY_SERIES;
  const queryOf = (some: readonly string[]): string =>
    isMany ? `sum by (${KEPT_LABELS}) (${pick(some, scope)})` : pick(some, scope);
  const series = await client.range(queryOf(isMany ? names.slice(0, FEWER_NAMES) : names), window, signal);
  const judged = judge(series.map(asRate), window, about);
  const together = togetherOf(judged, about);
  const level =
    together === undefined ? judged : judged.map(byLevel).toSorted((a, b) => b.course.score - a.course.score);
  const found = grouped(level).map((of) => {
    const metric = of[0]?.labels['__name__'] ?? '';
    return { metric, query: queryOf([metric]), score: of[0]?.course.score ?? 0, judged: of, before: [] };
  });
  if (together === undefined) return found;
  const query = `count(${pick(names, scope)})`;
  return [{ metric: scope.join(','), query, score: together.score, judged: [], before: [together.text] }, ...found];
}

const byLevel = (one: Judged): Judged => ({ ...one, course: { ...one.course, score: one.course.levelScore } });

const pick = (names: readonly string[], scope: Scope): string => `{__name__=~"${names.join('|')}",${scope.join(',')}}`;

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
  return [...groups.values()].slice(0, MOST_FOUND);
}

const DULL =
  /_(?:bucket|created|info|labels|annotations|owner)$|^(?:scrape_|go_(?:gc|memstats|info)|process_|promhttp_|ALERTS)/;
const TELLING =
  /err|fail|restart|oom|memory|heap|cpu|load|latency|duration|seconds|queue|lag|depth|backlog|connection|pool|wait|disk|filesystem|inode|throttl|evict|timeout|limit|saturat|reject|drop|retry|status|health|up$|success|expir|replica|thread|lock/i;

/** At most 300 names, those that usually tell something first; the order is the same every time. */
const byInterest = (names: readonly string[]): readonly string[] =>
  names
    .filter((name) => !DULL.test(name))
    .map((name) => ({ name, weight: Number(TELLING.test(name)) }))
    .toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NAMES)
    .map(({ name }) => name);

const TITLE = { 'zh-CN': '同时发生的变化', 'en-US': 'Changed around the start' } as const;

const told = (
  client: Prometheus,
  { metric, query, score, judged, before }: Found,
  about: About,
  window: Window,
): Finding =>
  seriesFinding(
    client,
    {
      title: `${TITLE[about.locale]} · ${readableLine(metric, 120)}`,
      query,
      unit: unitOf(metric),
      judged,
      before,
      window,
      relevance: 0.3 + 0.55 * score,
      most: 3,
    },
    about,
  );
