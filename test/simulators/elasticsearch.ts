import { type Answered, type Asked, type Served, serve } from './serve.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ElasticsearchWorld {
  readonly index: string;
  /** `keyword`, `text` (with `.keyword` when `text+keyword`), `date`, `long`. */
  readonly mapping: Readonly<Record<string, 'keyword' | 'text' | 'text+keyword' | 'date' | 'long'>>;
  /** Flat documents: names with dots are fields, as the mapping has them. */
  readonly documents: readonly Readonly<Record<string, string | number>>[];
}

export interface ElasticsearchSimulator extends Served {
  fault: ((asked: Asked) => Answered | undefined) | undefined;
}

interface Entry {
  readonly id: number;
  readonly at: number;
  readonly source: Readonly<Record<string, string | number>>;
  /** Of text fields: their words between spaces. */
  readonly words: Map<string, string>;
}

/** The parts of Elasticsearch's API that search logs: `_field_caps` and `_search` with a part of its query language. */
export async function startElasticsearch(world: ElasticsearchWorld): Promise<ElasticsearchSimulator> {
  const time = Object.entries(world.mapping).find(([, type]) => type === 'date')?.[0] ?? '@timestamp';
  const entries = world.documents
    .map((source, id) => ({ id, at: timeOf(source[time]), source, words: new Map<string, string>() }))
    .toSorted((a, b) => a.at - b.at);
  const state: { fault: ElasticsearchSimulator['fault'] } = { fault: undefined };
  const served = await serve((asked) => state.fault?.(asked) ?? answer(world, { entries, time }, asked));
  return Object.assign(state, served);
}

const timeOf = (value: unknown): number => (typeof value === 'number' ? value : Date.parse(String(value)));

interface Index {
  readonly entries: readonly Entry[];
  readonly time: string;
}

function answer(world: ElasticsearchWorld, index: Index, asked: Asked): Answered {
  const [, pattern = '', endpoint] = asked.path.split('/');
  const hit = pattern.split(',').some((each) => new RegExp(`^${each.replaceAll('*', '.*')}$`).test(world.index));
  if (!hit && asked.query.get('ignore_unavailable') !== 'true') {
    return error(404, 'index_not_found_exception', `no such index [${pattern}]`);
  }
  if (endpoint === '_field_caps') return { body: caps(world, hit ? (asked.query.get('fields') ?? '').split(',') : []) };
  if (endpoint !== '_search' || asked.method !== 'POST')
    return error(405, 'method', `no handler for ${asked.method} ${asked.path}`);
  return search(world, hit ? index : { ...index, entries: [] }, JSON.parse(asked.body) as Json);
}

const error = (status: number, type: string, reason: string): Answered => ({
  status,
  body: { error: { type, reason, root_cause: [{ type, reason }] }, status },
});

function caps({ index, mapping }: ElasticsearchWorld, wanted: readonly string[]): Json {
  const fields: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(mapping)) {
    const put = (field: string, kind: string): void => {
      if (wanted.includes(field))
        fields[field] = { [kind]: { type: kind, searchable: true, aggregatable: kind !== 'text' } };
    };
    put(name, type === 'text+keyword' ? 'text' : type);
    if (type === 'text+keyword') put(`${name}.keyword`, 'keyword');
  }
  return { indices: [index], fields };
}

function search(world: ElasticsearchWorld, { entries, time }: Index, body: Json): Answered {
  const size = Number(body['size'] ?? 10);
  if (size > 10_000) return error(400, 'illegal_argument_exception', 'Result window is too large');
  const test = compile(body['query'] as Json, world);
  const [low, high] = bounds(entries, body['query'] as Json, time);
  const order = Object.values((body['sort'] as Json[] | undefined)?.[0] ?? {})[0] as { order?: string } | undefined;
  const back = order?.order === 'desc';
  const found: Entry[] = [];
  const aggs = compileAggs(body['aggs'] as Json | undefined, world);
  for (let step = 0; step < high - low; step++) {
    const entry = entries[back ? high - 1 - step : low + step];
    if (entry === undefined || !test(entry)) continue;
    aggs.count(entry);
    if (found.length < size) found.push(entry);
    else if (aggs.empty) break;
  }
  const hits = found.map(({ id, at, source }) => ({
    _index: world.index,
    _id: String(id),
    _score: null,
    _source: source,
    sort: [at],
  }));
  return {
    body: {
      took: 1,
      timed_out: false,
      _shards: { total: 1, successful: 1, failed: 0 },
      hits: { max_score: null, hits },
      ...aggs.result(),
    },
  };
}

/** The range of time in the outermost filter spares looking at all documents. */
function bounds(entries: readonly Entry[], query: Json, time: string): readonly [number, number] {
  const bool = query['bool'] as Json | undefined;
  const filters = [query, ...list(bool?.['filter'])] as Json[];
  const range = filters
    .map((each) => (each['range'] as Json | undefined)?.[time] as Json | undefined)
    .find((each) => each !== undefined);
  if (range === undefined) return [0, entries.length];
  const after = (at: number): number => {
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle]?.at ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [after(Number(range['gte'])), after(Number(range['lte']) + 1)];
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

type Test = (entry: Entry) => boolean;

/** Anything that is not known is refused as Elasticsearch refuses it, so that nothing passes unseen. */
function compile(query: Json, world: ElasticsearchWorld): Test {
  const entries = Object.entries(query);
  const [first] = entries;
  if (entries.length !== 1 || first === undefined) throw new Error('parsing_exception: a query has exactly one name');
  const [name, body] = first as [string, Json];
  if (name === 'match_all') return () => true;
  if (name === 'bool') return compileBool(body, world);
  if (name === 'exists') return ({ source }) => source[String(body['field'])] !== undefined;
  const [field, value] = (Object.entries(body)[0] ?? []) as [string, unknown];
  const make = LEAVES[name];
  if (make === undefined || field === undefined) throw new Error(`parsing_exception: unknown query [${name}]`);
  return make(field, value, world);
}

function compileBool(body: Json, world: ElasticsearchWorld): Test {
  const part = (name: string): readonly Test[] => list(body[name]).map((each) => compile(each as Json, world));
  const unknown = Object.keys(body).filter(
    (key) => !['filter', 'must', 'should', 'must_not', 'minimum_should_match'].includes(key),
  );
  if (unknown.length > 0) throw new Error(`parsing_exception: [bool] does not support [${unknown.join()}]`);
  const [every, some, none] = [[...part('filter'), ...part('must')], part('should'), part('must_not')];
  const least = Number(body['minimum_should_match'] ?? (every.length === 0 && some.length > 0 ? 1 : 0));
  return (entry) =>
    every.every((test) => test(entry)) &&
    (least === 0 || some.some((test) => test(entry))) &&
    !none.some((test) => test(entry));
}

const LEAVES: Readonly<Record<string, (field: string, value: unknown, world: ElasticsearchWorld) => Test>> = {
  range: (field, value) => {
    const { gte, lte } = value as { gte: number; lte: number };
    return ({ source }) => timeOf(source[field]) >= gte && timeOf(source[field]) <= lte;
  },
  term: (field, value, world) => {
    const wanted = bare(value);
    return (entry) => exact(entry, field, world) === wanted;
  },
  terms: (field, value, world) => {
    const wanted = new Set(value as unknown[]);
    return (entry) => wanted.has(exact(entry, field, world) ?? Symbol.for('none'));
  },
  prefix: (field, value, world) => (entry) => String(exact(entry, field, world) ?? '').startsWith(String(bare(value))),
  wildcard: (field, value, world) => {
    const { value: pattern, case_insensitive: loose } = value as { value: string; case_insensitive?: boolean };
    const source = pattern.replaceAll(/\\([\\*?])|([*?])|[.+^${}()|[\]]/g, (all, escaped?: string, wild?: string) =>
      escaped === undefined ? (wild === undefined ? `\\${all}` : wild === '*' ? '.*' : '.') : `\\${escaped}`,
    );
    const regex = new RegExp(`^${source}$`, loose === true ? 'is' : 's');
    return (entry) => regex.test(String(exact(entry, field, world) ?? ''));
  },
  match_phrase: (field, value, world) => {
    if (world.mapping[field] === 'keyword') return (entry) => entry.source[field] === bare(value);
    const wanted = wordsIn(String(bare(value)));
    return (entry) => wanted !== ' ' && words(entry, field).includes(wanted);
  },
  match: (field, value) => {
    const { query, operator = 'or' } =
      typeof value === 'object' ? (value as { query: string; operator?: string }) : { query: value as string };
    const wanted = wordsIn(query)
      .trim()
      .split(' ')
      .map((word) => ` ${word} `);
    return (entry) => {
      const all = words(entry, field);
      return operator === 'and'
        ? wanted.every((word) => all.includes(word))
        : wanted.some((word) => all.includes(word));
    };
  },
};

const bare = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? ((value as Json)['value'] ?? (value as Json)['query']) : value;

/** Values compare exactly only in keyword fields; a term in a text field is compared with its words. */
function exact(entry: Entry, field: string, { mapping }: ElasticsearchWorld): string | number | undefined {
  const base = field.endsWith('.keyword') ? field.slice(0, -8) : field;
  if (mapping[base] === undefined) return undefined;
  if (field === base && (mapping[base] === 'text' || mapping[base] === 'text+keyword')) return undefined;
  return entry.source[base];
}

function words(entry: Entry, field: string): string {
  const known = entry.words.get(field);
  if (known !== undefined) return known;
  const made = wordsIn(String(entry.source[field] ?? ''));
  entry.words.set(field, made);
  return made;
}

/** As the standard analyzer has them: letters and digits with dots and apostrophes inside, each Han character alone. */
const wordsIn = (text: string): string =>
  ` ${(text.toLowerCase().match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}_])+(?:[.'](?:(?!\p{Script=Han})[\p{L}\p{N}_])+)*/gu) ?? []).join(' ')} `;

function compileAggs(aggs: Json | undefined, world: ElasticsearchWorld) {
  const [name, body] = (Object.entries(aggs ?? {})[0] ?? []) as [string | undefined, Json | undefined];
  const filters = ((body?.['filters'] as Json | undefined)?.['filters'] ?? {}) as Record<string, Json>;
  const tests = Object.entries(filters).map(([key, query]) => ({ key, test: compile(query, world), count: 0 }));
  return {
    empty: name === undefined,
    count: (entry: Entry): void => {
      for (const each of tests) if (each.test(entry)) each.count += 1;
    },
    result: (): Json =>
      name === undefined
        ? {}
        : {
            aggregations: {
              [name]: { buckets: Object.fromEntries(tests.map(({ key, count }) => [key, { doc_count: count }])) },
            },
          },
  };
}
