import { SourceFailed } from '../failure.ts';
import type { Query, Reader } from '../http.ts';
import type { LogLine } from '../logs/line.ts';
import { type LogQuestion, type LogScope, type Parts, TROUBLE_WORDS } from '../logs/store.ts';
import { fieldsOf, listOf, stringOf, within } from '../wire.ts';
import { logqlRegex, logqlString } from './logql.ts';
import type { LokiScope } from './scopes.ts';

/** Lines of one selection of streams, by `query_range`. */
export const lokiScope = (reader: Reader, scope: LokiScope): LogScope => ({
  asked: scope.asked,
  own: scope.own,
  text: (question) => logqlOf(scope, question),
  ask: async (question, signal) => {
    const query = {
      query: logqlOf(scope, question),
      start: `${Math.floor(question.from)}000000`,
      // The end is exclusive.
      end: `${Math.floor(question.to) + 1}000000`,
      limit: question.limit,
      direction: question.direction,
    };
    return linesOf(await asked(reader, query, signal), question.direction);
  },
});

const PATH = ['loki', 'api', 'v1', 'query_range'];

/** What is too long for an address goes as a form; Loki takes both. */
const asked = (reader: Reader, query: Query & { readonly query: string }, signal: AbortSignal): Promise<unknown> =>
  query.query.length <= 1500 ? reader.get(PATH, query, signal) : reader.post(PATH, { form: query }, signal);

function logqlOf({ selector, mention }: LokiScope, { filter, without, only }: LogQuestion): string {
  const words = filter === 'trouble' ? TROUBLE_WORDS : filter === 'all' ? [] : filter;
  const level = filter === 'trouble' ? String.raw`|"level":\s*[56]0\b` : '';
  const wanted = words.length === 0 ? '' : ` |~ ${logqlString(`(?i)(${words.map(logqlRegex).join('|')}${level})`)}`;
  const named = mention === undefined ? '' : ` |~ ${logqlString(`(?i)${logqlRegex(mention)}`)}`;
  const left = without.map((parts) => ` !~ ${logqlString(inOrder(parts))}`).join('');
  return `${selector}${named}${only === undefined ? '' : ` |~ ${logqlString(inOrder(only))}`}${left}${wanted}`;
}

const inOrder = (parts: Parts): string => parts.map(logqlRegex).join('.*');

/** Streams come one after another, each newest first when read backwards: put into one order, the oldest first. */
function linesOf(answer: unknown, direction: LogQuestion['direction']): readonly LogLine[] {
  const lines = streamsIn(answer).flatMap(({ stream, values }) => {
    const [name, level] = [nameOf(stream), levelOf(stream)];
    const read = values.map((value) => lineOf(value, name, level)).filter((line) => line !== undefined);
    return direction === 'backward' ? read.toReversed() : read;
  });
  return lines.toSorted((a, b) => a.at - b.at);
}

type Stream = Readonly<Record<string, unknown>>;

function streamsIn(answer: unknown): readonly { readonly stream: Stream; readonly values: readonly unknown[] }[] {
  const result = within(answer, 'data', 'result');
  if (!Array.isArray(result)) throw new SourceFailed('loki', { kind: 'unreadable' });
  return result.map((item: unknown) => ({
    stream: fieldsOf(within(item, 'stream')),
    values: listOf(within(item, 'values')),
  }));
}

/** Nanoseconds as a string; the fraction keeps lines of one millisecond apart. */
function lineOf(value: unknown, stream: string, level: string | undefined): LogLine | undefined {
  if (!Array.isArray(value)) return undefined;
  const [time, text]: readonly unknown[] = value;
  const ms = typeof time === 'string' ? Number(time) / 1e6 : Number.NaN;
  if (typeof text !== 'string' || !Number.isFinite(ms)) return undefined;
  return { at: ms, text, stream, ...(level === undefined ? {} : { level }) };
}

/** `shop/checkout-7d9f8b6c5-x2x4q`, as people say it. */
function nameOf(stream: Stream): string {
  const first = (names: readonly string[]): string =>
    names.map((name) => stringOf(stream[name])).find((value) => value !== '') ?? '';
  const namespace = first(['namespace', 'kubernetes_namespace_name', 'k8s_namespace_name']);
  const thing = first([
    'pod',
    'pod_name',
    'kubernetes_pod_name',
    'k8s_pod_name',
    'service_name',
    'app',
    'service',
    'job',
    'host',
    'hostname',
    'filename',
  ]);
  const container = first(['container', 'container_name']);
  const parts = [namespace, thing, container !== '' && !thing.startsWith(container) ? container : ''];
  return parts.filter((part) => part !== '').join('/') || Object.values(stream).slice(0, 3).join('/');
}

const levelOf = (stream: Stream): string | undefined =>
  ['level', 'detected_level', 'severity'].map((name) => stringOf(stream[name])).find((value) => value !== '');
