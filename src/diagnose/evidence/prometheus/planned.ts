import { failureFinding } from '../failure.ts';
import type { PlannedMetric } from '../plan.ts';
import { fill } from '../promql.ts';
import type { About, Finding } from '../source.ts';
import type { Prometheus } from './client.ts';
import { judge, seriesFinding } from './finding.ts';
import type { Window } from './window.ts';

/** A finding about a planned metric, and the query that had an answer. */
export interface Planned {
  readonly finding: Finding;
  readonly query?: string;
}

/** What the metrics of the family's plan say; one without series says nothing. Never rejects. */
export async function plannedMetrics(
  client: Prometheus,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Planned[]> {
  const answers = await Promise.all(about.plan.metrics.map((metric) => ask(client, metric, about, window, signal)));
  return answers.flat();
}

async function ask(
  client: Prometheus,
  { title, query: template, unit }: PlannedMetric,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Planned[]> {
  const query = fill(template, about.subject);
  if (query === undefined) return [];
  try {
    const judged = await judge(await client.range(query, window, signal), window, about);
    const score = judged[0]?.course.score;
    if (score === undefined) return [];
    const shown = { title: title[about.locale], query, unit, judged, window, relevance: 0.4 + 0.5 * score, most: 4 };
    return [{ finding: seriesFinding(client, shown, about), query }];
  } catch (error) {
    return [{ finding: failureFinding('prometheus', error, about, query) }];
  }
}
