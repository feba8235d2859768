import type { Plan } from '../../../src/diagnose/evidence/plan.ts';
import type { About } from '../../../src/diagnose/evidence/source.ts';
import { subjectOf } from '../../../src/diagnose/subject.ts';
import { factsFor } from '../world.ts';

export const START = Date.parse('2026-11-22T08:00:00Z');
export const MINUTE = 60_000;

/** An alert about some labels that began at `START`, asked about three minutes later. */
export function aboutLabels(
  labels: Readonly<Record<string, string>>,
  given: Partial<Omit<About, 'plan'>> & { readonly plan?: Partial<Plan> } = {},
): About {
  const facts = factsFor('INC-20261122-001', { labels });
  const plan: Plan = { metrics: [], logWords: [], kubernetes: [], probe: false, ...given.plan };
  return {
    facts,
    family: '',
    subject: subjectOf({ title: '', labels }),
    startedAt: START,
    now: START + 3 * MINUTE,
    locale: 'en-US',
    ...given,
    plan,
  };
}

export const soon = (): AbortSignal => AbortSignal.timeout(60_000);
