import { type Answered, type Asked, type Served, serve } from './serve.ts';

export interface LokiStream {
  readonly labels: Readonly<Record<string, string>>;
  /** `at` in ms; lines of one millisecond keep their order. */
  readonly lines: readonly { readonly at: number; readonly text: string }[];
}

export interface LokiSimulator extends Served {
  /** Answers the next requests that it returns something for. */
  fault: ((asked: Asked) => Answered | undefined) | undefined;
}

/** The parts of Grafana Loki's HTTP API that read: labels, series and `query_range` of log lines. */
export async function startLoki(streams: readonly LokiStream[], limit = 5000): Promise<LokiSimulator> {
  const lines = ordered(streams);
  const routes: Record<string, (query: URLSearchParams) => Answered> = {
    '/loki/api/v1/labels': () => success([...new Set(streams.flatMap(({ labels }) => Object.keys(labels)))].toSorted()),
    '/loki/api/v1/series': (query) => success(series(streams, query)),
    '/loki/api/v1/query_range': (query) => queryRange(streams, lines, query, limit),
  };
  const state: { fault: LokiSimulator['fault'] } = { fault: undefined };
  const served = await serve((asked) => {
    const fault = state.fault?.(asked);
    if (fault !== undefined) return fault;
    const query = asked.method === 'POST' ? new URLSearchParams(asked.body) : asked.query;
    return routes[asked.path]?.(query) ?? { status: 404, body: '404 page not found\n', type: 'text/plain' };
  });
  return Object.assign(state, served);
}

const success = (data: unknown): Answered => ({ body: { status: 'success', data } });

interface Line {
  readonly ns: bigint;
  readonly text: string;
  readonly stream: number;
}

function ordered(streams: readonly LokiStream[]): readonly Line[] {
  return streams
    .flatMap(({ lines }, stream) =>
      lines.map(({ at, text }, index) => ({
        ns: BigInt(Math.floor(at)) * 1_000_000n + BigInt(index % 1_000_000),
        text,
        stream,
      })),
    )
    .toSorted((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0));
}

type Matcher = readonly [name: string, operator: string, value: string];
type Filter = readonly [operator: string, value: string];

/** Reads `{a="b",c=~"d"} |= "x" != "y" |~ "z" !~ "w"`; anything else is a parse error, as Loki's is. */
export function parseLogql(query: string): {
  readonly matchers: readonly Matcher[];
  readonly filters: readonly Filter[];
} {
  const reader = { text: query, at: 0 };
  take(reader, /\s*\{\s*/y);
  const matchers: Matcher[] = [];
  while (!tryTake(reader, /\s*\}\s*/y)) {
    if (matchers.length > 0) take(reader, /\s*,\s*/y);
    const [, name = ''] = take(reader, /([A-Za-z_][A-Za-z0-9_]*)\s*/y);
    const [, operator = ''] = take(reader, /(=~|!~|!=|=)\s*/y);
    matchers.push([name, operator, takeString(reader)]);
  }
  const filters: Filter[] = [];
  while (reader.at < query.length) {
    const [, operator = ''] = take(reader, /\s*(\|=|!=|\|~|!~)\s*/y);
    filters.push([operator, takeString(reader)]);
    tryTake(reader, /\s*/y);
  }
  if (!matchers.some(([, operator, value]) => operator.startsWith('=') && !matches(operator, value, ''))) {
    throw new Error(
      'queries require at least one regexp or equality matcher that does not have an empty-compatible value',
    );
  }
  return { matchers, filters };
}

interface Cursor {
  readonly text: string;
  at: number;
}

function tryTake(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found === null) return undefined;
  cursor.at = pattern.lastIndex;
  return found;
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray {
  const found = tryTake(cursor, pattern);
  if (found === undefined) throw new Error(`parse error at line 1, col ${cursor.at + 1}: syntax error`);
  return found;
}

const takeString = (cursor: Cursor): string => {
  const [quoted, raw] = take(cursor, /"(?:[^"\\\n]|\\.)*"|`([^`]*)`/y);
  return raw ?? (JSON.parse(quoted) as string);
};

const regexes = new Map<string, RegExp>();

function regexOf(pattern: string, anchored: boolean): RegExp {
  const key = `${anchored} ${pattern}`;
  const known = regexes.get(key);
  if (known !== undefined) return known;
  const ignoring = pattern.startsWith('(?i)');
  const bare = ignoring ? pattern.slice(4) : pattern;
  const regex = new RegExp(anchored ? `^(?:${bare})$` : bare, ignoring ? 'is' : 's');
  if (regexes.size > 500) regexes.clear();
  regexes.set(key, regex);
  return regex;
}

function matches(operator: string, value: string, actual: string): boolean {
  if (operator === '=') return actual === value;
  if (operator === '!=') return actual !== value;
  return regexOf(value, true).test(actual) === (operator === '=~');
}

function passes(filters: readonly Filter[], text: string): boolean {
  return filters.every(([operator, value]) => {
    if (operator === '|=') return text.includes(value);
    if (operator === '!=') return !text.includes(value);
    return regexOf(value, false).test(text) === (operator === '|~');
  });
}

const selected = (matchers: readonly Matcher[], { labels }: LokiStream): boolean =>
  matchers.every(([name, operator, value]) => matches(operator, value, labels[name] ?? ''));

function series(streams: readonly LokiStream[], query: URLSearchParams): readonly unknown[] {
  const [start, end] = [nanoseconds(query.get('start')), nanoseconds(query.get('end'))];
  const wanted = query.getAll('match[]').map((match) => parseLogql(match).matchers);
  return streams
    .filter(({ lines }) =>
      lines.some(
        ({ at }) => BigInt(Math.floor(at)) * 1_000_000n >= start && BigInt(Math.floor(at)) * 1_000_000n <= end,
      ),
    )
    .filter((stream) => wanted.some((matchers) => selected(matchers, stream)))
    .map(({ labels }) => labels);
}

function nanoseconds(value: string | null): bigint {
  if (value === null || !/^\d{16,19}$/.test(value)) throw new Error(`could not parse time ${value}`);
  return BigInt(value);
}

function queryRange(
  streams: readonly LokiStream[],
  lines: readonly Line[],
  query: URLSearchParams,
  most: number,
): Answered {
  const { matchers, filters } = parseLogql(query.get('query') ?? '');
  const limit = Number(query.get('limit') ?? 100);
  if (limit > most) {
    return {
      status: 400,
      body: `max entries limit per query exceeded, limit > max_entries_limit (${limit} > ${most})`,
      type: 'text/plain',
    };
  }
  const [start, end] = [nanoseconds(query.get('start')), nanoseconds(query.get('end'))];
  if (end < start)
    return { status: 400, body: 'end timestamp must not be before or equal to start time', type: 'text/plain' };
  const wanted = streams.map((stream) => selected(matchers, stream));
  const backward = (query.get('direction') ?? 'backward') === 'backward';
  const [low, high] = [firstAt(lines, start), firstAt(lines, end)];
  const results = new Map<number, [string, string][]>();
  let count = 0;
  for (let step = 0; step < high - low && count < limit; step++) {
    const line = lines[backward ? high - 1 - step : low + step];
    if (line === undefined || wanted[line.stream] !== true || !passes(filters, line.text)) continue;
    count += 1;
    const values = results.get(line.stream) ?? [];
    values.push([String(line.ns), line.text]);
    results.set(line.stream, values);
  }
  const result = [...results].map(([stream, values]) => ({ stream: streams[stream]?.labels, values }));
  return success({ resultType: 'streams', result, stats: {} });
}

/** Of the first line at or after a time. */
function firstAt(lines: readonly Line[], ns: bigint): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.ns ?? 0n) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
