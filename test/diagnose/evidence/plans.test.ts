import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../../src/diagnose/evidence/prometheus/expression.ts';
import { GENERAL_PLAN } from '../../../src/diagnose/evidence/plans/general.ts';
import { PLANS, planFor } from '../../../src/diagnose/evidence/plans.ts';
import { fill } from '../../../src/diagnose/evidence/promql.ts';
import { FAMILIES } from '../../../src/diagnose/rules/families.ts';
import { subjectOf } from '../../../src/diagnose/subject.ts';

/** An alert that names everything a place can be filled from. */
const everything = subjectOf({
  title: 'x',
  labels: {
    pod: 'checkout-7d9f',
    namespace: 'shop',
    deployment: 'checkout',
    node: 'node-7',
    instance: '10.0.0.7:9100',
    service: 'checkout',
    job: 'api',
    mountpoint: '/var',
    persistentvolumeclaim: 'data-0',
    queue: 'orders',
  },
});
const all = [...PLANS].concat([['', GENERAL_PLAN]]);

describe('the plans', () => {
  it('are there for every family, and for no other', () => {
    expect([...PLANS.keys()].toSorted()).toEqual(FAMILIES.map(({ id }) => id).toSorted());
  });

  it.each(all)('%s asks queries that can be filled and are balanced', (_, plan) => {
    for (const { query, title } of plan.metrics) {
      expect({ query, balanced: comparisonOf(fill(query, everything) ?? '') !== undefined }).toEqual({
        query,
        balanced: true,
      });
      expect(title['zh-CN']).toMatch(/[\u4E00-\u9FFF]/);
      expect(title['en-US']).toMatch(/^[\x20-\x7E]+$/);
    }
  });

  it('leave out what the alert does not name, and ask one thing once', () => {
    const plan = planFor('oom', subjectOf({ title: 'x', labels: { namespace: 'shop', service: 'checkout' } }));
    expect(plan.metrics.map(({ title }) => title['en-US'])).toEqual([
      'Memory of the containers',
      'Container restarts in 10 minutes',
      'Requests by status',
    ]);
    expect(plan.metrics[0]?.query).toContain('{service:re}-.*');
    expect(planFor('oom', everything).metrics[0]?.query).toContain('pod="{pod}"');
    expect(planFor('disk', everything).metrics).toHaveLength(5);
  });

  it('are general for what no family fits', () => {
    expect(planFor('', new Map()).metrics).toEqual([]);
    expect(planFor('nothing', everything).kubernetes).toEqual(GENERAL_PLAN.kubernetes);
  });
});
