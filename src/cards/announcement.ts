import type { Incident } from '../incident/incident.ts';
import type { Inline, Rich } from './card.ts';
import { clean } from './clean.ts';
import { dotted, gap, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatDuration, formatTime } from './time.ts';
import type { Announcement, CardContext } from './view.ts';

/**
 * The short message that rings phones: the news first, since a lock screen shows little more, then what and which, then
 * the people meant. Only they are mentioned: everything else is plain text.
 */
export function announcement(a: Announcement, context: CardContext): Rich {
  const t = texts(context.locale);
  const { incident } = a;
  const people = a.mentions.flatMap((mention): readonly Inline[] => [gap(' '), { mention }]);
  const what = t.card.title(t.severity[incident.severity], clean(incident.title, 90));
  return [...dotted([piece(news(a, context), 'bold', 120)], line(what), line(incident.id, 'muted')), ...people];
}

function news({ incident, reason }: Announcement, context: CardContext): string {
  const t = texts(context.locale);
  const words = t.announcement;
  switch (reason) {
    case 'opened':
      return words.opened;
    case 'reopened':
      return words.reopened;
    case 'severity_up':
      return words.severity_up(t.severity[incident.severity]);
    case 'new_alert':
      return words.new_alert(incident.firingCount);
    case 'assigned':
      return words.assigned(clean(incident.assignee ?? t.card.someone, 40));
    case 'stale':
      return words.stale;
    case 'resolved':
      return `${end(incident, context)} (${words.lasted(formatDuration((incident.resolvedAt ?? incident.openedAt) - incident.openedAt, t.duration))})`;
    case 'unacknowledged':
      return words.unacknowledged(formatTime(incident.openedAt, context.timezone));
  }
  return reason satisfies never;
}

function end({ resolvedReason, resolvedBy }: Incident, context: CardContext): string {
  const t = texts(context.locale);
  if (resolvedReason === 'alerts') return t.announcement.recovered;
  if (resolvedReason === 'expired') return t.card.expired;
  return resolvedBy === undefined ? t.announcement.resolved : t.card.byPerson(clean(resolvedBy, 40));
}
