import type { Subject } from '../subject.ts';
import type { Plan, PlannedMetric } from './plan.ts';
import { DATA_PLANS } from './plans/data.ts';
import { GENERAL_PLAN } from './plans/general.ts';
import { HOST_PLANS } from './plans/hosts.ts';
import { NETWORK_PLANS } from './plans/network.ts';
import { POD_PLANS } from './plans/pods.ts';
import { SERVICE_PLANS } from './plans/services.ts';
import { fill } from './promql.ts';

/** By the id of an alert family. */
export const PLANS: ReadonlyMap<string, Plan> = new Map(
  Object.entries({ ...POD_PLANS, ...HOST_PLANS, ...SERVICE_PLANS, ...DATA_PLANS, ...NETWORK_PLANS }),
);

const MOST_METRICS = 5;

/**
 * What is worth looking up about alerts of a family; of an unknown one, what is worth it about anything. Metrics whose
 * places the subject cannot fill are left out, and of several with one title, which ask the same in the terms of
 * different exporters, the first stays.
 */
export function planFor(family: string, subject: Subject): Plan {
  const plan = PLANS.get(family) ?? GENERAL_PLAN;
  const metrics = plan.metrics
    .filter(({ query }) => fill(query, subject) !== undefined)
    .filter(({ title }, index, fillable) => fillable.findIndex((one) => isSame(one.title, title)) === index);
  return { ...plan, metrics: metrics.slice(0, MOST_METRICS) };
}

const isSame = (a: PlannedMetric['title'], b: PlannedMetric['title']): boolean => a['en-US'] === b['en-US'];
