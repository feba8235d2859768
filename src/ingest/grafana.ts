import { groupOf, parseGroup } from './alertmanager.ts';
import { isFields } from './fields.ts';
import { parsePrometheusItem } from './prometheus-item.ts';
import { type AlertSource, malformed, parseItems, parseOne } from './source.ts';

/** Grafana's unified alerting: Alertmanager's webhook with more links and values. Its fingerprint covers hidden labels. */
export const grafana: AlertSource = {
  name: 'grafana',
  repeats: true,
  detect: (body) =>
    isFields(body) &&
    Array.isArray(body['alerts']) &&
    !Object.hasOwn(body, 'evalMatches') &&
    Object.hasOwn(body, 'orgId') &&
    typeof body['title'] === 'string' &&
    typeof body['state'] === 'string',
  parse(body, context) {
    const data = parseGroup(body);
    if (data?.alerts === undefined || data.alerts === null) {
      return parseOne(body, () => malformed('must be an object with a list "alerts"'));
    }
    const group = groupOf(data, context);
    return parseItems(data.alerts, (item) => parsePrometheusItem(item, group));
  },
};
