import type { Block, Card, Field, LinkButton, Tag } from '../cards/card.ts';
import { chartSvg } from './chart-svg.ts';
import { buttonHtml, formHtml } from './form-html.ts';
import { type Html, html } from './html.ts';
import { ICONS, TONE_ICONS } from './icons.ts';
import { richHtml } from './rich-html.ts';
import type { Texts } from './texts.ts';

/** The neutral card as HTML. Pure; `texts` are only for what the card itself does not say (placeholders, hints). */
export function cardHtml(card: Card, texts: Texts): Html {
  const { tone, title, subtitle, tags, blocks, footer, incidentId, rev } = card;
  const identity = incidentId !== undefined && html` data-incident="${incidentId}"`;
  return html`<section class="card tone-${tone}" data-rev="${rev ?? 0}" ${identity} aria-label="${title}">
    <header class="card-head">
      <span class="card-icon">${TONE_ICONS[tone]}</span>
      <div class="card-heading">
        <h3>${title}</h3>
        ${subtitle !== undefined && html`<p>${subtitle}</p>`}
      </div>
      ${
        tags.length > 0 &&
        html`<ul class="tags">
          ${tags.map(tagHtml)}
        </ul>`
      }
    </header>
    ${blocks.length > 0 && html`<div class="card-body">${blocksHtml(blocks, 'b', texts)}</div>`}
    ${footer !== undefined && html`<footer class="card-foot">${footer}</footer>`}
  </section>`;
}

const tagHtml = ({ text, tone }: Tag): Html => html`<li class="tag tone-${tone}">${text}</li>`;

/** Sections that follow each other become one list, buttons and folded forms one row. */
function blocksHtml(blocks: readonly Block[], path: string, texts: Texts): readonly Html[] {
  const runs: { kind: string; blocks: Html[] }[] = [];
  for (const [index, block] of blocks.entries()) {
    const kind = block.kind === 'buttons' || block.kind === 'form' ? 'actions' : `${block.kind}s`;
    const run = runs.at(-1);
    // `path` names a block by where it stands, so that what a reader unfolded stays unfolded in the next revision.
    const drawn = blockHtml(block, `${path}.${index}`, texts);
    if (run !== undefined && run.kind === kind && (kind === 'actions' || kind === 'sections')) run.blocks.push(drawn);
    else runs.push({ kind, blocks: [drawn] });
  }
  return runs.map(({ kind, blocks: drawn }) =>
    kind === 'actions' || kind === 'sections' ? html`<div class="${kind}">${drawn}</div>` : html`${drawn}`,
  );
}

function blockHtml(block: Block, path: string, texts: Texts): Html {
  switch (block.kind) {
    case 'text':
      return html`<p class="text">${richHtml(block.text)}</p>`;
    case 'fields':
      return html`<dl class="fields">${block.fields.map(fieldHtml)}</dl>`;
    case 'section':
      return html`<details class="section" data-keep="${path}" ${!block.collapsed && html` open`}>
        <summary>${ICONS.chevron}<span>${block.title}</span></summary>
        <div class="section-body">${blocksHtml(block.blocks, path, texts)}</div>
      </details>`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${richHtml(item)}</li>`);
      return block.ordered
        ? html`<ol class="list">
            ${items}
          </ol>`
        : html`<ul class="list">
            ${items}
          </ul>`;
    }
    case 'chart':
      return chartSvg(block);
    case 'image':
      // As an image, and not inline, no script or link inside can do anything.
      return html`<img class="image" alt="${block.alt}" src="data:image/svg+xml;base64,${base64(block.svg)}" />`;
    case 'buttons':
      return html`${block.buttons.map((button) => buttonHtml(button))}`;
    case 'links':
      return html`<div class="links">${block.links.map((link) => linkHtml(link, texts))}</div>`;
    case 'form':
      return formHtml(block, path, texts);
    case 'divider':
      return html`<hr />`;
    case 'note':
    default:
      return html`<p class="note">${richHtml(block.text)}</p>`;
  }
}

const fieldHtml = ({ label, value, short }: Field): Html =>
  html`<div class="field${short ? '' : ' wide'}">
    <dt>${label}</dt>
    <dd>${richHtml(value)}</dd>
  </div>`;

/** The host shown is the address's own, whatever the card says: that is what a reader decides by. */
function linkHtml({ text, url }: LinkButton, texts: Texts): Html {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !['http:', 'https:'].includes(address.protocol))
    return html`<span class="link dead">${text}</span>`;
  return html`<a
    class="link"
    href="${address.href}"
    target="_blank"
    rel="noopener noreferrer nofollow"
    title="${texts.openLink}"
    ><span>${text}</span><span class="host">${address.host}</span>${ICONS.out}</a
  >`;
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
