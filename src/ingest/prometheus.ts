import { isFields } from './fields.ts';
import { parsePrometheusItem } from './prometheus-item.ts';
import { type AlertSource, malformed, parseItems, parseOne } from './source.ts';

/** Prometheus (vmalert, Loki's ruler, …) pointed straight at us: a bare list, no status, an end in the past resolves. */
export const prometheus: AlertSource = {
  name: 'prometheus',
  repeats: true,
  detect: (body) => Array.isArray(body) && body.some((item) => isFields(item) && isFields(item['labels'])),
  parse(body, { now }) {
    if (!Array.isArray(body)) return parseOne(body, () => malformed('must be a list of alerts'));
    return parseItems(body, (item) => parsePrometheusItem(item, { now, links: [] }));
  },
};
