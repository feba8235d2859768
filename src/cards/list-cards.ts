import type { Incident } from '../incident/incident.ts';
import type { Block, Button, Card, Rich } from './card.ts';
import { answerCard } from './answer-card.ts';
import { incidentLine, numberOf, severityCounts } from './incident-line.ts';
import { dotted, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import type { CardContext, StatusView } from './view.ts';

const MAX_LISTED = 20;
const MAX_SHOW_BUTTONS = 5;
const MAX_TARGETS = 12;

/** Incidents as the caller ordered them; `total` when there are more than were handed in. */
export function incidentListCard(
  incidents: readonly Incident[],
  context: CardContext,
  { title, total = incidents.length }: { readonly title?: string; readonly total?: number } = {},
): Card {
  const t = texts(context.locale);
  const listed = incidents.slice(0, MAX_LISTED);
  const more = total - listed.length;
  const items = [
    ...listed.map((incident) => incidentLine(incident, context)),
    ...(more > 0 ? [line(t.list.more(more), 'muted')] : []),
  ];
  const blocks: readonly Block[] =
    listed.length === 0
      ? [{ kind: 'text', text: line(t.list.none) }]
      : [{ kind: 'list', ordered: false, items }, showButtons(listed, context)];
  return answerCard({ title: title ?? t.list.title(total), blocks }, context);
}

/** A press brings the incident's own card to where the list was asked for. */
function showButtons(incidents: readonly Incident[], context: CardContext): Block {
  const t = texts(context.locale);
  const buttons = incidents.slice(0, MAX_SHOW_BUTTONS).map((incident): Button => ({
    text: t.storm.show(numberOf(incident)),
    style: 'default',
    value: { action: 'show', incident_id: incident.id, rev: incident.revision },
  }));
  return { kind: 'buttons', buttons };
}

/** How things stand: what is unresolved and how bad, what is silenced, and whether messages get through. */
export function statusCard(view: StatusView, context: CardContext): Card {
  const t = texts(context.locale);
  const words = t.statusPage;
  const unresolved = view.open + view.acknowledged;
  const count = (label: string, n: number) => ({ label, value: line(String(n), 'bold'), short: true });
  const blocks: readonly Block[] = [
    ...(unresolved === 0 ? [{ kind: 'text', text: line(words.calm) } as const] : []),
    {
      kind: 'fields',
      fields: [
        count(words.open, view.open),
        count(words.acknowledged, view.acknowledged),
        ...(unresolved === 0
          ? []
          : [{ label: words.severities, value: line(severityCounts(view.bySeverity, context)), short: false }]),
        count(words.silences, view.silences),
        count(words.waiting, view.waiting),
      ],
    },
    ...worst(view.worst ?? [], context),
    ...targets(view, context),
  ];
  const tone = unresolved === 0 ? 'resolved' : view.bySeverity.critical > 0 ? 'critical' : 'neutral';
  return answerCard({ title: words.title, tone, blocks }, context);
}

function worst(incidents: readonly Incident[], context: CardContext): readonly Block[] {
  if (incidents.length === 0) return [];
  const listed = incidents.slice(0, MAX_SHOW_BUTTONS);
  return [
    { kind: 'text', text: line(texts(context.locale).statusPage.worst, 'bold') },
    { kind: 'list', ordered: false, items: listed.map((incident) => incidentLine(incident, context)) },
    showButtons(listed, context),
  ];
}

/** Folded while all is well; a target in trouble is the news. */
function targets(view: StatusView, context: CardContext): readonly Block[] {
  const words = texts(context.locale).statusPage;
  if (view.targets.length === 0) return [];
  const troubled = view.targets.filter(({ state, pending }) => state !== 'ok' || pending);
  const ordered = [...troubled, ...view.targets.filter((target) => !troubled.includes(target))];
  const more = ordered.length - MAX_TARGETS;
  const items: readonly Rich[] = [
    ...ordered
      .slice(0, MAX_TARGETS)
      .map(({ name, state, pending }) =>
        dotted(
          [piece(name, undefined, 60)],
          [piece(stateWord(state, words.targetState), state === 'ok' ? 'muted' : 'bold')],
          pending ? line(words.pending, 'bold') : [],
        ),
      ),
    ...(more > 0 ? [line(words.more(more), 'muted')] : []),
  ];
  const title = words.targets(view.targets.length);
  return [
    { kind: 'section', title, collapsed: troubled.length === 0, blocks: [{ kind: 'list', ordered: false, items }] },
  ];
}

const stateWord = (state: string, words: Readonly<Record<string, string>>): string =>
  Object.hasOwn(words, state) ? (words[state] ?? state) : state;
