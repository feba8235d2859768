import { SEVERITIES, type Severity } from '../incident/alert.ts';
import { answerCard } from './answer-card.ts';
import type { Block, Card, Field } from './card.ts';
import { severityCounts } from './incident-line.ts';
import type { Report } from './report.ts';
import { dotted, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatDuration, formatTime } from './time.ts';
import type { CardContext } from './view.ts';

const MAX_NOISIEST = 5;
/** A chart on a phone shows no more than this; longer series keep their newest points. */
const MAX_POINTS = 60;

/** What a stretch of time was like: how much, how fast, what rang most, and whether messages got through. */
export function reportCard(report: Report, context: CardContext): Card {
  const t = texts(context.locale);
  const kind = t.report[report.kind];
  const from = formatTime(report.from, context.timezone).slice(0, -3);
  const to = formatTime(report.to, context.timezone).slice(0, -3);
  const quiet = sum(report.opened) + sum(report.resolved) === 0;
  const blocks: readonly Block[] = [
    ...(quiet ? [{ kind: 'text', text: line(t.report.quiet) } as const] : []),
    { kind: 'fields', fields: numbers(report, context) },
    ...chart(report, context),
    ...noisiest(report, context),
  ];
  const tone = report.opened.critical > 0 ? 'warning' : 'info';
  return answerCard({ title: t.report.title(kind, from, to), tone, blocks, footer: context.timezone }, context);
}

const sum = (counts: Readonly<Record<Severity, number>>): number =>
  SEVERITIES.reduce((total, severity) => total + counts[severity], 0);

function numbers(report: Report, context: CardContext): readonly Field[] {
  const t = texts(context.locale);
  const counts = (of: Readonly<Record<Severity, number>>) =>
    line(t.report.counts(sum(of), severityCounts(of, context)), 'bold');
  const time = (ms: number | undefined) =>
    line(ms === undefined ? t.report.none : formatDuration(ms, t.duration), 'bold');
  const { deliveries, stillOpen } = report;
  return [
    { label: t.report.opened, value: counts(report.opened), short: true },
    { label: t.report.resolved, value: counts(report.resolved), short: true },
    ...(stillOpen === undefined
      ? []
      : [{ label: t.report.stillOpen, value: line(String(stillOpen), 'bold'), short: true }]),
    { label: t.report.mtta, value: time(report.mttaMs), short: true },
    { label: t.report.mttr, value: time(report.mttrMs), short: true },
    ...(deliveries === undefined
      ? []
      : [
          {
            label: t.report.deliveries,
            value: line(t.report.delivered(deliveries.ok, deliveries.failed)),
            short: true,
          },
        ]),
  ];
}

function chart(report: Report, context: CardContext): readonly Block[] {
  const points = report.openedOverTime?.slice(-MAX_POINTS) ?? [];
  if (points.length < 2) return [];
  const t = texts(context.locale);
  return [{ kind: 'chart', title: t.report.chart, series: [{ name: t.report.opened, points }] }];
}

function noisiest(report: Report, context: CardContext): readonly Block[] {
  if (report.noisiest.length === 0) return [];
  const t = texts(context.locale);
  const items = report.noisiest
    .slice(0, MAX_NOISIEST)
    .map(({ title, count }) => dotted([piece(title, undefined, 100)], line(t.report.times(count), 'bold')));
  return [
    { kind: 'text', text: line(t.report.noisiest, 'bold') },
    { kind: 'list', ordered: true, items },
  ];
}
