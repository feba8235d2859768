import type { Card, Tone } from '../cards/card.ts';
import type { Incident } from '../incident/incident.ts';
import { cardHtml } from './card-html.ts';
import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import type { DeliveryLine, HealthPart, IncidentPage } from './ports.ts';
import { TIMELINE_TEXTS, type Texts } from './texts.ts';
import type { Times } from './times.ts';
import type { Visitor } from './visitor.ts';

/** The console's first page: is everything well, and what is open. */
export const homeHtml = (
  health: readonly HealthPart[],
  open: readonly Incident[],
  visitor: Visitor,
  times: Times,
): Html =>
  html`<section class="hero">
      <h1>${visitor.texts.brand}</h1>
      <p class="muted">${visitor.texts.tagline}</p>
      <p class="hero-links">
        <a class="btn btn-primary" href="/playground">${ICONS.chat}${visitor.texts.openChat}</a>
        <a class="btn btn-default" href="/api/v1/openapi.json">${visitor.texts.api}</a>
        <a class="btn btn-default" href="/metrics">${visitor.texts.metrics}</a>
      </p>
    </section>
    <h2>${visitor.texts.health}</h2>
    <ul class="health">
      ${health.map((part) => healthHtml(part, visitor.texts))}
    </ul>
    <h2>${visitor.texts.openIncidents} <span class="count">${open.length}</span></h2>
    ${tableHtml(open, visitor.texts.noOpenIncidents, visitor.texts, times)}`;

export const incidentsHtml = (incidents: readonly Incident[], { texts }: Visitor, times: Times): Html =>
  html`<h1>${texts.recentIncidents}</h1>
    ${tableHtml(incidents, texts.noIncidents, texts, times)}`;

/** One incident: its card, its story, and where it was shown. */
export const incidentHtml = (page: IncidentPage, { texts, locale }: Visitor, times: Times): Html =>
  html`<h1 class="incident-title">
      <a href="/incidents">${texts.incidents}</a>${ICONS.chevron}<span>${page.incident.id}</span>
    </h1>
    <div class="incident" data-live="${page.incident.id}" data-revision="${page.incident.revision}">
      <div class="incident-card">${cardHtml(readOnly(page.card), texts)}</div>
      <div>
        <h2>${texts.timeline}</h2>
        <ol class="timeline">
          ${page.timeline.map(
            ({ at, kind, actor, data }) =>
              html`<li class="kind-${kind}">
                <p>
                  <strong>${TIMELINE_TEXTS[locale][kind]}</strong>
                  <span class="muted">${actor.name} · ${times.full(at)}</span>
                </p>
                ${factsHtml(data)}
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

/** Deciding happens in the chat, under the name of whoever does it. */
const readOnly = (card: Card): Card => ({
  ...card,
  blocks: card.blocks.filter(({ kind }) => kind !== 'buttons' && kind !== 'form'),
});

const healthHtml = ({ name, ok, detail }: HealthPart, texts: Texts): Html =>
  html`<li class="${ok ? 'ok' : 'bad'}">
    <span class="dot" aria-hidden="true"></span><strong>${name}</strong>
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
                >${incident.id} · ${times.full(incident.openedAt)} · ${texts.alerts}
                ${incident.firingCount}/${incident.alertsCount}</span
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

function factsHtml(data: Readonly<Record<string, string | number>>): Html | false {
  const facts = Object.entries(data);
  return (
    facts.length > 0 &&
    html`<p class="facts">
      ${facts.map(([name, value]) => html`<span><span class="muted">${name}</span> ${value}</span>`)}
    </p>`
  );
}

function deliveriesHtml(lines: readonly DeliveryLine[], texts: Texts, times: Times): Html {
  if (lines.length === 0) return html`<p class="nothing">${texts.none}</p>`;
  return html`<ul class="deliveries">
    ${lines.map(
      ({ target, state, attempts, at, latencyMs, error }) =>
        html`<li>
          <code>${target}</code><span class="tag tone-${state === 'dead' ? 'critical' : 'neutral'}">${state}</span>
          <span class="muted"
            >${at !== undefined && times.full(at)} · ${texts.attempts}
            ${attempts}${latencyMs !== undefined && ` · ${latencyMs} ms`}</span
          >
          ${error !== undefined && html`<p class="note">${error}</p>`}
        </li>`,
    )}
  </ul>`;
}
