import { cardHash } from '../cards/card-hash.ts';
import type { Card } from '../cards/card.ts';
import { changesBetween, factsOf } from '../cards/facts.ts';
import { fit } from '../cards/fit.ts';
import { incidentCard } from '../cards/incident-card.ts';
import { plainText } from '../cards/plain-text.ts';
import { stormCard } from '../cards/storm-card.ts';
import type { CardContext, IncidentView, ShownFacts, StormView } from '../cards/view.ts';
import type { Limits } from '../channels/channel.ts';
import { SEVERITIES } from '../incident/alert.ts';
import type { Rendered } from './step.ts';

/** What a placement shows. */
export type Subject =
  | { readonly kind: 'incident'; readonly view: IncidentView }
  | { readonly kind: 'storm'; readonly view: StormView };

export interface RenderedSubject extends Rendered {
  readonly card: Card;
  readonly facts: ShownFacts;
  readonly revision: number;
}

/** The card of a subject as it is now, and what is new since `shown`. `plain`: in words alone, for a picky platform. */
export function renderSubject(
  subject: Subject,
  shown: ShownFacts | undefined,
  context: CardContext,
  limits: Limits,
  plain: boolean,
): RenderedSubject {
  const rich = subject.kind === 'incident' ? incidentCard(subject.view, context) : stormCard(subject.view, context);
  const card = fit(plain ? plainCard(rich) : rich, limits);
  const facts = subject.kind === 'incident' ? factsOf(subject.view) : stormFacts(subject.view);
  return {
    card,
    facts,
    hash: cardHash(withoutRevision(card)),
    changes: changesBetween(shown, facts),
    revision: subject.kind === 'incident' ? subject.view.incident.revision : subject.view.revision,
    ring: facts.ring,
  };
}

/** A storm in the words of incidents: it opens, gets worse and ends. */
const stormFacts = (view: StormView): ShownFacts => ({
  status: view.endedAt === undefined ? 'open' : 'resolved',
  severity: SEVERITIES.find((severity) => view.bySeverity[severity] > 0) ?? 'info',
  diagnosis: '',
  ring: 0,
});

/** Buttons carry the revision they were painted at; a card that differs in nothing else looks and acts the same. */
const withoutRevision = (card: Card): Card =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a card less `rev`, which is optional everywhere
  JSON.parse(JSON.stringify(card, (name, value: unknown) => (name === 'rev' ? undefined : value))) as Card;

const MAX_PLAIN = 1500;

/** What a platform that refused the card is offered once: its words, nothing to press and nothing to fold. */
function plainCard(card: Card): Card {
  const { tone, title, incidentId, rev } = card;
  const text = plainText({ ...card, tags: [], blocks: card.blocks.filter(({ kind }) => kind !== 'links') });
  const body = text.slice(text.indexOf('\n') + 1).slice(0, MAX_PLAIN);
  return {
    tone,
    title,
    tags: [],
    blocks: [{ kind: 'text', text: [{ text: body.toWellFormed() }] }],
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(rev === undefined ? {} : { rev }),
  };
}
