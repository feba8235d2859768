import type { Incident } from '../incident/incident.ts';
import type { Block, Card, Tag, Tone } from './card.ts';
import { clean } from './clean.ts';
import { incidentActions } from './incident-actions.ts';
import { diagnosisBlocks } from './incident-diagnosis.ts';
import { incidentFacts } from './incident-facts.ts';
import { alertSection, evidenceSection, timelineSection } from './incident-sections.ts';
import { incidentUrl, linkButton, linkButtons } from './links.ts';
import { line } from './rich.ts';
import { texts } from './texts/texts.ts';
import type { CardContext, IncidentView } from './view.ts';

const MAX_LINKS = 6;
const MAX_TITLE = 90;
const MAX_SUMMARY = 300;

/**
 * The living card of one incident. Order is what a person woken at night needs: what and how bad (header), what it
 * means (summary), where, since when, who has it (facts), what it probably is and what to do, the buttons, and folded
 * away everything that backs it up. A function of stored facts: the same view gives an equal card at any time.
 */
export function incidentCard(view: IncidentView, context: CardContext): Card {
  const t = texts(context.locale);
  const { incident } = view;
  return {
    tone: toneOf(incident),
    title: t.card.title(t.severity[incident.severity], clean(incident.title, MAX_TITLE)),
    subtitle: `${incident.id} · ${t.status[incident.status]}`,
    tags: tagsOf(view, context),
    blocks: [
      ...summary(incident),
      ...incidentFacts(view, context),
      ...diagnosisBlocks(view, context),
      ...incidentActions(view, context),
      ...evidenceSection(view, context),
      ...alertSection(view, context),
      ...timelineSection(view, context),
      links(incident, context),
    ],
    footer: t.card.footer(sourceOf(incident), context.timezone),
    incidentId: incident.id,
    rev: incident.revision,
  };
}

/** What the header's colour says: that it is over, that nobody knows, else how bad it is. */
function toneOf(incident: Incident): Tone {
  if (incident.status === 'resolved') return 'resolved';
  return incident.staleSince === undefined ? incident.severity : 'stale';
}

/** What title and subtitle do not say; at most three, which is what platforms take. */
function tagsOf({ incident, diagnosis }: IncidentView, context: CardContext): readonly Tag[] {
  const t = texts(context.locale);
  const over = incident.status === 'resolved';
  const known = diagnosis !== undefined && (!over || diagnosis.status === 'confirmed');
  return [
    ...(incident.staleSince !== undefined && !over ? [{ text: t.card.staleTag, tone: 'stale' as const }] : []),
    ...(incident.silencedUntil !== undefined && !over ? [{ text: t.card.silencedTag, tone: 'neutral' as const }] : []),
    ...(known ? [{ text: t.diagnosisStatus[diagnosis.status], tone: 'info' as const }] : []),
  ];
}

/** Senders often repeat the title as the summary: saying it twice costs a line on a phone. */
function summary(incident: Incident): readonly Block[] {
  const text = clean(incident.summary, MAX_SUMMARY);
  return text === '' || text === clean(incident.title, MAX_SUMMARY) ? [] : [{ kind: 'text', text: line(text) }];
}

function links(incident: Incident, context: CardContext): Block {
  const t = texts(context.locale);
  const page = linkButton(t.card.details, incidentUrl(incident.id, context));
  const own = page === undefined ? [] : [page];
  return { kind: 'links', links: [...linkButtons(incident.links, t, MAX_LINKS - own.length), ...own] };
}

const sourceOf = ({ source, integration }: Incident): string =>
  clean(integration === 'default' ? source : `${source} (${integration})`, 60);
