import type { Block, Card, Tone } from '../cards/card.ts';
import { incidentUrl } from '../cards/links.ts';
import { timelineLine } from '../cards/timeline-line.ts';
import type { CardContext } from '../cards/view.ts';
import type { Incident } from '../incident/incident.ts';
import type { Locale } from '../types.ts';
import { cardHtml } from './card-html.ts';
import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import type { DeliveryLine, HealthPart, IncidentPage } from './ports.ts';
import { richHtml } from './rich-html.ts';
import { PART_TEXTS, type Texts } from './texts.ts';
import type { Times } from './times.ts';
import type { Visitor } from './visitor.ts';

/** The console's first page: what is open, and whether everything is well; what is not comes first. */
export function homeHtml(
  health: readonly HealthPart[],
  open: readonly Incident[],
  { texts, locale }: Visitor,
  times: Times,
  more: boolean,
): Html {
  const parts = html`<h2>${texts.health}</h2>
    <ul class="health">
      ${health.map((part) => healthHtml(part, texts, locale))}
    </ul>`;
  const well = health.every(({ ok }) => ok);
  return html`<section class="hero">
      <h1>${texts.brand}</h1>
      <p class="muted">${texts.tagline}</p>
      <p class="hero-links">
        <a class="btn btn-primary" href="/playground">${ICONS.chat}${texts.openChat}</a>
        <a class="btn btn-default" href="/api/v1/openapi.json">${texts.api}</a>
        <a class="btn btn-default" href="/metrics">${texts.metrics}</a>
      </p>
    </section>
    ${!well && parts}
    <h2>${texts.openIncidents} <span class="count">${open.length}${more && '+'}</span></h2>
    ${tableHtml(open, texts.noOpenIncidents, texts, times)}
    ${more && html`<p class="more"><a href="/incidents">${texts.allIncidents}</a></p>`} ${well && parts}`;
}

export const incidentsHtml = (incidents: readonly Incident[], { texts }: Visitor, times: Times): Html =>
  html`<h1>${texts.recentIncidents}</h1>
    ${tableHtml(incidents, texts.noIncidents, texts, times)}`;

/** One incident: its card, its story, and where it was shown. */
export const incidentHtml = (page: IncidentPage, { texts }: Visitor, context: CardContext, times: Times): Html =>
  html`<h1 class="incident-title">
      <a href="/incidents">${texts.incidents}</a>${ICONS.chevron}<span>${page.incident.id}</span>
    </h1>
    <div class="incident" data-live="${page.incident.id}" data-revision="${page.incident.revision}">
      <div class="incident-card">${cardHtml(readOnly(page.card, incidentUrl(page.incident.id, context)), texts)}</div>
      <div>
        <h2>${texts.timeline}</h2>
        <ol class="timeline">
          ${page.timeline.map(
            (entry) =>
              html`<li class="kind-${entry.kind}">
                ${richHtml(timelineLine(entry, page.incident.openedAt, context))}
              </li>`,
          )}
        </ol>
        <h2>${texts.deliveries}</h2>
        ${deliveriesHtml(page.deliveries, texts, times)}
      </div>
    </div>`;

export const notFoundHtml = ({ texts }: Visitor): Html =>
  html`<section class="hero">
    <h1>${texts.notFound}</h1>
    <p class="muted">${texts.notFoundText}</p>
    <p class="hero-links"><a class="btn btn-primary" href="/">${texts.back}</a></p>
  </section>`;

/** Deciding happens in the chat, under the name of whoever does it; and nobody needs a link to the page they are on. */
const readOnly = (card: Card, here: string): Card => ({
  ...card,
  blocks: card.blocks.flatMap((block): readonly Block[] => {
    if (block.kind === 'buttons' || block.kind === 'form') return [];
    if (block.kind !== 'links') return [block];
    const links = block.links.filter(({ url }) => url !== here);
    return links.length === 0 ? [] : [{ ...block, links }];
  }),
});

const healthHtml = ({ name, ok, detail }: HealthPart, texts: Texts, locale: Locale): Html =>
  html`<li class="${ok ? 'ok' : 'bad'}">
    <span class="dot" aria-hidden="true"></span><strong>${PART_TEXTS[locale][name] ?? name}</strong>
    <span class="muted">${detail ?? (ok ? texts.ok : texts.bad)}</span>
  </li>`;

function tableHtml(incidents: readonly Incident[], none: string, texts: Texts, times: Times): Html {
  if (incidents.length === 0) return html`<p class="nothing">${none}</p>`;
  return html`<ul class="incidents">
    ${incidents.map(
      (incident) =>
        html`<li>
          <a href="/incidents/${encodeURIComponent(incident.id)}">
            <span class="bar tone-${toneOf(incident)}" aria-hidden="true"></span>
            <span class="incident-main"
              ><strong>${incident.title}</strong
              ><span class="muted"
                ><span class="fact">${incident.id}</span> ·
                <span class="fact">${times.short(incident.openedAt)}</span> ·
                <span class="fact">${texts.alerts} ${incident.firingCount}/${incident.alertsCount}</span></span
              ></span
            >
            <span class="tag tone-${toneOf(incident)}">${texts[incident.severity]} · ${texts[incident.status]}</span>
            <span class="who muted">${incident.assignee ?? texts.nobody}</span>
          </a>
        </li>`,
    )}
  </ul>`;
}

function toneOf({ status, severity, staleSince }: Incident): Tone {
  if (status === 'resolved') return 'resolved';
  return staleSince === undefined ? severity : 'stale';
}

function deliveriesHtml(lines: readonly DeliveryLine[], texts: Texts, times: Times): Html {
  if (lines.length === 0) return html`<p class="nothing">${texts.none}</p>`;
  return html`<ul class="deliveries">
    ${lines.map(
      ({ target, verb, state, at, latencyMs, error }) =>
        html`<li>
          <span class="muted">${at !== undefined && times.full(at)}</span>
          <span>${wordOf(texts, verb)}</span><code>${target}</code>
          ${state !== 'ok' && html`<span class="tag tone-critical">${state}</span>`}
          ${latencyMs !== undefined && html`<span class="muted">${Math.round(latencyMs)} ms</span>`}
          ${error !== undefined && html`<p class="note">${error}</p>`}
        </li>`,
    )}
  </ul>`;
}

const wordOf = (texts: Texts, verb: DeliveryLine['verb']): string =>
  ({
    post: texts.posted,
    edit: texts.editedCard,
    send: texts.answered,
    attention: texts.rang,
    page: texts.paged,
  })[verb ?? ''] ??
  verb ??
  '';
