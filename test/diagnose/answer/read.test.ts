import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleAnswer } from '../../../src/diagnose/answer/example.ts';
import { readAnswer } from '../../../src/diagnose/answer/read.ts';
import { answerSchema } from '../../../src/diagnose/answer/schema.ts';
import { workedFor } from '../../support/worked.ts';
import { aCutAnswer, aMutation, aWholeAnswer } from './mutations.ts';
import { ANSWER, JSON_TEXT, RECOVERED, REJECTED, SAID } from './shapes.ts';

const SCHEMA = answerSchema(['restart-checkout']);
const read = (text: string, json?: unknown) => readAnswer({ text, ...(json === undefined ? {} : { json }) }, SCHEMA);

describe('the answer in what a model says', () => {
  it('stands in a table of 22 shapes to recover and 10 to reject', () => {
    expect([Object.keys(RECOVERED).length, Object.keys(REJECTED).length]).toEqual([22, 10]);
  });

  it.each(Object.entries(RECOVERED))('is recovered: %s', (name, text) => {
    const statement = SAID[name] ?? ANSWER.causes[0]?.statement;
    const causes = ANSWER.causes.map((cause, index) => (index === 0 ? { ...cause, statement } : cause));
    expect(read(text)).toMatchObject({ kind: 'answer', answer: { ...ANSWER, causes } });
  });

  it.each(Object.entries(REJECTED))('is not found where there is none: %s', (_name, text) => {
    expect(read(text)).toMatchObject({ kind: 'unreadable' });
  });

  it.each([
    ['the schema itself', JSON.stringify(SCHEMA.json)],
    ['the example of the prompt', JSON.stringify(exampleAnswer('zh-CN'))],
    ['both verdicts at once', JSON.stringify({ ...ANSWER, inconclusive: true, not_an_issue: true })],
    ['a confidence above 1', JSON_TEXT.replace('0.7', '1.01')],
    ['a confidence below 0', JSON_TEXT.replace('0.7', '-0.1')],
    ['a missing key', JSON_TEXT.replace('"severity":"critical",', '')],
    ['a draft in thinking that never ended', `<think>${JSON_TEXT}`],
    ['a draft in thinking before a cut answer', `<think>${JSON_TEXT}</think>${JSON_TEXT.slice(0, -3)}`],
    ['an answer, then a cut one', `${JSON_TEXT}\nBetter:\n${JSON_TEXT.slice(0, 200)}`],
    ['a cut one in a closed fence', `\`\`\`json\n${JSON_TEXT.slice(0, -2)}\n\`\`\``],
    [
      'one cut after a brace inside a string',
      '{"causes":[],"steps":[],"severity":null,"inconclusive":true,"not_an_issue":false,"summary":"pods of {app}',
    ],
    [
      'one whose object was left open',
      `{"inconclusive":false,"not_an_issue":false,"severity":null,"summary":"x","steps":[],"causes":${JSON.stringify(ANSWER.causes).slice(0, -1)}`,
    ],
  ])('is not found in %s', (_name, text) => {
    expect(read(text)).toMatchObject({ kind: 'unreadable' });
  });

  it('is an object that the provider hands over by itself', () => {
    expect(read('', { data: JSON_TEXT })).toMatchObject({ kind: 'answer', answer: ANSWER, repaired: false });
    expect(read(JSON_TEXT, { text: 'nothing of ours' })).toMatchObject({ kind: 'answer', answer: ANSWER });
  });

  it('says whether punctuation had to be mended', () => {
    expect(read(RECOVERED['wrapped'] ?? '')).toMatchObject({ repaired: false });
    expect(read(RECOVERED['single quotes'] ?? '')).toMatchObject({ repaired: true });
  });

  it('may speak of tags and fences in its own words', () => {
    const summary = 'The log says </think> and ```json {"a": and <think>';
    const text = JSON.stringify({ ...ANSWER, summary });
    expect(read(text)).toMatchObject({ kind: 'answer', answer: { summary } });
  });
});

describe('an unreadable answer', () => {
  it('tells the model what to mend, in our words', () => {
    const reading = read(JSON_TEXT.replace('0.7', '"70%"').replace('"safe"', '"harmless"'));
    expect(reading).toMatchObject({ kind: 'unreadable', excerpt: expect.stringContaining('70%') });
    expect(reading.kind === 'unreadable' ? reading.problems : []).toEqual([
      'causes[0].confidence: must be a number from 0 to 1',
      expect.stringMatching(/^steps\[0\]\.risk: /),
    ]);
  });

  it('is told apart when it was cut, for that is never repaired', () => {
    expect(read(REJECTED['cut although it says stop'] ?? '')).toMatchObject({ cut: true });
    expect(read(REJECTED['prose only'] ?? '')).not.toHaveProperty('cut');
  });
});

describe('any text', () => {
  it('that holds a whole answer gives exactly that answer', () => {
    fc.assert(
      fc.property(aWholeAnswer(), ({ text, json }) => {
        expect(read(text)).toEqual({ kind: 'answer', answer: JSON.parse(json), repaired: false });
      }),
      { numRuns: 300 },
    );
  });

  it('that cuts an answer, in whatever shape, is none', () => {
    fc.assert(
      fc.property(aCutAnswer(), (text) => {
        expect(read(text).kind).toBe('unreadable');
      }),
      { numRuns: 600 },
    );
  });

  it('made of broken answers throws nothing, and what is accepted keeps the rules of the form', () => {
    fc.assert(
      fc.property(aMutation(), (text) => {
        const reading = read(text);
        expect(reading.kind === 'unreadable' || SCHEMA.zod.safeParse(reading.answer).success).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it.each(Object.entries(RECOVERED))('that ends inside the answer is none, at every character: %s', (_name, text) => {
    const ending = /[Ff]alse,?(?:\s|\\n)*\}/g;
    const end = [...text.matchAll(ending)].map(({ index, 0: found }) => index + found.length).at(-1) ?? 0;
    expect(end).toBeGreaterThan(100);
    const accepted = Array.from({ length: end }, (_, at) => text.slice(0, at)).filter(
      (cut) => read(cut).kind === 'answer',
    );
    expect(accepted).toEqual([]);
  });

  const HOSTILE: Readonly<Record<string, string>> = {
    braces: '{',
    'open keys': '{"',
    'closed objects': '{"a":1}',
    'nested objects': '{"a":',
    'nested lists': '[',
    quotes: '"',
    'quotes in an object': '{"a":" "',
    fences: '```json\n{',
    thinking: '<think>',
    'both ends of thinking': '<think></think>{"',
    comments: '{/*',
    'broken brackets': '{"a":]',
    backslashes: '{"\\',
    blanks: '{          ',
  };
  it.each(Object.entries(HOSTILE))(
    'of a megabyte, or just not too long to be read, is done with soon: %s',
    (_name, unit) => {
      expect(read(unit.repeat(1_000_000 / unit.length))).toMatchObject({ problems: ['the answer is far too long'] });
      const text = unit.repeat(Math.floor(299_900 / unit.length));
      for (const hostile of [`${text}}`, `{"summary":${text}}`]) {
        expect(read(hostile).kind).toBe('unreadable');
        expect(workedFor(() => read(hostile))).toBeLessThan(500);
      }
    },
  );
});
