import type { Inline, Rich } from '../cards/card.ts';
import { type Html, html } from './html.ts';

/** Formatted text: line breaks are kept by the style sheet. */
export const richHtml = (rich: Rich): Html => html`${rich.map(inlineHtml)}`;

/** The same without formatting, for places that hold one line of plain text. */
export const plainText = (rich: Rich): string =>
  rich.map((inline) => ('mention' in inline ? `@${inline.mention.name}` : inline.text)).join('');

function inlineHtml(inline: Inline): Html {
  if ('mention' in inline) {
    const { id, name } = inline.mention;
    return html`<span class="mention" data-person="${id}">@${name}</span>`;
  }
  switch (inline.style) {
    case 'bold':
      return html`<strong>${inline.text}</strong>`;
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'muted':
      return html`<span class="muted">${inline.text}</span>`;
    case 'strike':
      return html`<s>${inline.text}</s>`;
    case undefined:
    default:
      return html`${inline.text}`;
  }
}
