import { SEVERITIES } from '../incident/alert.ts';
import { type Incident, STATUSES } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import type { Block, Button, Card, Field, Rich, Tone } from './card.ts';
import { numberOf, severityCounts } from './incident-line.ts';
import { linkButton } from './links.ts';
import { dotted, line, piece } from './rich.ts';
import { stormDiagnosis } from './storm-diagnosis.ts';
import { texts } from './texts/texts.ts';
import { formatNear, formatTime } from './time.ts';
import type { CardContext, StormView } from './view.ts';

/** A value no longer than this may share a row on a phone. */
const SHORT = 18;

/** One card instead of hundreds: how many, how bad, and the worst of them with buttons of their own, criticals first. */
export function stormCard(view: StormView, context: CardContext): Card {
  const t = texts(context.locale);
  const over = view.endedAt !== undefined;
  const unlisted = view.total - view.listed.length;
  const all = linkButton(t.storm.all, `${context.publicUrl.replace(/\/+$/u, '')}/`);
  return {
    tone: toneOf(view),
    title: over ? t.storm.ended(view.total) : t.storm.title(view.total),
    subtitle: severityCounts(view.bySeverity, context),
    tags: [],
    blocks: [
      { kind: 'text', text: line(over ? t.storm.after : t.storm.why) },
      { kind: 'fields', fields: facts(view, context) },
      ...stormDiagnosis(view, context),
      ...view.listed.toSorted(worstFirst).flatMap((incident) => member(incident, view.startedAt, context)),
      ...(unlisted > 0 ? [{ kind: 'note', text: line(t.storm.more(unlisted)) } as const] : []),
      ...(all === undefined ? [] : [{ kind: 'links', links: [all] } as const]),
    ],
    footer: t.storm.footer(context.timezone),
    rev: view.revision,
  };
}

function toneOf(view: StormView): Tone {
  const unresolved = view.byStatus.open + view.byStatus.acknowledged;
  if (unresolved === 0 && view.total > 0) return 'resolved';
  return SEVERITIES.find((severity) => view.bySeverity[severity] > 0) ?? 'neutral';
}

function facts(view: StormView, context: CardContext): readonly Field[] {
  const t = texts(context.locale);
  const statuses = STATUSES.filter((status) => view.byStatus[status] > 0)
    .map((status) => `${t.status[status]} ${view.byStatus[status]}`)
    .join(' · ');
  const { startedAt, endedAt } = view;
  return [
    { label: t.storm.statuses, value: line(statuses, 'bold'), short: statuses.length <= SHORT },
    { label: t.storm.started, value: line(formatTime(startedAt, context.timezone)), short: true },
    ...(endedAt === undefined
      ? []
      : [{ label: t.storm.over, value: line(formatNear(endedAt, startedAt, context.timezone)), short: true }]),
  ];
}

/** Buttons name their incident: some platforms gather all of a card's buttons at its end. */
function member(incident: Incident, startedAt: EpochMs, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const number = numberOf(incident);
  const value = { incident_id: incident.id, rev: incident.revision };
  const style = incident.severity === 'critical' ? 'primary' : 'default';
  const ack: readonly Button[] =
    incident.status === 'open' ? [{ text: t.storm.ack(number), style, value: { action: 'ack', ...value } }] : [];
  const show: Button = { text: t.storm.show(number), style: 'default', value: { action: 'show', ...value } };
  return [
    { kind: 'text', text: memberLine(incident, startedAt, context) },
    { kind: 'buttons', buttons: [...ack, show] },
  ];
}

/** One line on most screens: the storm says the day, and nobody having it is what the storm is about. */
function memberLine(incident: Incident, startedAt: EpochMs, context: CardContext): Rich {
  const t = texts(context.locale);
  const owner = incident.assignee ?? incident.acknowledgedBy;
  return dotted(
    [piece(t.card.title(t.severity[incident.severity], incident.title), 'bold', 80)],
    line(numberOf(incident), 'code'),
    incident.status === 'open' ? [] : line(t.status[incident.status]),
    owner === undefined ? [] : line(owner, undefined, 40),
    line(formatNear(incident.openedAt, startedAt, context.timezone), 'muted'),
  );
}

/** What is over goes last whatever it was; then the worst, then the oldest. */
const worstFirst = (a: Incident, b: Incident): number =>
  Number(a.status === 'resolved') - Number(b.status === 'resolved') ||
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  a.openedAt - b.openedAt ||
  a.seq - b.seq;
