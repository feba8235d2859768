import type { PlaygroundMessage, PlaygroundThread } from '../channels/playground/ports.ts';
import type { Person } from '../channels/playground/people.ts';
import { cardHtml } from './card-html.ts';
import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import { plainText, richHtml } from './rich-html.ts';
import type { Texts } from './texts.ts';
import type { Times } from './times.ts';

/** For whom messages are drawn. */
export interface Reader {
  readonly person: Person;
  readonly texts: Texts;
  readonly times: Times;
}

/** Replies beyond these are folded away. */
const SHOWN_REPLIES = 3;

/** One thread as one element: the page replaces it whole whenever anything in it changed. */
export function threadHtml(thread: PlaygroundThread, reader: Reader): Html {
  const { root, replies } = thread;
  const mine = root.author.id === reader.person.id && ' mine';
  const day = reader.times.day(root.createdAt);
  return html`<article
    class="message${mine}"
    id="m-${root.id}"
    data-message="${root.id}"
    data-version="${versionOf(thread)}"
    data-at="${root.createdAt}"
    data-day="${day}"
    data-author="${root.author.id}"
    data-label="${labelOf(root)}"
  >
    ${avatarHtml(root.author)}
    <div class="message-main">
      ${bylineHtml(root, reader)}${contentHtml(root, reader.texts)}
      ${replies.length > 0 && repliesHtml(replies, reader)}
    </div>
    <button
      type="button"
      class="icon-btn reply"
      data-reply="${root.id}"
      aria-label="${reader.texts.reply}"
      title="${reader.texts.reply}"
    >
      ${ICONS.reply}
    </button>
  </article>`;
}

/** Grows with every edit and every reply, so two of them tell which is newer. */
export const versionOf = ({ root, replies }: PlaygroundThread): number =>
  replies.reduce((sum, reply) => sum + reply.revision, root.revision);

/** A round picture: the bot's bell, or a person's initial in a colour of their own. */
export function avatarHtml({ id, name }: { readonly id: string; readonly name: string }): Html {
  if (id === 'zhiban') return html`<span class="avatar bot" aria-hidden="true">${ICONS.bell}</span>`;
  const initial = Array.from(name).at(/^[\x20-\x7e]+$/.test(name) ? 0 : -1) ?? '?';
  return html`<span class="avatar hue-${hueOf(id)}" aria-hidden="true">${initial}</span>`;
}

const hueOf = (id: string): number =>
  Array.from(id).reduce((sum, char) => (sum * 13 + (char.codePointAt(0) ?? 0)) % 6007, 0) % 6;

function bylineHtml(message: PlaygroundMessage, { texts, times }: Reader): Html {
  const { author, createdAt, editedAt } = message;
  const bot = author.id === 'zhiban' && html`<span class="badge">${texts.bot}</span>`;
  const edited = editedAt !== undefined && html`<span class="edited">${texts.edited} ${times.clock(editedAt)}</span>`;
  return html`<p class="byline"><span class="author">${author.name}</span>${bot}${times.clock(createdAt)}${edited}</p>`;
}

function contentHtml({ content, mentions }: PlaygroundMessage, texts: Texts): Html {
  if (content.kind === 'card') return cardHtml(content.card, texts);
  const named = content.text.flatMap((inline) => ('mention' in inline ? [inline.mention.id] : []));
  const others = mentions.filter(({ id }) => !named.includes(id)).map((mention) => ({ mention }));
  return html`<p class="bubble">${others.map((other) => html`${richHtml([other])} `)}${richHtml(content.text)}</p>`;
}

function repliesHtml(replies: readonly PlaygroundMessage[], reader: Reader): Html {
  const folded = replies.length > SHOWN_REPLIES + 1 ? replies.slice(0, -SHOWN_REPLIES) : [];
  const shown = replies.slice(folded.length);
  return html`<div class="replies">
    ${
      folded.length > 0 &&
      html`<details class="folded" data-keep="replies">
        <summary>${folded.length} ${reader.texts.replies}</summary>
        ${folded.map((reply) => replyHtml(reply, reader))}
      </details>`
    }
    ${shown.map((reply) => replyHtml(reply, reader))}
  </div>`;
}

const replyHtml = (reply: PlaygroundMessage, reader: Reader): Html =>
  html`<div class="reply-row" id="m-${reply.id}">
    ${avatarHtml(reply.author)}
    <div class="message-main">${bylineHtml(reply, reader)}${contentHtml(reply, reader.texts)}</div>
  </div>`;

/** What a reply says it answers. */
const labelOf = ({ author, content }: PlaygroundMessage): string =>
  content.kind === 'card' ? content.card.title : `${author.name}: ${plainText(content.text).slice(0, 80)}`;
