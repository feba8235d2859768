import type { Memory } from '../../../src/diagnose/memory.ts';
import type { LikeVerdict } from '../../../src/diagnose/memory/likest.ts';
import type { Draft } from '../../../src/diagnose/provider.ts';
import type { Cause } from '../../../src/diagnose/diagnosis.ts';
import { saidKey } from '../../../src/diagnose/memory/same-cause.ts';
import { NOW } from '../world.ts';

export const verdictOn = (given: Partial<LikeVerdict> & Pick<LikeVerdict, 'cause' | 'verdict'>): LikeVerdict => ({
  incidentId: 'INC-1',
  causeKey: saidKey(given.cause),
  at: NOW,
  about: { title: 'payment restarts', summary: '', labels: {} },
  likeness: 0.6,
  ...given,
});

export const memoryOf = (given: Partial<Memory>): Memory => ({
  incidentId: 'INC-9',
  labels: { service: 'payment', namespace: 'prod' },
  tokens: [],
  verdicts: [],
  similar: [],
  evidenceOf: new Map(),
  fallback: ['E1'],
  locale: 'en-US',
  ...given,
});

export const causeOf = (statement: string, confidence: number, key = saidKey(statement)): Cause => ({
  statement,
  confidence,
  key,
  evidenceIds: ['E1'],
});

/** As a model's checked answer is. */
export const draftOf = (...causes: readonly Cause[]): Draft => ({
  status: 'ready',
  family: 'crash_loop',
  summary: 'payment restarts.',
  causes,
  steps: [],
});
