import { describe, expect, it } from 'vitest';
import { loadPrompt } from '../../../src/diagnose/prompt.ts';
import { type AskInput, assembleAsk } from '../../../src/diagnose/prompting/ask.ts';
import { fenceToolResult } from '../../../src/diagnose/prompting/tool-result.ts';
import { estimateTokens } from '../../../src/diagnose/providers/estimate.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { anyFacts, NONCE, packFor } from './packs.ts';

async function asked(given: Partial<AskInput> = {}) {
  return assembleAsk({
    prompt: await loadPrompt('ask', 1, 'en-US'),
    question: 'why is checkout slow?',
    context: { evidence: [] },
    history: [],
    budgetTokens: 6000,
    nonce: NONCE,
    redactor: createRedactor().openRequest(),
    policy: 'redacted',
    ...given,
  });
}
const last = ({ messages }: { readonly messages: readonly { readonly text: string }[] }): string =>
  messages.at(-1)?.text ?? '';

describe('the prompt of a question', () => {
  it('ends in the question, after what is known', async () => {
    const facts = anyFacts();
    const { evidence } = packFor(facts, [{ text: 'timeouts to db-1' }], 'en-US');
    const diagnosis = {
      status: 'ready',
      summary: 'db-1 is slow',
      causes: [{ statement: 'locks', confidence: 0.6, evidenceIds: ['E1'], key: 'k' }],
    } as const;
    const ask = await asked({
      context: { facts, evidence, diagnosis, open: [{ ...facts.incident, id: 'INC-9', title: 'Disk' }] },
    });
    const text = last(ask);
    const order = [
      'id: INC-1',
      'diagnosis: ready',
      '- locks (0.6) [E1]',
      '- INC-9 critical open Disk',
      '<<<E1 nonce=',
      'timeouts to db-1',
      '<<<QUESTION nonce=',
      'why is checkout slow?',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(ask.version).toBe('ask.v1');
    expect(ask.cut).toEqual([]);
  });

  it('keeps what was said before in turns: newest kept, a person first, our own words without marks', async () => {
    const history = Array.from(
      { length: 12 },
      (_none, index) => ({ by: index % 2 === 0 ? 'person' : 'bot', text: `turn ${index}` }) as const,
    );
    const { messages } = await asked({ history: history.slice(0, 11) });
    expect(messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
      'user',
    ]);
    expect(messages[0]?.text).toContain('turn 4');
    expect(messages[1]).toEqual({ role: 'assistant', text: 'turn 5' });
  });

  it('stays within its budget however long anything is', async () => {
    const long = 'word after word '.repeat(20_000);
    const { evidence } = packFor(anyFacts(), [{ text: long }, { source: 'prometheus', text: long }], 'en-US');
    const ask = await asked({
      question: long,
      context: { facts: anyFacts(), evidence },
      history: [
        { by: 'person', text: long },
        { by: 'bot', text: long },
      ],
    });
    const sum = [ask.system, ...ask.messages.map(({ text }) => text)].reduce(
      (total, text) => total + estimateTokens(text),
      0,
    );
    expect(ask.tokens).toBe(sum);
    expect(sum).toBeLessThanOrEqual(6000);
    expect(ask.cut).toEqual(['E1', 'E2']);
  });

  it('has the person in the question under a pseudonym, the same as in the evidence', async () => {
    const redactor = createRedactor().openRequest();
    const { evidence } = packFor(anyFacts(), [{ text: 'login of ann@example.com failed' }], 'en-US');
    const ask = await asked({ question: 'what of ann@example.com?', context: { evidence }, redactor });
    expect(last(ask)).toContain('what of ⟦email-1⟧?');
    expect(last(ask)).toContain('login of ⟦email-1⟧ failed');
    expect(ask.redacted).toBe(2);
  });

  it('keeps a diagnosis to itself where only metadata may leave', async () => {
    const diagnosis = { status: 'ready', summary: 'free words', causes: [] } as const;
    expect(last(await asked({ policy: 'metadata_only', context: { evidence: [], diagnosis } }))).not.toContain(
      'free words',
    );
  });
});

describe('what a tool returns', () => {
  const limits = { nonce: NONCE, redactor: createRedactor(), budgetTokens: 300 };

  it('is fenced, redacted and cut to its tokens', () => {
    const short = fenceToolResult(
      { id: 'E7', source: 'query_metrics', text: 'up 1, password=hunter22', failed: true },
      limits,
    );
    expect(short).toEqual({
      text: `<<<E7 nonce=${NONCE} kind=tool source=query_metrics failed=yes>>>\nup 1, password=⟦secret⟧\n<<<END ${NONCE}>>>`,
      redacted: 1,
      cut: false,
    });
    const long = fenceToolResult({ id: 'E8', source: 'logs', text: '行\n'.repeat(300_000) }, limits);
    expect(long.cut).toBe(true);
    expect(long.text).toContain('cut=yes>>>');
    expect(estimateTokens(long.text)).toBeLessThanOrEqual(300);
  });
});
