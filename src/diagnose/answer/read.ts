import { jsonrepair } from 'jsonrepair';
import { parseJson } from '../json.ts';
import { type Candidate, candidatesIn, isCutAfter, withoutThinking } from './candidates.ts';
import type { Answer, AnswerSchema } from './schema.ts';
import { unwrapped } from './unwrap.ts';

export type Reading =
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      /** What came was no JSON until its punctuation was mended. */
      readonly repaired: boolean;
    }
  | {
      readonly kind: 'unreadable';
      /** What is wrong, for the model to mend: at most 8, in our own words. */
      readonly problems: readonly string[];
      /** The model's text without its thinking, at most 4000 characters; raw and untrusted. */
      readonly excerpt: string;
      /** It ends in the middle: to be asked again with less, never to be repaired. */
      readonly cut?: true;
    };

/** What a model may say at most, thinking included; UTF-16 units. The worst of this length takes some 50 ms. */
const MOST_TEXT = 300_000;
const MOST_PROBLEMS = 8;
const EXCERPT = 4000;

/**
 * Finds the answer in what a model said, whatever it is wrapped in, or tells why there is none. Accepts what is whole and of
 * the schema's form; a text that was cut, a draft in its thinking or a guess at what was meant is no answer. Never throws;
 * time grows with the text's length alone.
 */
export function readAnswer(
  reply: { readonly text: string; readonly json?: unknown },
  schema: Pick<AnswerSchema, 'zod'>,
): Reading {
  if (reply.json !== undefined) {
    const given = checked(reply.json, schema);
    if (given.answer !== undefined) return { kind: 'answer', answer: given.answer, repaired: false };
    if (reply.text === '') return unreadable(given.problems, JSON.stringify(reply.json) ?? '');
  }
  return reply.text.length > MOST_TEXT
    ? unreadable(['the answer is far too long'], reply.text)
    : readText(reply.text, schema);
}

function readText(raw: string, schema: Pick<AnswerSchema, 'zod'>): Reading {
  // All of it is JSON: then words such as `</think>` stand in its strings.
  const plain = checked(parseJson(raw), schema);
  if (plain.answer !== undefined) return { kind: 'answer', answer: plain.answer, repaired: false };
  const text = withoutThinking(raw);
  const { list, cut } = candidatesIn(text);
  const problems: string[] = [];
  for (const { candidate, value, repaired } of valuesOf(list)) {
    const result = checked(value, schema);
    if (result.answer === undefined) problems.push(...(problems.length === 0 ? result.problems : []));
    else if (isCutAfter(text, candidate.end)) return isCut(text);
    else return { kind: 'answer', answer: result.answer, repaired };
  }
  return cut ? isCut(text) : unreadable(problems, text);
}

/** What is JSON as it stands comes before what has to be mended. */
function* valuesOf(list: readonly Candidate[]) {
  for (const candidate of list) yield { candidate, value: parseJson(candidate.text), repaired: false };
  for (const candidate of list) yield { candidate, value: mended(candidate), repaired: true };
}

const isCut = (text: string): Reading => ({ ...unreadable(['the JSON ends in the middle'], text), cut: true });

const unreadable = (problems: readonly string[], text: string): Extract<Reading, { kind: 'unreadable' }> => ({
  kind: 'unreadable',
  problems: problems.length === 0 ? ['no complete JSON object was found'] : problems,
  excerpt: text.slice(0, EXCERPT).toWellFormed(),
});

function mended({ straight }: Candidate): unknown {
  if (straight === undefined) return undefined;
  try {
    return JSON.parse(jsonrepair(straight));
  } catch {
    return undefined;
  }
}

interface Checked {
  readonly answer?: Answer;
  readonly problems: readonly string[];
}

function checked(value: unknown, { zod }: Pick<AnswerSchema, 'zod'>): Checked {
  const inner = unwrapped(value);
  if (typeof inner !== 'object' || inner === null) return { problems: [] };
  const result = zod.safeParse(inner);
  if (result.success) return { answer: result.data, problems: [] };
  return {
    problems: result.error.issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => {
      const where = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
      return `${where === '' ? '' : `${where.replace(/^\./, '')}: `}${message}`.slice(0, 200);
    }),
  };
}
