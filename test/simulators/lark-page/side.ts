import type { Faults } from '../lark/faults.ts';
import type { LarkSimulator } from '../lark/simulator.ts';
import type { Chat } from '../lark/world.ts';
import { html, type Markup } from './html.ts';
import { nameOf, type View } from './view.ts';

export type PlatformState = Faults['outage'] | 'throttled';
export const STATES: readonly PlatformState[] = ['none', 'throttled', 'unreachable', 'answering-503'];

export const groupsOf = ({ world }: LarkSimulator): readonly Chat[] =>
  [...world.chats.values()].filter(({ type }) => type === 'group');

/** What the page tells beside the messages; drawn anew whenever it changes. */
export function side(lark: LarkSimulator, view: View, chat: Chat, state: PlatformState): Markup {
  const { words, me } = view;
  return html`<div class="rang">
      <span>${words.rang(nameOf(view, me))}</span>
      <b id="rang">${ringsOf(lark, me)}</b><span>${words.times}</span>
      <small>${words.noRing}</small>
    </div>
    <h2>${words.groups}</h2>
    <nav>
      ${groupsOf(lark).map(
        (each) =>
          html`<a
            href="?${new URLSearchParams({ as: me, chat: each.id }).toString()}"
            data-chat="${each.id}"
            class="${each.id === chat.id && 'here'}"
            >${each.name}${!each.botInside && html` <small>·</small>`}</a
          >`,
      )}
    </nav>
    <button type="button" class="button default" data-do="group">${words.addGroup}</button>
    <button type="button" class="button text" data-do="${chat.botInside ? 'remove' : 'bring'}">
      ${chat.botInside ? words.removeBot : words.bringBot}
    </button>
    <h2>${words.platform}</h2>
    <div class="states" role="group">
      ${STATES.map(
        (each) =>
          html`<button type="button" data-state="${each}" aria-pressed="${each === state ? 'true' : 'false'}">
            ${words.states[each]}
          </button>`,
      )}
    </div>
    <p class="line ${lark.connections.open().length > 0 ? 'up' : 'down'}">
      ${words.connection(lark.connections.open().length)}
    </p>
    <h2>${words.calls}</h2>
    ${calls(lark, view)}`;
}

/** Every message of others rings, and so does every urgent call; an edit does not. */
const ringsOf = ({ world }: LarkSimulator, me: string): number =>
  world.notifications.filter(
    ({ people, messageId }) => people.includes(me) && world.messages.get(messageId)?.sender !== me,
  ).length;

function calls({ calls: all }: LarkSimulator, { words }: View): Markup {
  const open = all.filter(({ path }) => path.startsWith('/open-apis/'));
  const refused = open.filter(({ code, status }) => status !== 200 || (code ?? 0) !== 0).length;
  const posts = open.filter(({ method, path }) => method === 'POST' && /\/messages(?:$|\/[^/]+\/reply$)/.test(path));
  const edits = open.filter(({ method, path }) => method === 'PATCH' && /\/messages\/[^/]+$/.test(path));
  const others = open.length - posts.length - edits.length;
  const counts = { posts: posts.length, edits: edits.length, others, refused };
  return html`<dl class="calls" data-total="${open.length}">
    ${(['posts', 'edits', 'others', 'refused'] as const).map(
      (name) =>
        html`<div>
          <dd>${counts[name]}</dd>
          <dt>${words.call[name]}</dt>
        </div>`,
    )}
  </dl>`;
}
