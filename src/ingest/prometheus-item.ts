import { z } from 'zod';
import type { AlertStatus, Link } from '../incident/alert.ts';
import type { EpochMs, Labels } from '../types.ts';
import { faultOf, fields, firstText, text } from './fields.ts';
import { annotationLinks, linkOf, linksOf } from './links.ts';
import { type Draft, type Item, malformed, notFiring } from './source.ts';
import { ANNOTATION_LENGTH, LABEL_LENGTH, hasLabels, labelsOf, mergeLabels } from './text.ts';
import { timeOf } from './time.ts';

/** What a Prometheus, an Alertmanager and Grafana's Alertmanager have in common: one alert of the list. */
const Schema = z.object({
  status: text,
  labels: fields,
  annotations: fields,
  startsAt: z.unknown().optional(),
  endsAt: z.unknown().optional(),
  generatorURL: text,
  fingerprint: text,
  silenceURL: text,
  dashboardURL: text,
  panelURL: text,
  imageURL: text,
  valueString: text,
});
type Wire = z.output<typeof Schema>;

/** What the body says about all its alerts. */
export interface Group {
  readonly now: EpochMs;
  /** Used by items that have none of their own. */
  readonly status?: string | undefined;
  readonly title?: string | undefined;
  readonly commonLabels?: Labels;
  readonly groupLabels?: Labels | undefined;
  readonly externalUrl?: string | undefined;
  readonly links: readonly (Link | undefined)[];
}

export function parsePrometheusItem(value: unknown, group: Group): Item {
  const parsed = Schema.safeParse(value);
  if (!parsed.success) return malformed(faultOf(parsed.error));
  const { data } = parsed;
  const own = labelsOf(data.labels, LABEL_LENGTH);
  const annotations = labelsOf(data.annotations, ANNOTATION_LENGTH);
  if (!hasLabels(own) && !hasLabels(annotations)) return malformed('has neither labels nor annotations');
  const status = statusOf(data, group);
  if (status === undefined)
    return notFiring(`status "${(data.status ?? group.status ?? '').slice(0, 40)}" is no alert`);
  return draftOf(data, group, own, annotations, status);
}

function draftOf(data: Wire, group: Group, own: Labels, annotations: Labels, status: AlertStatus): Draft {
  const labels = group.commonLabels === undefined ? own : mergeLabels(group.commonLabels, own);
  return {
    status,
    title: titleOf(labels, annotations, group),
    summary: firstText(annotations['summary'], annotations['message'], annotations['description']),
    severity: firstText(labels['severity'], labels['priority'], annotations['severity']),
    labels,
    annotations:
      firstText(data.valueString) === undefined
        ? annotations
        : mergeLabels(annotations, labelsOf({ value: data.valueString }, ANNOTATION_LENGTH)),
    groupLabels: group.groupLabels,
    fingerprint: firstText(data.fingerprint),
    // Without the common labels: those change with whatever else is in the group.
    identity: hasLabels(own) ? own : labels,
    startsAt: timeOf(data.startsAt),
    endsAt: pastTime(data.endsAt, group.now),
    links: linksOf(
      linkOf('graph', data.generatorURL, group.externalUrl),
      linkOf('dashboard', data.dashboardURL, group.externalUrl),
      linkOf('panel', data.panelURL, group.externalUrl),
      linkOf('image', data.imageURL, group.externalUrl),
      ...annotationLinks(annotations),
      linkOf('silence', data.silenceURL, group.externalUrl),
      ...group.links,
    ),
  };
}

/** Grafana replaces the rule's name when its data source fails; the rule is what people know. */
function titleOf(labels: Labels, annotations: Labels, group: Group): string | undefined {
  const name = labels['alertname'];
  const rule = labels['rulename'];
  if (rule !== undefined && (name === 'DatasourceNoData' || name === 'DatasourceError')) return `${rule} (${name})`;
  const { groupLabels } = group;
  return firstText(
    name,
    groupLabels?.['alertname'],
    group.title,
    annotations['summary'],
    annotations['title'],
    annotations['message'],
  );
}

/** Words of senders that use this format for more than alerts. Any other word fires: losing an alert is worse. */
const NO_ALERT = new Set(['ok', 'normal', 'healthy', 'pending', 'inactive', 'suppressed', 'paused', 'info', 'test']);

function statusOf(data: Wire, group: Group): AlertStatus | undefined {
  const word = firstText(data.status, group.status)?.trim().toLowerCase();
  if (word === undefined) return pastTime(data.endsAt, group.now) === undefined ? 'firing' : 'resolved';
  if (word === 'resolved') return 'resolved';
  return NO_ALERT.has(word) ? undefined : 'firing';
}

/** An end in the future is only how long the sender wants the alert to live. */
function pastTime(value: unknown, now: EpochMs): EpochMs | undefined {
  const time = timeOf(value);
  return time !== undefined && time <= now ? time : undefined;
}
