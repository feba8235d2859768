import type { EpochMs } from '../../../types.ts';
import { type LogQuestion, type Parts, TROUBLE_FORMS, TROUBLE_WORDS } from '../logs/store.ts';
import type { Field, Layout } from './fields.ts';

export type Clause = Readonly<Record<string, unknown>>;

export const any = (clauses: readonly Clause[]): Clause =>
  clauses.length === 1 && clauses[0] !== undefined
    ? clauses[0]
    : { bool: { should: clauses, minimum_should_match: 1 } };

export const all = (clauses: readonly Clause[]): Clause => ({ bool: { filter: clauses } });

/** That a field has exactly this value. */
export const is = ({ exact, kind, name }: Field, value: string): Clause =>
  kind === 'words' && exact === name
    ? { match_phrase: { [name]: value.toWellFormed() } }
    : { term: { [exact]: { value: value.toWellFormed() } } };

export const during = ({ time: [time] }: Layout, from: EpochMs, to: EpochMs): Clause => ({
  range: { [time?.name ?? '@timestamp']: { gte: Math.floor(from), lte: Math.ceil(to), format: 'epoch_millis' } },
});

/** The question within some lines, as Elasticsearch's and OpenSearch's query language has it: values, never syntax. */
export function questionQuery(layout: Layout, scope: Clause, question: LogQuestion): Clause {
  const { filter, from, to, without, only } = question;
  const wanted =
    filter === 'all'
      ? []
      : [filter === 'trouble' ? trouble(layout) : any(filter.flatMap((word) => contains(layout, [word])))];
  const filters = [during(layout, from, to), scope, ...wanted, ...(only === undefined ? [] : contains(layout, only))];
  const left = without.map((parts) => all(contains(layout, parts)));
  return { bool: { filter: filters, ...(left.length === 0 ? {} : { must_not: left }) } };
}

/** One clause per part: each must stand in a message. */
const contains = ({ message, error }: Layout, parts: Parts): readonly Clause[] =>
  parts.map((part) => any([...message, ...error].map((field) => phrase(field, part))));

const phrase = ({ name, kind }: Field, part: string): Clause =>
  kind === 'words'
    ? { match_phrase: { [name]: part.toWellFormed() } }
    : {
        wildcard: {
          [name]: { value: `*${part.toWellFormed().replaceAll(/[\\*?]/g, String.raw`\$&`)}*`, case_insensitive: true },
        },
      };

const LEVELS = [
  'error',
  'err',
  'fatal',
  'critical',
  'crit',
  'severe',
  'panic',
  'emerg',
  'emergency',
  'alert',
  'warn',
  'warning',
];
const SPELLED = LEVELS.flatMap((level) => [
  level,
  level.toUpperCase(),
  `${level.charAt(0).toUpperCase()}${level.slice(1)}`,
]);
const NUMBERS = [50, 60, 40, 0, 1, 2, 3, 4];

/** By the level's field, by words in the message, or because an error is attached. */
function trouble({ level, message, error }: Layout): Clause {
  const words = [...TROUBLE_WORDS, ...TROUBLE_FORMS];
  const single = words.filter((word) => /^[a-z]+$/.test(word)).join(' ');
  const phrases = words.filter((word) => !/^[a-z]+$/.test(word));
  return any([
    ...level.map(({ name, exact, kind }) =>
      kind === 'words' && exact === name
        ? { match: { [name]: { query: LEVELS.join(' '), operator: 'or' } } }
        : { terms: { [exact]: kind === 'number' ? NUMBERS : SPELLED } },
    ),
    ...message.flatMap((field) =>
      field.kind === 'words'
        ? [
            { match: { [field.name]: { query: single, operator: 'or' } } },
            ...phrases.map((word) => phrase(field, word)),
          ]
        : TROUBLE_WORDS.map((word) => phrase(field, word)),
    ),
    ...error.map(({ name }) => ({ exists: { field: name } })),
  ]);
}
