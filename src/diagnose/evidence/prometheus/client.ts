import type { EpochMs, Labels } from '../../../types.ts';
import { SourceFailed } from '../failure.ts';
import type { Query, Reader } from '../http.ts';
import type { Point } from '../stats.ts';
import { fieldsOf, listOf, stringOf } from '../wire.ts';
import type { Window } from './window.ts';

export interface RawSeries {
  readonly labels: Labels;
  /** Ascending, finite. */
  readonly points: readonly Point[];
}

/** A Prometheus, or what speaks like one (Thanos, Mimir, VictoriaMetrics). Its methods reject with `SourceFailed`. */
export interface Prometheus {
  /** Now, by its own clock, when `at` is undefined. */
  instant(query: string, at: EpochMs | undefined, signal: AbortSignal): Promise<readonly RawSeries[]>;
  range(query: string, window: Window, signal: AbortSignal): Promise<readonly RawSeries[]>;
  /** Names of metrics that have series which match any of the selectors. */
  names(matches: readonly string[], window: Window, signal: AbortSignal): Promise<readonly string[]>;
  /** The page with a query's graph; none when the address would be too long. */
  graph(query: string, window: Window): string | undefined;
}

/** More series of one answer are not read. */
const MOST_SERIES = 2000;
const MOST_NAMES = 10_000;
/** A longer query goes into a body: proxies refuse long addresses. */
const LONG_QUERY = 1500;
const MOST_CONCURRENT = 4;
/** The server gives up by itself, s. */
const SERVER_TIMEOUT_S = 8;

/**
 * Asks at most four questions at once and `budget` in all; what is over it is refused. Queries go as
 * parameters only.
 */
export function createClient(reader: Reader, budget: number): Prometheus {
  const limited = limitTo(MOST_CONCURRENT);
  let left = budget;
  const ask = async (path: readonly string[], query: Query, signal: AbortSignal): Promise<unknown> => {
    left -= 1;
    if (left < 0) throw new SourceFailed('prometheus', { kind: 'other', said: 'too many questions' });
    const isLong = stringOf(query['query']).length > LONG_QUERY;
    const body = await limited(async () =>
      isLong ? reader.post(path, { form: query }, signal) : reader.get(path, query, signal),
    );
    if (stringOf(fieldsOf(body)['status']) !== 'success') throw new SourceFailed('prometheus', { kind: 'unreadable' });
    return fieldsOf(body)['data'];
  };
  const timeout = `${SERVER_TIMEOUT_S}s`;
  return {
    instant: async (query, at, signal) =>
      seriesOf(
        await ask(['api', 'v1', 'query'], { query, time: at === undefined ? undefined : seconds(at), timeout }, signal),
      ),
    range: async (query, { from, to, stepMs }, signal) => {
      const times = { start: seconds(from), end: seconds(to), step: stepMs / 1000 };
      return seriesOf(await ask(['api', 'v1', 'query_range'], { query, ...times, timeout }, signal));
    },
    names: async (matches, { from, to }, signal) => {
      const query = { 'match[]': matches, start: seconds(from), end: seconds(to), limit: MOST_NAMES };
      const names = listOf(await ask(['api', 'v1', 'label', '__name__', 'values'], query, signal));
      return names.slice(0, MOST_NAMES).map(stringOf).filter(isMetricName);
    },
    graph: (query, window) => graphOf(reader, query, window),
  };
}

/** Others than these must be quoted in a query; nothing an exporter says goes into one unquoted or unchecked. */
const isMetricName = (name: string): boolean => /^[a-zA-Z_:][\w:]{0,199}$/.test(name);

const seconds = (at: EpochMs): number => Math.round(at) / 1000;

function graphOf(reader: Reader, query: string, { from, to }: Window): string | undefined {
  const link = reader.link(['graph'], {
    'g0.expr': query,
    'g0.tab': 0,
    'g0.range_input': `${Math.max(1, Math.round((to - from) / 60_000))}m`,
    'g0.end_input': new Date(to).toISOString().slice(0, 16).replace('T', ' '),
  });
  return link.length > 1400 ? undefined : link;
}

function seriesOf(data: unknown): readonly RawSeries[] {
  const { result, resultType } = fieldsOf(data);
  if (resultType === 'scalar') return [{ labels: labelsOf({}), points: pointsOf([result]) }];
  return listOf(result)
    .slice(0, MOST_SERIES)
    .map((one): RawSeries => {
      const { metric, value, values } = fieldsOf(one);
      return { labels: labelsOf(metric), points: pointsOf(value === undefined ? listOf(values) : [value]) };
    });
}

function labelsOf(metric: unknown): Labels {
  const labels: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(fieldsOf(metric))) labels[name] = stringOf(value);
  return labels;
}

const pointsOf = (values: readonly unknown[]): readonly Point[] =>
  values.flatMap((pair): readonly Point[] => {
    const [at, value] = listOf(pair);
    const number = Number(stringOf(value) || Number.NaN);
    return typeof at === 'number' && Number.isFinite(number) ? [[Math.round(at * 1000), number]] : [];
  });

/** Runs at most `most` at once, in the order of asking. */
function limitTo(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
