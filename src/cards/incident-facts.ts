import type { Incident } from '../incident/incident.ts';
import type { Block, Field, Rich } from './card.ts';
import { clean } from './clean.ts';
import { dotted, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatDuration, formatNear, formatTime } from './time.ts';
import type { CardContext, IncidentView } from './view.ts';
import { where } from './where.ts';

/** A value no longer than this may share a row on a phone. */
const SHORT = 18;

/** Where, since when, how many, whose; how it ended; and what makes the card itself less than sure. */
export function incidentFacts(view: IncidentView, context: CardContext): readonly Block[] {
  const { incident } = view;
  const fields = [...place(view, context), ...present(incident, context), ...ending(incident, context)];
  return [{ kind: 'fields', fields }, ...warnings(incident, context)];
}

function place(view: IncidentView, context: CardContext): readonly Field[] {
  const t = texts(context.locale);
  const value = where(view.incident.labels, view.alerts, t);
  return value === '' ? [] : [{ label: t.card.where, value: line(value, 'bold', 200), short: value.length <= SHORT }];
}

function present(incident: Incident, context: CardContext): readonly Field[] {
  const t = texts(context.locale);
  return [
    { label: t.card.since, value: line(formatTime(incident.openedAt, context.timezone)), short: true },
    {
      label: t.card.alerts,
      value: line(t.card.alertCount(incident.firingCount, incident.alertsCount)),
      short: true,
    },
    ...owner(incident, context),
  ];
}

function owner(incident: Incident, context: CardContext): readonly Field[] {
  const t = texts(context.locale);
  const name = incident.assignee ?? incident.acknowledgedBy;
  // That nobody took it matters until it is over.
  if (name === undefined && incident.status === 'resolved') return [];
  const value =
    name === undefined
      ? line(t.card.nobody, 'muted')
      : dotted([piece(name, 'bold', 40)], acknowledgement(incident, name, context));
  return [{ label: t.card.owner, value, short: true }];
}

/** When it was acknowledged, and by whom when that is not who has it now. */
function acknowledgement(incident: Incident, holder: string, context: CardContext): Rich {
  const t = texts(context.locale);
  const { acknowledgedAt, acknowledgedBy = holder, openedAt } = incident;
  if (acknowledgedAt === undefined) return [];
  const time = formatNear(acknowledgedAt, openedAt, context.timezone);
  return line(
    acknowledgedBy === holder ? t.card.ackedAt(time) : t.card.ackedBy(clean(acknowledgedBy, 40), time),
    'muted',
  );
}

function ending(incident: Incident, context: CardContext): readonly Field[] {
  if (incident.status !== 'resolved') return [];
  const t = texts(context.locale);
  const { resolvedAt, resolvedReason, resolvedBy, cause, openedAt } = incident;
  const how =
    resolvedReason === 'alerts'
      ? t.card.byAlerts
      : resolvedReason === 'expired'
        ? t.card.expired
        : t.card.byPerson(clean(resolvedBy ?? t.card.someone, 40));
  const lasted = t.card.lasted(formatDuration((resolvedAt ?? openedAt) - openedAt, t.duration));
  return [
    ...(resolvedAt === undefined
      ? []
      : [
          {
            label: t.card.ended,
            value: dotted(line(formatNear(resolvedAt, openedAt, context.timezone)), line(lasted, 'bold')),
            short: true,
          },
        ]),
    { label: t.card.resolvedBy, value: line(how), short: how.length <= SHORT },
    ...(cause === undefined ? [] : [{ label: t.card.cause, value: line(cause, 'bold'), short: false }]),
  ];
}

function warnings(incident: Incident, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const near = (at: number): string => formatNear(at, incident.openedAt, context.timezone);
  if (incident.status === 'resolved') {
    const firing = incident.resolvedReason === 'manual' ? incident.firingCount : 0;
    return firing > 0 ? [{ kind: 'note', text: line(t.card.stillFiring(firing)) }] : [];
  }
  return [
    ...(incident.staleSince === undefined ? [] : [t.card.staleSince(near(incident.staleSince))]),
    ...(incident.silencedUntil === undefined ? [] : [t.card.silencedUntil(near(incident.silencedUntil))]),
  ].map((text) => ({ kind: 'note', text: line(text) }));
}
