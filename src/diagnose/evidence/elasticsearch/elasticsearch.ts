import type { EpochMs } from '../../../types.ts';
import { SourceFailed, faultOf } from '../failure.ts';
import type { Reader } from '../http.ts';
import { collectLogs } from '../logs/collect.ts';
import { windowOf } from '../logs/gather.ts';
import type { LogScope } from '../logs/store.ts';
import type { About, EvidenceSource } from '../source.ts';
import { listOf, within } from '../wire.ts';
import { FIELD_NAMES, type Layout, layoutOf } from './fields.ts';
import { lineOf, sourceFields } from './hits.ts';
import { all, during, questionQuery } from './query.ts';
import { type Candidate, type ElasticsearchScope, candidatesOf, scopesOf } from './scopes.ts';

export interface ElasticsearchOptions {
  readonly reader: Reader;
  /** Index pattern; the usual ones of log shippers when absent. */
  readonly indices?: string;
  /** All questions together, ms; 20 s when absent. */
  readonly timeoutMs?: number;
}

const USUAL = 'logs-*,filebeat-*,logstash-*';
const LAYOUT_KEPT_MS = 10 * 60_000;

/** Splits the configured address: the last part of its path, if any, names the indices. */
export function elasticsearchPlace(configured: string): { readonly base: string; readonly indices?: string } {
  const url = URL.parse(configured);
  const parts = url?.pathname.split('/').filter((part) => part !== '') ?? [];
  const last = parts.pop();
  if (url === null || last === undefined) return { base: configured };
  url.pathname = parts.join('/');
  return { base: url.href, indices: decodeURIComponent(last) };
}

/**
 * Logs out of Elasticsearch or OpenSearch by `_search`; which fields there are is asked by `_field_caps` every ten
 * minutes at most. What the alert says gets into a query only as a value.
 */
export function createElasticsearch({
  reader,
  indices = USUAL,
  timeoutMs = 20_000,
}: ElasticsearchOptions): EvidenceSource {
  let known: { readonly layout: Layout; readonly at: EpochMs } | undefined;
  const layoutAt = async ({ now }: About, signal: AbortSignal): Promise<Layout> => {
    if (known !== undefined && Math.abs(now - known.at) < LAYOUT_KEPT_MS) return known.layout;
    const query = { fields: FIELD_NAMES.join(','), ...LENIENT };
    const layout = layoutOf(await reader.get([indices, '_field_caps'], query, signal));
    known = { layout, at: now };
    return layout;
  };
  return {
    name: 'elasticsearch',
    timeoutMs,
    check: async (signal) => {
      const json = { size: 0, query: all([]), track_total_hits: false };
      const found = await reader.post([indices, '_search'], { query: LENIENT, json }, signal);
      if (within(found, 'hits') === undefined) throw new SourceFailed('elasticsearch', { kind: 'unreadable' });
      return [];
    },
    collect: async (about, signal) => {
      const store = { reader, indices, layout: await layoutAt(about, signal) };
      const candidates = candidatesOf(about.subject, store.layout);
      const counts = candidates.length === 0 ? [] : await countsOf(store, candidates, about, signal);
      const scopes = scopesOf(about.subject, store.layout, candidates, counts);
      return collectLogs(
        'elasticsearch',
        scopes.map((scope) => scopeOf(store, scope)),
        about,
        signal,
      );
    },
  };
}

const LENIENT = { ignore_unavailable: true, allow_no_indices: true } as const;

interface Store {
  readonly reader: Reader;
  readonly indices: string;
  readonly layout: Layout;
}

/** How many lines each candidate has around the start, in one question; none known when it cannot be answered. */
async function countsOf(
  { reader, indices, layout }: Store,
  candidates: readonly Candidate[],
  { startedAt, now }: About,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { from, to } = windowOf(startedAt, now);
  const filters = Object.fromEntries(candidates.map(({ clause }, at) => [`c${at}`, clause]));
  const json = { size: 0, query: during(layout, from, to), aggs: { scopes: { filters: { filters } } } };
  try {
    const answer = await reader.post([indices, '_search'], { query: LENIENT, json }, signal);
    return candidates.map(
      (_, at) => Number(within(answer, 'aggregations', 'scopes', 'buckets', `c${at}`, 'doc_count')) || 0,
    );
  } catch (error) {
    if (faultOf(error).kind === 'status') return [];
    throw error;
  }
}

const scopeOf = ({ reader, indices, layout }: Store, { clause: scope, asked, own }: ElasticsearchScope): LogScope => ({
  asked,
  own,
  text: (question) =>
    `POST /${indices}/_search {"query":${JSON.stringify(questionQuery(layout, scope, question))}}`.slice(0, 1200),
  ask: async (question, signal) => {
    const [time] = layout.time;
    const order = question.direction === 'forward' ? 'asc' : 'desc';
    const json = {
      size: question.limit,
      query: questionQuery(layout, scope, question),
      sort: [{ [time?.name ?? '@timestamp']: { order, unmapped_type: 'date' } }],
      _source: sourceFields(layout),
      track_total_hits: false,
    };
    const hits = within(await reader.post([indices, '_search'], { query: LENIENT, json }, signal), 'hits', 'hits');
    if (!Array.isArray(hits)) throw new SourceFailed('elasticsearch', { kind: 'unreadable' });
    const lines = listOf(hits)
      .map((hit) => lineOf(hit, layout))
      .filter((line) => line !== undefined);
    return question.direction === 'forward' ? lines : lines.toReversed();
  },
});
