import { describe, expect, it } from 'vitest';
import { matchersIn } from '../../src/diagnose/rules/expressions.ts';
import { subjectOf } from '../../src/diagnose/subject.ts';

const linked = (expression: string) => ({
  links: [{ kind: 'graph' as const, url: `http://prometheus/graph?g0.expr=${encodeURIComponent(expression)}` }],
});
const SUM =
  'sum(rate(http_requests_total{service="pay",code=~"5.."}[5m])) / sum(rate(http_requests_total{ service = "pay" }[5m])) > 0.1';

describe('what an alert is about', () => {
  it('is what its expression asks for, when a sum has taken its labels away', () => {
    const subject = subjectOf({ title: 'PayErrors', labels: { alertname: 'PayErrors' }, ...linked(SUM) });
    expect([subject.get('service'), subject.get('namespace')]).toEqual(['pay', undefined]);
  });

  it('is what its labels say before that', () => {
    expect(subjectOf({ title: 'x', labels: { app: 'ledger' }, ...linked(SUM) }).get('service')).toBe('ledger');
  });

  it.each([
    ['two values', 'a{service="pay"} / b{service="search"} > 1', {}],
    ['a pattern or a negation', 'a{service=~"pay.*",namespace!="dev"} > 1', {}],
    ['a text outside of a selector', 'label_replace(a, "service", "pay", "", "")', {}],
    ['two names', 'a{namespace="shop", queue="orders"} > 1', { namespace: 'shop', queue: 'orders' }],
    ['nothing', '', {}],
  ])('is read from an expression with %s', (_what, expression, labels) => {
    expect(matchersIn(linked(expression))).toEqual(labels);
  });

  it.each([
    ['service', { 应用名称: '订单中心' }, '订单中心'],
    ['service', { appname: 'settle' }, 'settle'],
    ['host', { ident: '10.1.2.3' }, '10.1.2.3'],
    ['queue', { 消费组: 'order-sync' }, 'order-sync'],
  ])('%s may be named by %o', (place, labels, value) => {
    expect(subjectOf({ title: 'x', labels: { alertname: 'x', ...labels } }).get(place)).toBe(value);
  });
});
