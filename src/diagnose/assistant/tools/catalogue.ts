import type { EpochMs } from '../../../types.ts';
import type { PlannedMetric } from '../../evidence/plan.ts';
import { GENERAL_PLAN } from '../../evidence/plans/general.ts';
import { PLANS } from '../../evidence/plans.ts';
import { fill } from '../../evidence/promql.ts';
import type { Finding } from '../../evidence/source.ts';
import type { Subject } from '../../subject.ts';

/** Metrics that may be asked for by name; several of one name ask the same in the terms of different exporters. */
export type Catalogue = ReadonlyMap<string, readonly PlannedMetric[]>;

/** Every metric that some plan knows, by a name made of its English title. */
export function metricCatalogue(): Catalogue {
  const all = [...GENERAL_PLAN.metrics, ...[...PLANS.values()].flatMap(({ metrics }) => metrics)];
  const byQuery = new Map(all.map((metric) => [metric.query, metric]));
  return Map.groupBy(byQuery.values(), ({ title }) => nameOf(title['en-US']));
}

const nameOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]{1,10}/g, '_')
    .replaceAll(/^_|_$/g, '')
    .slice(0, 48);

/** Those of a name that can be asked about this subject. */
export const askable = (catalogue: Catalogue, name: string, subject: Subject): readonly PlannedMetric[] =>
  (catalogue.get(name) ?? []).filter(({ query }) => fill(query, subject) !== undefined).slice(0, 2);

/** Which names a metric needs, so that the model can ask again. */
export function needs(catalogue: Catalogue, name: string, now: EpochMs): Finding {
  const queries = (catalogue.get(name) ?? []).map(({ query }) => query);
  const places = queries.map((query) =>
    [...new Set([...query.matchAll(/\{([a-z]{1,20})(?::re)?\}/g)].map(([, one]) => one))].join(' and '),
  );
  const text = `Not asked: this metric needs ${[...new Set(places)].join(', or ')}.`;
  return { source: 'prometheus', title: name, text, at: now, failed: true };
}
