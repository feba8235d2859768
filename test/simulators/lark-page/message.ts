import { isJson } from '../lark/answer.ts';
import { cardOf, contentOf, type Message } from '../lark/world.ts';
import { card } from './card.ts';
import { html, type Markup, NOTHING, type Part } from './html.ts';
import { link, mention } from './markdown.ts';
import { listIn, nameOf, textIn, timeOf, type View } from './view.ts';

/** The keys that the platform sends; a person's client shows faces for them. */
export const EMOJI = ['OnIt', 'DONE', 'THUMBSUP', 'Get'] as const;

/** A message that stands in the group itself, with its thread under it. */
export function thread(view: View, root: Message, replies: readonly Message[]): Markup {
  return html`<article class="thread" id="t-${root.id}" data-at="${root.createdAt}">
    ${message(view, root)}
    ${
      replies.length > 0 &&
      html`<div class="replies">
        <p class="count">${view.words.replies(replies.length)}</p>
        ${replies.map((reply) => message(view, reply))}
      </div>`
    }
  </article>`;
}

/** `data-version` says which version of a card its buttons belong to. */
export function message(view: View, shown: Message): Markup {
  const { words, me } = view;
  if (shown.recalled) return html`<p class="gone">${words.withdrawn(nameOf(view, shown.sender))}</p>`;
  const isBot = !view.world.users.has(shown.sender);
  // Each message counts what can be used in it from 0.
  const own = { ...view, components: [] };
  return html`<div
    class="message ${shown.sender === me && 'mine'}"
    data-message="${shown.id}"
    data-version="${shown.versions.length - 1}"
  >
    <span class="avatar ${isBot ? 'bot' : `p${hueOf(view, shown.sender)}`}">${initial(view, shown.sender, isBot)}</span>
    <div class="main">
      <p class="by">
        <b>${nameOf(view, shown.sender)}</b>
        ${isBot && html`<span class="bot-mark">${words.isBot}</span>`}
        <time>${timeOf(view, shown.createdAt, true)}</time>
        ${shown.edits > 0 && html`<span class="edits">${words.edited(shown.edits)}</span>`}
        ${shown.visibleTo !== undefined && html`<span class="edits">${words.onlyYou}</span>`}
      </p>
      ${content(own, shown)} ${under(view, shown)}
    </div>
    ${menu(view, shown)}
  </div>`;
}

const initial = (view: View, sender: string, isBot: boolean): string =>
  isBot ? '值' : (Array.from(nameOf(view, sender))[0] ?? '?');
const hueOf = ({ world }: View, sender: string): number => [...world.users.keys()].indexOf(sender) % 6;

function content(view: View, shown: Message): Markup {
  const made = cardOf(shown);
  if (made) return card(view, made);
  const value: unknown = JSON.parse(contentOf(shown));
  const body = shown.type === 'post' ? post(view, value) : said(view, shown, textIn(value, 'text') ?? '');
  return html`<div class="bubble">${body}</div>`;
}

/** In a text, `@_user_1` stands for who was mentioned first, and `<at …>` is markup when an app wrote it. */
function said(view: View, { mentioned = [] }: Message, text: string): Markup {
  const parts = text.split(/(@_user_\d+|<at user_id="[^"]*">[^<]*<\/at>)/);
  return html`<p>
    ${parts.map((part): Part => {
      const key = /^@_user_(\d+)$/.exec(part)?.[1];
      const id = key === undefined ? /^<at user_id="([^"]*)"/.exec(part)?.[1] : mentioned[Number(key) - 1];
      return id === undefined ? lines(part) : mention(view, id);
    })}
  </p>`;
}

const lines = (text: string): readonly Part[] =>
  text.split('\n').map((line, index) => (index === 0 ? line : html`<br />${line}`));

/** Paragraphs of pieces, each piece data: text is text whatever it looks like. */
function post(view: View, value: unknown): Markup {
  const translated = isJson(value) ? (value[view.locale] ?? value['zh_cn'] ?? value['en_us'] ?? value) : undefined;
  const title = textIn(translated, 'title') ?? '';
  return html`${title !== '' && html`<h4>${title}</h4>`}
  ${listIn(translated, 'content').map(
    (paragraph) => html`<p>${Array.isArray(paragraph) && paragraph.map((piece: unknown) => pieceOf(view, piece))}</p>`,
  )}`;
}

function pieceOf(view: View, piece: unknown): Markup {
  if (!isJson(piece)) return NOTHING;
  const text = textIn(piece, 'text') ?? '';
  if (piece['tag'] === 'at') return mention(view, textIn(piece, 'user_id') ?? '');
  if (piece['tag'] === 'a') return link(textIn(piece, 'href') ?? '', text);
  const styles = listIn(piece, 'style');
  if (styles.includes('bold')) return html`<b>${lines(text)}</b>`;
  return styles.includes('lineThrough') ? html`<s>${lines(text)}</s>` : html`${lines(text)}`;
}

function under({ world, words }: View, shown: Message): Markup {
  const byEmoji = [...Map.groupBy(shown.reactions, ({ emoji }) => emoji)];
  const buzzed = world.notifications.filter(({ messageId, kind }) => messageId === shown.id && kind !== 'message');
  if (byEmoji.length + buzzed.length === 0) return NOTHING;
  return html`<p class="under">
    ${byEmoji.map(([emoji, all]) => html`<span class="reaction">${emoji} ${all.length > 1 && all.length}</span>`)}
    ${buzzed.map(({ kind, people }) => html`<span class="buzz">${words.urgent[kind]} · ${people.length}</span>`)}
  </p>`;
}

const menu = ({ words }: View, { visibleTo }: Message): Markup =>
  visibleTo === undefined
    ? html`<div class="do">
        <button type="button" data-do="reply">${words.reply}</button>
        <details class="emoji">
          <summary>${words.react}</summary>
          <div>${EMOJI.map((key) => html`<button type="button" data-emoji="${key}">${key}</button>`)}</div>
        </details>
        <button type="button" data-do="withdraw">${words.withdraw}</button>
      </div>`
    : NOTHING;
