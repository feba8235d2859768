import fc from 'fast-check';
import type { Answer } from '../../../src/diagnose/answer/schema.ts';
import { RECOVERED, REJECTED } from './shapes.ts';

/** Words that a reader of JSON stumbles over. */
const AWKWARD = [
  '}',
  '{',
  '"}',
  '{"',
  ']',
  '[',
  '\\',
  '```',
  '```json',
  '<think>',
  '</think>',
  '，',
  '：',
  '“',
  '”',
  "'",
  '//',
  '/*',
  '\n',
  '0.7',
  '70%',
  'null',
  '@all',
  '\uFEFF',
  '\u2028',
];
const text = fc
  .array(
    fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 })),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => `x${parts.join('')}`);

const answer: fc.Arbitrary<Answer> = fc.record({
  summary: text,
  causes: fc.array(
    fc.record({
      statement: text,
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      evidence_ids: fc.array(text, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  steps: fc.array(
    fc.record({ text, risk: fc.constantFrom('safe', 'careful', 'dangerous'), runbook: fc.option(text) }),
    { maxLength: 3 },
  ),
  severity: fc.constantFrom('critical', 'warning', 'info', null),
  inconclusive: fc.constant(false),
  not_an_issue: fc.constant(false),
});

/** Its keys in any order: the last one may be any. */
const written = fc
  .tuple(
    answer,
    fc.shuffledSubarray(['summary', 'causes', 'steps', 'severity', 'inconclusive', 'not_an_issue'], { minLength: 6 }),
    fc.constantFrom(undefined, 2),
  )
  .map(([said, keys, indent]) =>
    JSON.stringify(Object.fromEntries(keys.map((key) => [key, Reflect.get(said, key)])), null, indent),
  );

/** What stands around an answer; a cut one ends in the middle of it, with or without what would have followed. */
const AROUND: readonly (readonly [string, string])[] = [
  ['', ''],
  ['```json\n', '\n```'],
  ['```\n', '\n```'],
  ['Here it is: ', ' Good luck!'],
  ['<think>{"summary": "…"}</think>', ''],
  ['It is {pod} </think>\n', ''],
  ['\uFEFF', ''],
  ['{"note":"x"}\n', ''],
  ['{"result": ', '}'],
  ['[', ']'],
  ['<tool_call>{"name":"x","arguments":', '}</tool_call>'],
];

/** A valid answer that nothing is missing of, somewhere in what a model says. */
export const aWholeAnswer = (): fc.Arbitrary<{ readonly text: string; readonly json: string }> =>
  fc
    .tuple(written, fc.constantFrom(...AROUND))
    // Tags of thinking inside an answer cost us the answer where it is not all that was said.
    .filter(([json]) => !json.includes('think>'))
    .map(([json, [before, after]]) => ({ text: `${before}${json}${after}`, json }));

/** A valid answer cut anywhere inside its object. */
export const aCutAnswer = (): fc.Arbitrary<string> =>
  fc
    .tuple(written, fc.nat(), fc.constantFrom(...AROUND), fc.boolean(), fc.boolean())
    .map(([whole, at, [before, after], ended, twice]) => {
      const cut = whole.slice(0, 1 + (at % (whole.length - 1)));
      const inside = before === '' && twice ? JSON.stringify(cut) : cut;
      return `${before}${inside}${ended ? after : ''}`;
    });

/** Shapes with parts taken out, doubled, swapped or put in. */
export const aMutation = (): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...Object.values(RECOVERED), ...Object.values(REJECTED)),
      fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom('drop', 'double', 'insert', 'end'), text), {
        minLength: 1,
        maxLength: 5,
      }),
    )
    .map(([shape, edits]) =>
      edits.reduce((now, [at, length, kind, put]) => edited(now, at % (now.length + 1), length, kind, put), shape),
    );

function edited(now: string, at: number, length: number, kind: string, put: string): string {
  const [before, part, after] = [now.slice(0, at), now.slice(at, at + length), now.slice(at + length)];
  if (kind === 'drop') return before + after;
  if (kind === 'double') return before + part + part + after;
  return kind === 'insert' ? before + put + part + after : before;
}
