import { describe, expect, it } from 'vitest';
import { exampleAnswer } from '../../../src/diagnose/answer/example.ts';
import { answerSchema } from '../../../src/diagnose/answer/schema.ts';
import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import { loadPrompt } from '../../../src/diagnose/prompt.ts';
import type { Draft, EvidencePack } from '../../../src/diagnose/provider.ts';
import { assemblePrompt } from '../../../src/diagnose/prompting/assemble.ts';
import { draftOf } from '../../../src/diagnose/providers/rules.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { workedFor } from '../../support/worked.ts';
import { HOSTILE } from './hostile.ts';
import { anyFacts, NONCE, packFor, verdictFor } from './packs.ts';

const LIMIT_MS = 50;
const prompt = await loadPrompt('diagnose', 1, 'en-US');
const schema = answerSchema([]).json;

/** How long the event loop stands still for one prompt; what the rules said of it is stored by then. */
function assembledIn(evidence: readonly Partial<Evidence>[], words: string): number {
  const pack = packFor(anyFacts(), evidence, 'en-US');
  const rules = draftOf(pack);
  return workedFor(() => assembleOnce(pack, rules, words));
}

function assembleOnce(pack: EvidencePack, rules: Draft, words: string): void {
  const redactor = createRedactor({ policy: 'metadata_only', secrets: ['aaaaaaaaaa', 'password1'] }).openRequest();
  assemblePrompt({
    prompt,
    pack,
    rules,
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
    const one = assembledIn([{ text }], text);
    const parts = Array.from({ length: 10 }, (_none, index) => ({
      text: text.slice(index * 20_000, (index + 1) * 20_000),
    }));
    const many = assembledIn(parts, text);
    measured.push({ name, ms: Math.max(one, many) });
    expect(Math.max(one, many)).toBeLessThan(LIMIT_MS);
  });

  it('read no more than that, however much there is', () => {
    const [, text = ''] = HOSTILE.find(([name]) => name === 'key-like, wrapped') ?? [];
    const evidence = Array.from({ length: 60 }, () => ({ text }));
    expect(assembledIn(evidence, text)).toBeLessThan(LIMIT_MS);
  });

  it('were all measured', () => {
    const [worst] = measured.toSorted((a, b) => b.ms - a.ms);
    console.log(`slowest of ${measured.length} hostile texts: ${worst?.name}, ${worst?.ms.toFixed(1)} ms`);
    expect(measured).toHaveLength(HOSTILE.length);
  });
});
