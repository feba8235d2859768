import { answerCard } from './answer-card.ts';
import type { Block, Card, Rich } from './card.ts';
import { clean } from './clean.ts';
import { dotted, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatNear } from './time.ts';
import { timelineLine } from './timeline-line.ts';
import type { AttemptView, CardContext, PlaceView, WhyView } from './view.ts';

const MAX_LINES = 20;

/** Why an incident looks as it does where it does: its places, every delivery, every decision. */
export function whyCard(view: WhyView, context: CardContext): Card {
  const t = texts(context.locale);
  const { incident, places, attempts, timeline } = view;
  const shown = places.map((place) => placeLine(place, incident.openedAt, context));
  const blocks: readonly Block[] = [
    { kind: 'text', text: line(t.why.places, 'bold') },
    places.length === 0
      ? { kind: 'text', text: line(t.why.nowhere) }
      : { kind: 'list', ordered: false, items: capped(shown, context) },
    ...section(t.why.decisions(timeline.length), false, timelineItems()),
    ...section(t.why.deliveries(attempts.length), true, attemptItems()),
  ];
  const subtitle = t.card.title(t.severity[incident.severity], incident.title);
  return answerCard({ title: t.why.title(incident.id), subtitle, blocks }, context);

  function timelineItems(): readonly Rich[] {
    return capped(
      timeline.map((entry) => timelineLine(entry, incident.openedAt, context)),
      context,
    );
  }

  function attemptItems(): readonly Rich[] {
    return capped(
      attempts.map((attempt) => attemptLine(attempt, incident.openedAt, context)),
      context,
    );
  }
}

const section = (title: string, collapsed: boolean, items: readonly Rich[]): readonly Block[] =>
  items.length === 0 ? [] : [{ kind: 'section', title, collapsed, blocks: [{ kind: 'list', ordered: false, items }] }];

function capped(items: readonly Rich[], context: CardContext): readonly Rich[] {
  const more = items.length - MAX_LINES;
  return more <= 0 ? items : [...items.slice(0, MAX_LINES), line(texts(context.locale).card.more(more), 'muted')];
}

function placeLine(place: PlaceView, openedAt: number, context: CardContext): Rich {
  const { why } = texts(context.locale);
  const state =
    place.parkedReason !== undefined
      ? why.parked(clean(place.parkedReason, 80))
      : place.foldedInto !== undefined
        ? why.folded
        : place.shownRevision === 0
          ? why.never
          : place.shownRevision < place.wantedRevision
            ? why.behind(place.shownRevision, place.wantedRevision)
            : why.shown(place.shownRevision);
  return dotted(
    [piece(place.target, 'bold', 60)],
    line(state),
    place.shownAt === undefined ? [] : line(formatNear(place.shownAt, openedAt, context.timezone), 'muted'),
    place.attempts > 0 ? line(why.attempts(place.attempts), 'muted') : [],
    place.lastError === undefined ? [] : line(why.error(clean(place.lastError, 120))),
  );
}

function attemptLine(attempt: AttemptView, openedAt: number, context: CardContext): Rich {
  const { why } = texts(context.locale);
  const verbs: Readonly<Record<string, string>> = why.verb;
  const verb = Object.hasOwn(verbs, attempt.verb) ? (verbs[attempt.verb] ?? attempt.verb) : attempt.verb;
  return dotted(
    line(formatNear(attempt.at, openedAt, context.timezone), 'muted'),
    [piece(attempt.target, undefined, 60)],
    line(attempt.revision === undefined ? verb : `${verb} r${attempt.revision}`),
    [piece(attempt.outcome, attempt.outcome === 'ok' ? 'muted' : 'bold', 40)],
    line(why.took(Math.round(attempt.latencyMs)), 'muted'),
    attempt.error === undefined ? [] : line(attempt.error, undefined, 120),
  );
}
