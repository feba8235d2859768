import type { Inline, Rich } from '../cards/card.ts';
import { type Html, html } from './html.ts';

/** Formatted text: line breaks are kept by the style sheet. */
export const richHtml = (rich: Rich): Html => html`${rich.map(inlineHtml)}`;

/** The same without formatting, for places that hold one line of plain text. */
export const plainText = (rich: Rich): string =>
  rich.map((inline) => ('mention' in inline ? `@${inline.mention.name}` : inline.text)).join('');

/** An incident's id or a moment as cards write it: one thing to read, though it has places where a line may break. */
const WHOLE = /(INC-\d{8}-\d{1,9}|\b\d\d-\d\d \d\d:\d\d(?::\d\d)?)/;

const WHOLE_CODE = new RegExp(`^${WHOLE.source}$`);

/** `split` puts what the group caught at every odd place. A separator stays with what stands before it. */
const proseHtml = (text: string): Html =>
  html`${text
    .replaceAll(' · ', '\u00a0· ')
    .split(WHOLE)
    .map((part, index) => (index % 2 === 1 ? html`<span class="whole">${part}</span>` : part))}`;

function inlineHtml(inline: Inline): Html {
  if ('mention' in inline) {
    const { id, name } = inline.mention;
    return html`<span class="mention" data-person="${id}">@${name}</span>`;
  }
  switch (inline.style) {
    case 'bold':
      return html`<strong>${proseHtml(inline.text)}</strong>`;
    case 'code':
      return html`<code${WHOLE_CODE.test(inline.text) && html` class="whole"`}>${inline.text}</code>`;
    case 'muted':
      return html`<span class="muted">${proseHtml(inline.text)}</span>`;
    case 'strike':
      return html`<s>${inline.text}</s>`;
    case undefined:
    default:
      return proseHtml(inline.text);
  }
}
