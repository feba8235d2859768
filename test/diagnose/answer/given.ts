import { checkClaims } from '../../../src/diagnose/answer/check.ts';
import type { Answer, AnsweredCause, AnsweredStep } from '../../../src/diagnose/answer/schema.ts';
import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import { recognise } from '../../../src/diagnose/facts.ts';
import type { EvidencePack } from '../../../src/diagnose/provider.ts';
import { NOW, factsFor } from '../world.ts';

export const item = (id: string, source: string, text: string, more: Partial<Evidence> = {}): Evidence => ({
  id,
  source,
  title: source,
  text,
  at: NOW,
  ...more,
});
export const EVIDENCE: readonly Evidence[] = [
  item('E1', 'alert', 'KubePodCrashLooping namespace=shop pod=checkout-7f9c-x2x1'),
  item('E2', 'rule', 'KubePodCrashLooping'),
  item(
    'E3',
    'kubernetes',
    'checkout-7f9c-x2x1: last state OOMKilled, exit code 137, 7 restarts, limit 536870912, image checkout:v1.4.2',
  ),
  item('E4', 'prometheus', 'container_memory_working_set_bytes 503316480; ratio 0.9375; p99 0.35'),
];
export const FAILED = item('E5', 'loki', 'Loki did not answer within 8 s', { failed: true });
export const CUT = item('E6', 'changes', 'deploy of checkout 1.4.2 at 2026-11-22T07:50:03Z', { cut: true });

export function packOf(evidence: readonly Evidence[] = EVIDENCE, more: Partial<EvidencePack> = {}): EvidencePack {
  const facts = factsFor('INC-20261122-001', {
    labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'checkout-7f9c-x2x1' },
  });
  const matched = recognise(facts);
  return { ...facts, evidence, similar: [], locale: 'en-US', ...(matched === undefined ? {} : { matched }), ...more };
}

export const cause = (statement: string, confidence: number, ...evidence_ids: string[]): AnsweredCause => ({
  statement,
  confidence,
  evidence_ids,
});
export const step = (
  text: string,
  risk: AnsweredStep['risk'] = 'safe',
  runbook: string | null = null,
): AnsweredStep => ({
  text,
  risk,
  runbook,
});
export const MEMORY = 'It is killed at its memory limit of 512Mi';
export const answerWith = (more: Partial<Answer>): Answer => ({
  summary: 'The checkout pod is OOMKilled.',
  causes: [cause(MEMORY, 0.8, 'E3', 'E4')],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
  ...more,
});
export const OPTIONS = {
  runbookIds: ['restart-checkout'],
  redact: (text: string) => text.replaceAll(/hunter2/g, '⟦secret⟧'),
};
export const check = (more: Partial<Answer>, pack = packOf()) => checkClaims(answerWith(more), pack, OPTIONS);
export const causesOf = (causes: readonly AnsweredCause[], pack = packOf()) => check({ causes }, pack).draft.causes;
