import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkClaims } from '../../../src/diagnose/answer/check.ts';
import type { Answer } from '../../../src/diagnose/answer/schema.ts';
import { workedFor } from '../../support/worked.ts';
import { EVIDENCE, FAILED, OPTIONS, answerWith, cause, item, packOf } from './given.ts';

describe('whatever a model says', () => {
  const PLANTED = [
    'https://evil.example/pay',
    '@all',
    '@所有人',
    '<at id=all></at>',
    '<!channel>',
    'hunter2',
    '[x](http://evil.com)',
    'rm -rf /',
    'kubectl delete ns shop',
    'E99',
    '\u202E',
    '`',
    '。',
    '. ',
    ' ',
    'E3',
    '512Mi',
    '<script>',
    '\n',
  ];
  const text = fc
    .array(
      fc.oneof(fc.constantFrom(...PLANTED), fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 3 })),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join(' '));
  const answer: fc.Arbitrary<Answer> = fc.record({
    summary: text,
    causes: fc.array(
      fc.record({
        statement: text,
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        evidence_ids: fc.array(fc.oneof(text, fc.constantFrom('E1', 'E2', 'E3', 'E4', 'E5')), { maxLength: 4 }),
      }),
      { maxLength: 6 },
    ),
    steps: fc.array(
      fc.record({
        text,
        risk: fc.constantFrom('safe', 'careful', 'dangerous'),
        runbook: fc.option(fc.oneof(text, fc.constant('restart-checkout'))),
      }),
      { maxLength: 8 },
    ),
    severity: fc.constantFrom('critical', 'warning', 'info', null),
    inconclusive: fc.boolean(),
    not_an_issue: fc.boolean(),
  });

  it('becomes a draft that is true to the evidence and harmless to show', () => {
    const pack = packOf([...EVIDENCE, FAILED]);
    fc.assert(
      fc.property(answer, (said) => {
        const { draft } = checkClaims(said, pack, OPTIONS);
        const shown = [
          draft.summary,
          ...draft.causes.map(({ statement }) => statement),
          ...draft.steps.map((one) => one.text),
        ];
        for (const words of shown) {
          expect(words).not.toMatch(/:\/\/|\]\(|[@<>`]|hunter2|evil\.example|rm -rf|kubectl delete|\n/);
          expect(words.length).toBeGreaterThan(0);
        }
        expect(draft.causes.length).toBeLessThanOrEqual(3);
        expect(draft.steps.length).toBeLessThanOrEqual(5);
        for (const { confidence, evidenceIds, unverified } of draft.causes) {
          expect(evidenceIds.every((id) => pack.evidence.some((one) => one.id === id))).toBe(true);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(evidenceIds.length === 0 || unverified === true ? 0.6 : 0.95);
        }
        expect(draft.status === 'ready').toBe(draft.causes.length > 0);
        expect(checkClaims(said, pack, OPTIONS).draft).toEqual(draft);
      }),
      { numRuns: 400 },
    );
  });

  it('is checked within 50 ms against 200 KB of evidence', () => {
    const noise = Array.from({ length: 25 }, (_, index) =>
      item(`E${index + 10}`, 'loki', `2026-11-22T07:52:1${index % 10}Z host-${index} took 12.5 ms; `.repeat(160)),
    );
    const pack = packOf([...EVIDENCE, ...noise]);
    const said = answerWith({
      summary: 'x-1 9.75 host-99 8.75 '.repeat(180),
      causes: Array.from({ length: 12 }, (_, index) => cause(`y-${index} 3.33 `.repeat(400), 0.5, 'E3')),
    });
    checkClaims(said, pack, OPTIONS);
    expect(workedFor(() => checkClaims(said, pack, OPTIONS))).toBeLessThan(50);
  });
});
