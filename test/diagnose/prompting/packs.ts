import { exampleAnswer } from '../../../src/diagnose/answer/example.ts';
import { answerSchema } from '../../../src/diagnose/answer/schema.ts';
import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import { recognise } from '../../../src/diagnose/facts.ts';
import type { Facts, Verdict } from '../../../src/diagnose/ports.ts';
import { loadPrompt } from '../../../src/diagnose/prompt.ts';
import { type AssembleInput, assemblePrompt, type Assembled } from '../../../src/diagnose/prompting/assemble.ts';
import type { EvidencePack } from '../../../src/diagnose/provider.ts';
import { draftOf } from '../../../src/diagnose/providers/rules.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import type { Locale } from '../../../src/types.ts';
import { factsFor, NOW } from '../world.ts';

export const NONCE = '9f2c61d07be5';

export function packFor(facts: Facts, evidence: readonly Partial<Evidence>[], locale: Locale): EvidencePack {
  const matched = recognise(facts);
  return {
    ...facts,
    evidence: evidence.map((item, index) => ({
      id: `E${index + 1}`,
      source: 'loki',
      title: 'Log',
      text: '',
      at: NOW,
      ...item,
    })),
    similar: [],
    locale,
    ...(matched === undefined ? {} : { matched }),
  };
}

export const anyFacts = (): Facts =>
  factsFor('INC-1', {
    labels: {
      alertname: 'KubePodCrashLooping',
      namespace: 'prod',
      pod: 'checkout-7d9f8b6c5d-x2x4k',
      service: 'checkout',
    },
    summary: 'Pod restarts again and again',
  });

export const verdictFor = (given: Partial<Verdict>): Verdict => ({
  incidentId: 'INC-0',
  causeKey: 'crash_loop/config',
  cause: 'A changed configuration',
  verdict: 'confirmed',
  at: NOW - 86_400_000,
  about: { title: 'checkout restarts', summary: '', labels: {} },
  ...given,
});

/** A prompt as the bot would assemble it. */
export async function assembledFor(pack: EvidencePack, given: Partial<AssembleInput> = {}): Promise<Assembled> {
  return assemblePrompt({
    prompt: await loadPrompt('diagnose', 1, pack.locale),
    pack,
    rules: draftOf(pack),
    examples: [],
    runbooks: [],
    schema: answerSchema(['crash-loop']).json,
    example: exampleAnswer(pack.locale),
    budgetTokens: 8000,
    nonce: NONCE,
    redactor: createRedactor().openRequest(),
    policy: 'redacted',
    ...given,
  });
}
