import { SEVERITIES, type Severity } from '../incident/alert.ts';
import type { Incident } from '../incident/incident.ts';
import type { Rich } from './card.ts';
import { dotted, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatTime } from './time.ts';
import type { CardContext } from './view.ts';

/** One incident on one line: how bad and what, then which, its state, whose, since when. */
export function incidentLine(incident: Incident, context: CardContext): Rich {
  const t = texts(context.locale);
  const owner = incident.assignee ?? incident.acknowledgedBy;
  return dotted(
    [piece(t.card.title(t.severity[incident.severity], incident.title), 'bold', 100)],
    line(incident.id, 'code'),
    line(t.status[incident.status]),
    owner === undefined ? [] : line(owner, undefined, 40),
    line(formatTime(incident.openedAt, context.timezone), 'muted'),
  );
}

/** `042` of `INC-20261122-042`: what people say on the day itself. */
export const numberOf = (incident: Incident): string => incident.id.split('-').at(-1) ?? incident.id;

/** `严重 3 · 警告 12`, worst first, without those at zero. */
export function severityCounts(counts: Readonly<Record<Severity, number>>, context: CardContext): string {
  const t = texts(context.locale);
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${t.severity[severity]} ${counts[severity]}`)
    .join(' · ');
}
