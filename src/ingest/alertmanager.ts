import { z } from 'zod';
import { type Fields, fields, isFields, text } from './fields.ts';
import { linkOf } from './links.ts';
import { type Group, parsePrometheusItem } from './prometheus-item.ts';
import { type AlertSource, type ParseContext, malformed, parseItems, parseOne } from './source.ts';
import { LABEL_LENGTH, hasLabels, labelsOf } from './text.ts';

const Body = z.object({
  alerts: z.array(z.unknown()).nullish().catch(undefined),
  status: text,
  title: text,
  groupLabels: fields.catch(undefined),
  commonLabels: fields.catch(undefined),
  externalURL: text,
  truncatedAlerts: z.number().catch(0),
});

/** Webhook of Alertmanager (version 4) and of the many that imitate it, with or without its envelope. */
export const alertmanager: AlertSource = {
  name: 'alertmanager',
  repeats: true,
  detect: (body) => isFields(body) && (isGroup(body) || isBare(body) || isSingle(body)),
  parse(body, context) {
    const parsed = Body.safeParse(body);
    if (!parsed.success) return parseOne(body, () => malformed('must be an object with a list "alerts"'));
    const items = parsed.data.alerts ?? (isFields(body) && isSingle(body) ? [body] : []);
    const group = groupOf(parsed.data, context);
    return parseItems(items, (item) => parsePrometheusItem(item, group));
  },
};

/** What Alertmanager and Grafana's copy of it say about a whole group. */
export function groupOf(body: z.output<typeof Body>, { now }: ParseContext): Group {
  const groupLabels = labelsOf(body.groupLabels, LABEL_LENGTH);
  const commonLabels = labelsOf(body.commonLabels, LABEL_LENGTH);
  return {
    now,
    // A cut group's own status can say resolved while hidden alerts fire.
    status: body.truncatedAlerts > 0 ? undefined : (body.status ?? undefined),
    title: body.title ?? undefined,
    ...(hasLabels(commonLabels) ? { commonLabels } : {}),
    ...(hasLabels(groupLabels) ? { groupLabels } : {}),
    externalUrl: body.externalURL ?? undefined,
    links: [linkOf('source', body.externalURL)],
  };
}

export const parseGroup = (body: unknown): z.output<typeof Body> | undefined => Body.safeParse(body).data;

/** `version` tells nothing: some forwarders send "1", the number 4, or none. */
const MARKS = ['groupKey', 'commonLabels', 'receiver', 'externalURL', 'version'];

function isGroup(body: Fields): boolean {
  const { alerts } = body;
  if (!Array.isArray(alerts)) return 'receiver' in body && 'groupKey' in body && (alerts ?? null) === null;
  if (!MARKS.some((mark) => Object.hasOwn(body, mark))) return false;
  return alerts.length === 0 || alerts.some((item) => isFields(item) && ('labels' in item || 'status' in item));
}

/** A group that is nothing but `{"alerts": […]}`. */
function isBare(body: Fields): boolean {
  const { alerts } = body;
  if (!Array.isArray(alerts) || !alerts.some((item) => isFields(item) && isFields(item['labels']))) return false;
  for (const key in body) if (key !== 'alerts' && key !== 'status') return false;
  return true;
}

/** One alert without a list around it. */
const isSingle = (body: Fields): boolean =>
  isFields(body['labels']) && typeof body['status'] === 'string' && !Object.hasOwn(body, 'alerts');
