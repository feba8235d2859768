import { z } from 'zod';
import type { AlertStatus } from '../incident/alert.ts';
import type { Labels } from '../types.ts';
import { faultOf, fields, firstText, isFields, scalar, text } from './fields.ts';
import { linkOf, linksOf } from './links.ts';
import { type AlertSource, type Item, malformed, notFiring, parseOne } from './source.ts';
import { ANNOTATION_LENGTH, LABEL_LENGTH, labelsOf, mergeLabels } from './text.ts';

const Body = z.object({
  ruleId: scalar,
  ruleName: text,
  ruleUrl: text,
  orgId: scalar,
  state: z.string(),
  title: text,
  message: text,
  imageUrl: text,
  tags: fields.catch(undefined),
  evalMatches: z.array(z.unknown()).nullish().catch(undefined),
});
type Wire = z.output<typeof Body>;

/** The alerting Grafana had up to version 8: one rule a body, its series are no alerts of their own. */
export const grafanaLegacy: AlertSource = {
  name: 'grafana-legacy',
  repeats: false,
  detect: (body) =>
    isFields(body) &&
    (Object.hasOwn(body, 'ruleName') || Object.hasOwn(body, 'ruleId')) &&
    typeof body['state'] === 'string',
  parse: (body) => parseOne(body, parseRule),
};

/** No data is no recovery: whoever watches must hear that the watching stopped. */
const STATES: Readonly<Partial<Record<string, AlertStatus>>> = {
  alerting: 'firing',
  no_data: 'firing',
  ok: 'resolved',
};

function parseRule(value: unknown): Item {
  const parsed = Body.safeParse(value);
  if (!parsed.success) return malformed(faultOf(parsed.error));
  const { data } = parsed;
  const state = data.state.trim().toLowerCase();
  const status = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (status === undefined) return notFiring(`state "${state.slice(0, 40)}" is no alert`);
  const title = firstText(data.ruleName, data.title, data.message);
  if (title === undefined) return malformed('ruleName: must be a text');
  const tags = labelsOf(data.tags, LABEL_LENGTH);
  return {
    status,
    title,
    summary: data.message ?? undefined,
    severity: firstText(tags['severity'], tags['priority']),
    labels: mergeLabels(tags, { alertname: title }),
    annotations: labelsOf({ values: seriesText(data.evalMatches ?? []) }, ANNOTATION_LENGTH),
    identity: identityOf(data, title),
    links: linksOf(linkOf('panel', data.ruleUrl), linkOf('image', data.imageUrl)),
  };
}

/** Ids are 0 in Grafana's own test messages. */
const identityOf = ({ orgId, ruleId }: Wire, title: string): Labels =>
  ruleId === undefined || ruleId === '0' ? { orgId: orgId ?? '', rule: title } : { orgId: orgId ?? '', ruleId };

const MAX_SERIES = 20;

const seriesText = (matches: readonly unknown[]): string =>
  matches
    .slice(0, MAX_SERIES)
    .filter(isFields)
    .map(({ metric, value }) => `${String(metric)} = ${String(value)}`)
    .join('\n');
