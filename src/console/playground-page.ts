import type { HelpEntry } from '../cards/view.ts';
import type { Person } from '../channels/playground/people.ts';
import type { PlaygroundThread } from '../channels/playground/ports.ts';
import type { Locale } from '../types.ts';
import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import { type Reader, avatarHtml, threadHtml } from './message-html.ts';
import { switchesHtml } from './switches.ts';
import type { Texts } from './texts.ts';
import type { Visitor } from './visitor.ts';

export interface PlaygroundPage {
  readonly visitor: Visitor;
  readonly reader: Reader;
  readonly people: readonly Person[];
  readonly rooms: readonly string[];
  readonly room: string;
  readonly threads: readonly PlaygroundThread[];
  /** There may be older threads than these. */
  readonly more: boolean;
  readonly commands: readonly HelpEntry[];
  readonly publicUrl: string;
}

/** The chat: rooms and identity at the side, the room's threads, and the composer below. */
export function playgroundBody(page: PlaygroundPage): Html {
  const { reader, room, visitor } = page;
  const { texts } = visitor;
  const words = { failed: texts.failed, offline: texts.offline, live: texts.live, connecting: texts.connecting };
  return html`<div
      class="app"
      id="app"
      data-room="${room}"
      data-person="${reader.person.id}"
      data-lang="${visitor.locale}"
      data-words="${JSON.stringify({ ...words, roomLocale: texts.roomLocale, roomLocaleDo: texts.roomLocaleDo })}"
    >
      ${sideHtml(page)}
      <main class="room">
        ${headHtml(page)}
        <div class="feed" id="feed" tabindex="0" role="log" aria-live="polite" aria-label="${room}">
          ${page.more && html`<button type="button" class="btn btn-default earlier" id="earlier">${texts.earlier}</button>`}
          <div class="threads" id="threads">${page.threads.map((thread) => threadHtml(thread, reader))}</div>
          ${emptyHtml(page)}
        </div>
        <button type="button" class="pill" id="jump" hidden>${ICONS.down}<span>${texts.newMessages}</span></button>
        ${composerHtml(page)}
      </main>
    </div>
    ${dialogHtml(texts)}
    <div class="toasts" id="toasts" role="status" aria-live="polite"></div>`;
}

function sideHtml({ visitor: { texts }, reader, people, rooms, room }: PlaygroundPage): Html {
  return html`<nav class="side" id="side" aria-label="${texts.rooms}">
    <a class="brand" href="/"
      ><span class="avatar bot" aria-hidden="true">${ICONS.bell}</span><span>${texts.brand}</span></a
    >
    <p class="side-label">${texts.rooms}</p>
    <ul class="rooms">
      ${rooms.map(
        (name) =>
          html`<li>
            <a
              href="${roomAddress(name, reader.person)}"
              data-room-link="${name}"
              ${name === room && html` aria-current="page"`}
              >${ICONS.hash}<span>${name}</span><span class="unread" hidden></span
            ></a>
          </li>`,
      )}
    </ul>
    <p class="side-label">${texts.you}</p>
    <ul class="people">
      ${people.map(
        (person) =>
          html`<li>
            <a href="${roomAddress(room, person)}" ${person.id === reader.person.id && html` aria-current="true"`}
              >${avatarHtml(person)}<span>${person.name}</span><span class="role">${texts[person.role]}</span></a
            >
          </li>`,
      )}
    </ul>
    <a class="side-foot" href="/">${ICONS.home}<span>${texts.home}</span></a>
  </nav>`;
}

const roomAddress = (room: string, person: Person): string =>
  `/playground?${new URLSearchParams({ room, as: person.id }).toString()}`;

function headHtml({ visitor: { texts, locale }, room, people, reader }: PlaygroundPage): Html {
  return html`<header class="room-head">
    <button
      type="button"
      class="icon-btn only-phone"
      id="menu"
      aria-label="${texts.menu}"
      aria-expanded="false"
      aria-controls="side"
    >
      ${ICONS.menu}
    </button>
    <div class="room-title">
      <h1>${ICONS.hash}${room}</h1>
      <p>
        <span class="live" id="live" data-state="connecting"><span>${texts.connecting}</span></span>
        <span class="members">${people.length + 1} ${texts.members}</span>
      </p>
    </div>
    <button type="button" class="icon-btn as only-phone" data-menu aria-label="${texts.you} ${reader.person.name}">
      ${avatarHtml(reader.person)}
    </button>
    ${switchesHtml({ texts, locale })}
  </header>`;
}

/** Shown by the style sheet while the room has no message. */
const emptyHtml = ({ visitor: { texts, locale }, publicUrl }: PlaygroundPage): Html =>
  html`<div class="empty">
    <span class="empty-icon">${ICONS.bell}</span>
    <h2>${texts.emptyTitle}</h2>
    <p>${texts.emptyText}</p>
    <pre><code>${sample(publicUrl, locale)}</code></pre>
  </div>`;

const MESSAGES: Readonly<Record<Locale, string>> = {
  'zh-CN': '[告警] 支付服务超时\\n服务: pay\\n级别: 严重',
  'en-US': '[alert] Payment times out\\nservice: pay\\nseverity: critical',
};

const sample = (publicUrl: string, locale: Locale): string =>
  `curl -H 'Content-Type: application/json' \\
  -d '{"message":"${MESSAGES[locale]}","sender_id":"demo"}' \\
  ${publicUrl}/api/alert`;

/** Offered as chips while nothing is typed. */
const QUICK = ['/help', '/status', '/incidents'];

function composerHtml({ visitor: { texts }, commands, people }: PlaygroundPage): Html {
  const options = commands.map(({ slash, usage, help }) => optionHtml(`@zhiban ${slash} `, usage || slash, help));
  const names = people.map(({ name }) => optionHtml(`@${name} `, `@${name}`, ''));
  return html`<form class="composer" id="composer" autocomplete="off">
    <ul class="suggest" id="suggest" role="listbox" aria-label="${texts.commands}" hidden>
      ${options}${names}
    </ul>
    <div class="chips" id="chips">
      ${QUICK.map((slash) => html`<button type="button" class="chip" data-say="@zhiban ${slash}">${slash}</button>`)}
    </div>
    <div class="replying" id="replying" hidden>
      <span class="muted">${texts.replyTo}</span><span id="replying-label"></span>
      <button type="button" class="icon-btn" id="replying-off" aria-label="${texts.cancel}">${ICONS.close}</button>
    </div>
    <div class="composer-row">
      <textarea
        id="typed"
        rows="1"
        maxlength="4000"
        placeholder="${texts.composer}"
        aria-label="${texts.composer}"
        aria-autocomplete="list"
        aria-controls="suggest"
      ></textarea>
      <button type="submit" class="send" aria-label="${texts.send}" title="${texts.send}">${ICONS.send}</button>
    </div>
  </form>`;
}

const optionHtml = (insert: string, text: string, help: string): Html =>
  html`<li role="option" aria-selected="false" data-insert="${insert}">
    <code>${text}</code><span class="muted">${help}</span>
  </li>`;

const dialogHtml = (texts: Texts): Html =>
  html`<dialog id="confirm" aria-labelledby="confirm-title">
    <form method="dialog">
      <h2 id="confirm-title"></h2>
      <p id="confirm-text"></p>
      <div class="dialog-buttons">
        <button class="btn btn-default" value="no">${texts.cancel}</button>
        <button class="btn btn-primary" value="yes" id="confirm-yes">${texts.confirm}</button>
      </div>
    </form>
  </dialog>`;
