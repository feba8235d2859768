import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import type { Facts } from '../../../src/diagnose/ports.ts';
import { loadPrompt } from '../../../src/diagnose/prompt.ts';
import { assembleAsk } from '../../../src/diagnose/prompting/ask.ts';
import { fenceToolResult } from '../../../src/diagnose/prompting/tool-result.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { factsFor } from '../world.ts';
import { guessed, type Injection, PLACES, PLANTS, SECRETS } from '../../fixtures/injections/injection.ts';
import { INJECTIONS } from '../../fixtures/injections/injections.ts';
import { anyFacts, assembledFor, NONCE, packFor, verdictFor } from './packs.ts';

/** The injection where it is meant to stand, and once more where a verdict and a past incident would have it. */
function placed({ place, text: written }: Injection): {
  readonly facts: Facts;
  readonly evidence: readonly Partial<Evidence>[];
} {
  const text = guessed(written, NONCE);
  const labels = { alertname: 'KubePodCrashLooping', namespace: 'prod', pod: place === 'label' ? text : 'checkout-1' };
  const annotations: Record<string, string> = place === 'annotation' ? { description: text } : {};
  const facts = factsFor('INC-1', {
    labels,
    annotations,
    title: place === 'label' ? text : 'Crash loop',
    summary: place === 'annotation' ? text : '',
  });
  const source = { label: 'alert', annotation: 'alert', log: 'loki', runbook: 'runbook', mcp: 'mcp:tools' }[place];
  return {
    facts,
    evidence: [
      { source, title: `Found: ${text}`, query: text, text: `before\n${text}\nafter` },
      { source: 'incident', text },
    ],
  };
}

const promptWith = async (injection: Injection) => {
  const { facts, evidence } = placed(injection);
  const text = guessed(injection.text, NONCE);
  return assembledFor(packFor(facts, evidence, injection.locale), {
    examples: [verdictFor({ cause: text, reason: text, about: { title: text, summary: '', labels: {} } })],
    runbooks: [
      { id: 'crash-loop', title: text },
      { id: text, title: 'x' },
    ],
  });
};

/** Splits a prompt at its marks; throws when they do not alternate. */
function fencesOf(user: string): { readonly inside: readonly string[]; readonly outside: string } {
  const lines = user.split('\n');
  const inside: string[] = [];
  const outside: string[] = [];
  let open: string[] | undefined;
  for (const line of lines) {
    if (line.includes('<<<') || line.includes('>>>')) {
      const opens = new RegExp(
        `^<<<(?:E\\d+|[A-Z]+) nonce=${NONCE}(?: (?:kind|source|failed|cut)=[\\w:.-]+)*>>>$`,
      ).test(line);
      if (!opens && line !== `<<<END ${NONCE}>>>`) throw new Error(`a foreign mark: ${line}`);
      if (opens === (open !== undefined)) throw new Error(`marks do not alternate at ${line}`);
      if (open !== undefined) inside.push(open.join('\n'));
      open = opens ? [] : undefined;
    } else (open ?? outside).push(line);
  }
  return { inside, outside: outside.join('\n') };
}

const PLAIN_OUTSIDE =
  /^(?:INCIDENT|RULES|VERDICTS|RUNBOOKS|EVIDENCE|CONTEXT|QUESTION|Left out for lack of room: -|因篇幅未给出的证据：-|Now answer with the JSON object\.|现在请输出 JSON 对象。|)$/;

describe('the set of injections', () => {
  it('covers every place and everything that could be planted, in both languages', () => {
    expect(INJECTIONS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(INJECTIONS.map(({ id }) => id)).size).toBe(INJECTIONS.length);
    for (const locale of ['zh-CN', 'en-US'])
      for (const place of PLACES)
        expect(INJECTIONS.some((one) => one.locale === locale && one.place === place)).toBe(true);
    for (const plants of PLANTS)
      expect(INJECTIONS.filter((one) => one.plants === plants).length).toBeGreaterThanOrEqual(2);
    for (const platform of ['lark', 'wecom', 'dingtalk', 'telegram', 'slack'])
      expect(INJECTIONS.some((one) => one.platform === platform)).toBe(true);
  });

  it('has in its texts what it says it plants', () => {
    const hidden = INJECTIONS.filter(
      ({ text, planted }) => !text.includes(planted) && !text.replaceAll(/[\u200b\u2060]/g, '').includes(planted),
    );
    expect(hidden.map(({ id }) => id)).toEqual([]);
  });
});

describe.each(INJECTIONS.map((one) => [one.id, one] as const))('%s', (_id, injection) => {
  it('stays inside its fence, and never among the rules', async () => {
    const { system, user, cut } = await promptWith(injection);
    const clean = await assembledFor(packFor(anyFacts(), [], injection.locale), {
      runbooks: [{ id: 'crash-loop', title: 'x' }],
    });
    const { inside, outside } = fencesOf(user);
    expect(cut).toEqual([]);
    expect(system).toBe(clean.system);
    expect(outside.split('\n').filter((line) => !PLAIN_OUTSIDE.test(line))).toEqual([]);
    expect(inside.filter((body) => body.includes(NONCE))).toEqual([]);
    expect(inside).toHaveLength(6);
  });

  it('takes no secret with it', async () => {
    const { user, system } = await promptWith(injection);
    for (const secret of Object.values(SECRETS)) expect(user + system).not.toContain(secret);
  });

  it('is as harmless in a question, in its history and in what a tool returns', async () => {
    const { facts, evidence } = placed(injection);
    const pack = packFor(facts, evidence, injection.locale);
    const text = guessed(injection.text, NONCE);
    const redactor = createRedactor().openRequest();
    const ask = assembleAsk({
      prompt: await loadPrompt('ask', 1, injection.locale),
      question: text,
      context: {
        facts,
        evidence: pack.evidence,
        open: [facts.incident],
        diagnosis: { status: 'ready', summary: text, causes: [] },
      },
      history: [
        { by: 'person', text },
        { by: 'bot', text },
      ],
      budgetTokens: 8000,
      nonce: NONCE,
      redactor,
      policy: 'redacted',
    });
    const tool = fenceToolResult({ id: 'E9', source: text, text }, { nonce: NONCE, redactor, budgetTokens: 1000 });
    const [question, answer, last] = ask.messages;
    expect([question?.role, answer?.role, last?.role]).toEqual(['user', 'assistant', 'user']);
    for (const told of [question?.text ?? '', last?.text ?? '', tool.text])
      expect(
        fencesOf(told)
          .outside.split('\n')
          .filter((line) => !PLAIN_OUTSIDE.test(line)),
      ).toEqual([]);
    expect(answer?.text).not.toContain(NONCE);
    expect(answer?.text).not.toMatch(/<<<|>>>/);
    const all = [ask.system, tool.text, ...ask.messages.map((message) => message.text)].join('\n');
    for (const secret of Object.values(SECRETS)) expect(all).not.toContain(secret);
  });
});
