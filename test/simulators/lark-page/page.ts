import type { LarkSimulator } from '../lark/simulator.ts';
import type { Chat, Message, User } from '../lark/world.ts';
import { html, type Markup } from './html.ts';
import { thread } from './message.ts';
import { side, type PlatformState } from './side.ts';
import type { View } from './view.ts';

export interface Person {
  readonly user: User;
  /** What the person may do, in the words of the page's language. */
  readonly note?: string;
}

export interface Scene {
  readonly lark: LarkSimulator;
  readonly view: View;
  readonly chat: Chat;
  readonly people: readonly Person[];
  readonly state: PlatformState;
}

/** The messages of a chat as one person sees them: those in the group itself, each with its thread, oldest first. */
export function threadsOf({ view: { world, me }, chat }: Scene): readonly (readonly [Message, readonly Message[]])[] {
  const all = [...world.messages.values()].filter(
    ({ chatId, visibleTo }) => chatId === chat.id && (visibleTo === undefined || visibleTo === me),
  );
  const byRoot = Map.groupBy(all, ({ rootId, id }) => rootId ?? id);
  return [...byRoot].flatMap(([id, messages]) => {
    const root = messages.find((each) => each.id === id);
    return root ? [[root, messages.filter((each) => each !== root)] as const] : [];
  });
}

export const drawSide = ({ lark, view, chat, state }: Scene): Markup => side(lark, view, chat, state);

/** The whole page. Its script keeps it up to date. */
export function page(scene: Scene): Markup {
  const { view, chat, people } = scene;
  const { words, me, locale } = view;
  const data = JSON.stringify({ failed: words.failed, pressFailed: words.pressFailed(0), replying: words.replying });
  const lang = locale === 'zh_cn' ? 'zh-CN' : 'en-US';
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${chat.name} · ${words.title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/page.css" />
        <script type="module" src="/page.js"></script>
      </head>
      <body data-words="${data}" data-as="${me}" data-chat="${chat.id}" data-lang="${lang}">
        <aside id="aside">
          <h1>${words.title}</h1>
          <label class="who"
            >${words.me}
            <select id="as">
              ${people.map(
                ({ user, note }) =>
                  html`<option value="${user.openId}" ${user.openId === me && html`selected`}>
                    ${user.name}${note !== undefined && ` · ${note}`}
                  </option>`,
              )}
            </select></label
          >
          <div id="side">${drawSide(scene)}</div>
          <p class="prefs">
            <button type="button" class="button text" data-do="language">${words.language}</button>
            <button type="button" class="button text" data-do="theme">${words.theme}</button>
          </p>
          <p class="fine">${words.note}</p>
        </aside>
        <main>
          <header class="top">
            <button type="button" id="menu" aria-label="${words.menu}">≡</button>
            <h2>${chat.name}</h2>
            <span>${words.members(chat.members.size)}</span>
            <i id="live" title="live"></i>
          </header>
          <div id="feed" data-empty="${words.empty}">
            ${threadsOf(scene).map(([root, replies]) => thread(view, root, replies))}
          </div>
          ${composer(scene)}
        </main>
        ${dialog(view)}
        <div id="toasts" role="status"></div>
      </body>
    </html>`;
}

const composer = ({ view: { words } }: Scene): Markup =>
  html`<form id="composer">
    <p id="replying" hidden><span></span> <button type="button" data-do="unreply">×</button></p>
    <p class="quick">${words.quick.map((text) => html`<button type="button" data-quick="${text}">${text}</button>`)}</p>
    <div>
      <input id="typed" autocomplete="off" maxlength="2000" placeholder="${words.say}" aria-label="${words.say}" />
      <button class="button primary_filled">${words.send}</button>
    </div>
  </form>`;

const dialog = ({ words }: View): Markup =>
  html`<dialog id="confirm">
    <form method="dialog">
      <h3></h3>
      <p></p>
      <div>
        <button class="button default" value="no">${words.no}</button>
        <button class="button primary_filled" value="yes">${words.yes}</button>
      </div>
    </form>
  </dialog>`;
