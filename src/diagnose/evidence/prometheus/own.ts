import type { KnownAlert } from '../../ports.ts';
import type { Labels } from '../../../types.ts';
import { failureFinding } from '../failure.ts';
import { isLabelName, labelled } from '../promql.ts';
import type { About, Finding } from '../source.ts';
import { summarise } from '../stats.ts';
import { readableLine, utc } from '../words.ts';
import type { Prometheus, RawSeries } from './client.ts';
import { type Comparison, comparisonOf } from './expression.ts';
import { judge, seriesFinding } from './finding.ts';
import { isCounter, numberIn, unitOf } from './numbers.ts';
import { type Window, dayBefore } from './window.ts';
import { dayBeforeIn } from './words.ts';

const MOST_EXPRESSION = 4000;
const PARAMETERS = ['g0.expr', 'expr'] as const;

/**
 * What the alert's own expression says: whether it holds now, and the course of its value around the start, also below
 * the threshold, beside the day before. Of the alert's link only the expression is read, never its host.
 * None when no link carries one. Never rejects.
 */
export async function ownExpression(
  client: Prometheus,
  about: About,
  window: Window,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const expression = expressionOf(about.facts.alerts);
  if (expression === undefined) return [];
  try {
    const matching = await client.instant(expression, about.now, signal);
    const comparison = comparisonOf(expression) ?? { value: expression };
    const query = narrowed(comparison.value, matching, sharedLabels(about));
    const [series, yesterday] = await Promise.all([
      client.range(query, window, signal),
      client.range(query, dayBefore(window), signal).catch(() => []),
    ]);
    return [await told(client, { expression, comparison, query, matching, series, yesterday, window }, about)];
  } catch (error) {
    return [failureFinding('prometheus', error, about, expression)];
  }
}

/** Of the first alert that has one in its links. */
export function expressionOf(alerts: readonly Pick<KnownAlert, 'links'>[]): string | undefined {
  for (const { url } of alerts.flatMap(({ links }) => links)) {
    const params = URL.parse(url)?.searchParams;
    const expression = PARAMETERS.map((name) => params?.get(name)?.trim() ?? '').find((value) => value !== '');
    if (expression !== undefined && expression.length <= MOST_EXPRESSION) return expression;
  }
  return undefined;
}

/** What all alerts of the incident have in common: the names of series that are about it. */
function sharedLabels({ facts: { alerts, incident } }: About): Labels {
  const [first, ...others] = alerts.map(({ labels }) => labels);
  return Object.fromEntries(
    Object.entries(first ?? incident.labels).filter(([name, value]) =>
      others.every((labels) => labels[name] === value),
    ),
  );
}

/** Only the series that are about this incident: an expression without its comparison has those of everything. */
function narrowed(value: string, matching: readonly RawSeries[], shared: Labels): string {
  const ours = matching.find(({ labels }) => agrees(labels, shared));
  const on = Object.entries(ours?.labels ?? {}).filter(([name, one]) => isLabelName(name) && shared[name] === one);
  if (on.length === 0) return value;
  const names = on.map(([name]) => name).join(',');
  return `(${value}) and on (${names}) ${labelled(Object.fromEntries(on))}`;
}

const agrees = (labels: Labels, shared: Labels): boolean =>
  Object.entries(labels).every(([name, value]) => shared[name] === undefined || shared[name] === value);

interface Asked {
  readonly expression: string;
  readonly comparison: Comparison;
  readonly query: string;
  readonly matching: readonly RawSeries[];
  readonly series: readonly RawSeries[];
  readonly yesterday: readonly RawSeries[];
  readonly window: Window;
}

async function told(client: Prometheus, asked: Asked, about: About): Promise<Finding> {
  const { comparison, series, yesterday, window } = asked;
  const { locale } = about;
  const known = unitOfValue(comparison.value);
  const shared = sharedLabels(about);
  const agreeing = series.filter(({ labels }) => agrees(labels, shared));
  const judged = await judge(agreeing.length > 0 ? agreeing : series, window, about);
  const before = summarise(yesterday.filter(({ labels }) => agrees(labels, shared)).flatMap(({ points }) => points));
  const after = before === undefined ? [] : [dayBeforeIn(before, { unit: known, startedAt: about.startedAt, locale })];
  return seriesFinding(
    client,
    {
      title: `${TITLE[locale]} · ${readableLine(about.facts.alerts[0]?.title ?? about.facts.incident.title, 80)}`,
      query: asked.query,
      unit: known,
      judged,
      window,
      before: [...stateOf(asked, known, about), ...(judged.length === 0 ? [NO_DATA[locale]] : [])],
      after,
      relevance: 0.9,
      most: 4,
    },
    about,
  );
}

/** Of a plain selector, which keeps the unit of its metric; a raw counter has none that people read. */
function unitOfValue(value: string): string | undefined {
  const [, name = ''] = /^([\w:]+) ?(?:\{[^}]*\})?$/.exec(value) ?? [];
  return isCounter(name) ? undefined : unitOf(name);
}

const TITLE = { 'zh-CN': '告警表达式的值', 'en-US': 'The alert’s own expression' } as const;
const NO_DATA = { 'zh-CN': '这段时间里没有任何序列', 'en-US': 'it has no series in this time' } as const;

function stateOf({ expression, comparison: { threshold }, matching }: Asked, unit: string | undefined, about: About) {
  const when = utc(about.now);
  const limit = threshold === undefined ? '' : `${threshold.operator} ${numberIn(threshold.limit, unit)}`;
  const said = readableLine(expression, 400);
  if (about.locale === 'zh-CN') {
    const holds = matching.length > 0 ? `${when} 仍有 ${matching.length} 个序列满足` : `${when} 已没有序列满足`;
    return [said, limit === '' ? holds : `${holds}；阈值 ${limit}`];
  }
  const holds =
    matching.length > 0 ? `holds for ${matching.length} series at ${when}` : `holds for no series at ${when}`;
  return [said, limit === '' ? holds : `${holds}; threshold ${limit}`];
}
