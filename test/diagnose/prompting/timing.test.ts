import { describe, expect, it } from 'vitest';
import { exampleAnswer } from '../../../src/diagnose/answer/example.ts';
import { answerSchema } from '../../../src/diagnose/answer/schema.ts';
import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import { loadPrompt } from '../../../src/diagnose/prompt.ts';
import { assemblePrompt } from '../../../src/diagnose/prompting/assemble.ts';
import { draftOf } from '../../../src/diagnose/providers/rules.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { workedFor } from '../../support/worked.ts';
import { HOSTILE } from './hostile.ts';
import { anyFacts, NONCE, packFor, verdictFor } from './packs.ts';

const LIMIT_MS = 50;
const prompt = await loadPrompt('diagnose', 1, 'en-US');
const schema = answerSchema([]).json;

function assembleOnce(evidence: readonly Partial<Evidence>[], words: string): void {
  const pack = packFor(anyFacts(), evidence, 'en-US');
  const redactor = createRedactor({ policy: 'metadata_only', secrets: ['aaaaaaaaaa', 'password1'] }).openRequest();
  assemblePrompt({
    prompt,
    pack,
    rules: draftOf(pack),
    examples: [verdictFor({ cause: words, reason: words })],
    runbooks: [],
    schema,
    example: exampleAnswer('en-US'),
    budgetTokens: 24_000,
    nonce: NONCE,
    redactor,
    policy: 'redacted',
  });
}

describe('redaction and assembly of 200 KB', () => {
  const measured: { readonly name: string; readonly ms: number }[] = [];

  it.each(HOSTILE)('hold up the event loop for less than 50 ms: %s', (name, text) => {
    const one = workedFor(() => assembleOnce([{ text }], text));
    const parts = Array.from({ length: 10 }, (_none, index) => ({
      text: text.slice(index * 20_000, (index + 1) * 20_000),
    }));
    const many = workedFor(() => assembleOnce(parts, text));
    measured.push({ name, ms: Math.max(one, many) });
    expect(Math.max(one, many)).toBeLessThan(LIMIT_MS);
  });

  it('read no more than that, however much there is', () => {
    const [, text = ''] = HOSTILE.find(([name]) => name === 'key-like, wrapped') ?? [];
    expect(
      workedFor(() =>
        assembleOnce(
          Array.from({ length: 60 }, () => ({ text })),
          text,
        ),
      ),
    ).toBeLessThan(LIMIT_MS);
  });

  it('were all measured', () => {
    const [worst] = measured.toSorted((a, b) => b.ms - a.ms);
    console.log(`slowest of ${measured.length} hostile texts: ${worst?.name}, ${worst?.ms.toFixed(1)} ms`);
    expect(measured).toHaveLength(HOSTILE.length);
  });
});
