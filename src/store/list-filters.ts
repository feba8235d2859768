import { type RawBuilder, sql } from 'kysely';
import type { EpochMs, Labels } from '../types.ts';
import type { Engine, Handle } from './database.ts';
import { textList } from './set-wise.ts';

/** What lists of incidents and of alerts can be narrowed by. */
export interface ListFilter {
  readonly status?: readonly string[];
  readonly severity?: readonly string[];
  /** Words that must all occur, in any case. */
  readonly q?: string;
  readonly labels?: Labels;
  readonly from?: EpochMs;
  readonly to?: EpochMs;
}

interface Columns {
  /** The time that `from` and `to` are about. */
  readonly at: string;
  /** Searched for words. */
  readonly texts: readonly string[];
  /** Words elsewhere that count too: a test of a row `t` for a pattern of `like`, in lower case. */
  readonly elsewhere?: (pattern: string) => RawBuilder<boolean>;
}

/** Nobody types more. */
const MAX_WORDS = 8;

/** The conditions of a filter, to be joined with `and`. */
export function conditionsOf(
  handle: Handle,
  filter: ListFilter,
  { at, texts, elsewhere }: Columns,
): RawBuilder<boolean>[] {
  const { status, severity, q, labels, from, to } = filter;
  const words = (q ?? '').split(/\s+/u).filter((word) => word !== '');
  return [
    ...(status === undefined ? [] : [sql<boolean>`${sql.ref('t.status')} in ${textList(handle, status)}`]),
    ...(severity === undefined ? [] : [sql<boolean>`${sql.ref('t.severity')} in ${textList(handle, severity)}`]),
    ...(from === undefined ? [] : [sql<boolean>`${sql.ref(`t.${at}`)} >= ${from}`]),
    ...(to === undefined ? [] : [sql<boolean>`${sql.ref(`t.${at}`)} < ${to}`]),
    ...words.slice(0, MAX_WORDS).map((word) => contains(texts, word, elsewhere)),
    ...Object.entries(labels ?? {}).map(([name, value]) => hasLabel(handle.engine, name, value)),
  ];
}

/** `like` minds case only on PostgreSQL, hence `lower` on both sides. */
function contains(columns: readonly string[], word: string, elsewhere: Columns['elsewhere']): RawBuilder<boolean> {
  const pattern = `%${word.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  const tests = columns.map((name) => sql`lower(${sql.ref(`t.${name}`)}) like ${pattern} escape '\\'`);
  return sql<boolean>`(${sql.join(elsewhere === undefined ? tests : [...tests, elsewhere(pattern)], sql` or `)})`;
}

const hasLabel = (engine: Engine, name: string, value: string): RawBuilder<boolean> =>
  engine === 'sqlite'
    ? sql<boolean>`exists (select 1 from json_each(t.labels) as l where l.key = ${name} and l.value = ${value})`
    : sql<boolean>`t.labels::jsonb ->> ${name} = ${value}`;

/** All conditions, or the one that is always true. */
export const all = (conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> =>
  conditions.length === 0 ? sql<boolean>`1 = 1` : sql<boolean>`${sql.join([...conditions], sql` and `)}`;
