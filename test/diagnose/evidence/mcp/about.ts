import type { About } from '../../../../src/diagnose/evidence/source.ts';
import { subjectOf } from '../../../../src/diagnose/subject.ts';
import { NOW, factsFor } from '../../world.ts';

export const START = NOW - 600_000;

/** An alert about a service, as a source is asked about it. */
export function aboutOf(
  labels: Readonly<Record<string, string>> = { service: 'checkout' },
  more: Partial<About> = {},
): About {
  const facts = factsFor('INC-1', { labels: { alertname: 'HighErrorRate', ...labels }, title: 'Errors: "many" {x}' });
  return {
    facts,
    family: 'latency',
    plan: { metrics: [], logWords: [], kubernetes: [], probe: false },
    subject: subjectOf(facts.incident),
    startedAt: START,
    now: NOW,
    locale: 'en-US',
    ...more,
  };
}
