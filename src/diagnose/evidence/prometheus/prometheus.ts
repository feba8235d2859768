import type { Reader } from '../http.ts';
import type { EvidenceSource, Finding } from '../source.ts';
import { createClient } from './client.ts';
import { ownExpression } from './own.ts';
import { plannedMetrics } from './planned.ts';
import { relatedSeries } from './related.ts';
import { nearLimits } from './watch.ts';
import { windowAround } from './window.ts';

export interface PrometheusOptions {
  readonly reader: Reader;
  /** All questions together, ms; 20 s when absent. */
  readonly timeoutMs?: number;
}

/**
 * Of one incident: three about the alert's own expression, five planned, three about each of three scopes, one about
 * where pods run, six about what is near a limit.
 */
const MOST_QUESTIONS = 24;

/**
 * Metrics out of a Prometheus: the alert's own expression, what is planned for its family, and what else with its
 * labels changed around the start, and what anywhere is near a limit. What an alert says gets into a query only as a quoted value; its expression is sent
 * as a parameter and nothing else of its link is used.
 */
export function createPrometheus({ reader, timeoutMs = 20_000 }: PrometheusOptions): EvidenceSource {
  return {
    name: 'prometheus',
    timeoutMs,
    check: async (signal) => {
      await createClient(reader, 1).instant('vector(1)', undefined, signal);
      return [];
    },
    collect: async (about, signal) => {
      const client = createClient(reader, MOST_QUESTIONS);
      const window = windowAround(about.startedAt, about.now);
      const [own, planned, related, near] = await Promise.all([
        ownExpression(client, about, window, signal),
        plannedMetrics(client, about, window, signal),
        relatedSeries(client, about, window, signal),
        nearLimits(client, about, window, signal),
      ]);
      const asked = [...planned.flatMap(({ query }) => query ?? []), ...near.map(({ metric }) => metric)];
      const fresh = related.filter(({ metric }) => metric === '' || !asked.some((query) => query.includes(metric)));
      const findings = [
        ...own,
        ...planned.map(({ finding }) => finding),
        ...near.map(({ finding }) => finding),
        ...fresh.map(({ finding }) => finding),
      ];
      return failuresOnce(findings);
    },
  };
}

/** One finding for all questions that failed alike: a source that is down is one fact, not twelve. */
function failuresOnce(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ failed, text }, index) => failed === undefined || findings.findIndex((one) => one.text === text) === index,
  );
}
