const app = document.querySelector('#app');
const feed = document.querySelector('#feed');
const threads = document.querySelector('#threads');
const jump = document.querySelector('#jump');

/** Fetches at once; a storm of events waits its turn here. */
const PARALLEL = 4;
const FLASH_MS = 1600;
/** Room left above a card that is scrolled to. */
const HEAD_PX = 10;
/** How long what one has said is kept in view while its answer arrives. */
const OWN_MS = 10_000;
const ARRIVE_MS = 600;

export const query = () => new URLSearchParams({ as: app.dataset.person }).toString();
const elementOf = (id) => document.querySelector(`#m-${CSS.escape(id)}`);
/** Where the newest thread is read from: its end, or its head when it is taller than the window. */
const newest = () => {
  const last = threads.lastElementChild;
  const end = feed.scrollHeight - feed.clientHeight;
  if (last === null) return end;
  const head = feed.scrollTop + last.getBoundingClientRect().top - feed.getBoundingClientRect().top - HEAD_PX;
  return Math.min(end, head);
};
const atNewest = () => feed.scrollTop > newest() - 80;
const toNewest = (behavior = 'instant') => feed.scrollTo({ top: newest(), behavior });

let own;
let arriving;

/** Brings what the reader has just said into view, and keeps it there until its answer is whole or they scroll away. */
export function follow(id) {
  own = { id, until: Date.now() + OWN_MS };
  toOwn();
}

/** Scrolls as little as shows the message with all that follows it in its thread, or its head when that is too tall. */
function toOwn() {
  if (own === undefined || Date.now() > own.until) return;
  const said = elementOf(own.id);
  if (said === null) return;
  const view = feed.getBoundingClientRect();
  const top = said.getBoundingClientRect().top - HEAD_PX - view.top;
  const below = said.closest('.message').getBoundingClientRect().bottom + HEAD_PX - view.bottom;
  const wanted = Math.min(feed.scrollTop + Math.min(top, Math.max(0, below)), feed.scrollHeight - feed.clientHeight);
  if (Math.abs(wanted - feed.scrollTop) <= 1) return;
  feed.scrollTo({ top: wanted, behavior: 'smooth' });
  // Cards above may have changed their height on the way.
  clearTimeout(arriving);
  arriving = setTimeout(toOwn, ARRIVE_MS);
}

const waiting = new Set();
let running = 0;

/** Fetches the thread and shows it as it is now; asked ten times while one fetch waits, it fetches once. */
export function refresh(id) {
  waiting.add(id);
  while (running < PARALLEL && waiting.size > 0) {
    const [next] = waiting;
    waiting.delete(next);
    running += 1;
    void load(next).finally(() => {
      running -= 1;
      const [more] = waiting;
      if (more !== undefined) refresh(more);
    });
  }
}

async function load(id) {
  try {
    const answer = await fetch(`/playground/messages/${encodeURIComponent(id)}?${query()}`);
    if (answer.ok) show(fragment(await answer.text()).firstElementChild);
  } catch {
    // The stream is down as well then; coming back, it asks for everything that is newer.
  }
}

/** Asks for what is newer than what this page holds. */
export async function resync() {
  try {
    const answer = await fetch(`/playground/rooms/${encodeURIComponent(app.dataset.room)}/versions?${query()}`);
    if (!answer.ok) return;
    for (const { message, version } of await answer.json())
      if (Number(elementOf(message)?.dataset.version ?? 0) < version) refresh(message);
  } catch {
    // As above.
  }
}

export const fragment = (markup) => {
  const template = document.createElement('template');
  template.innerHTML = markup;
  return template.content;
};

function show(fresh) {
  const id = fresh.dataset.message;
  const old = elementOf(id);
  if (old !== null && Number(old.dataset.version) >= Number(fresh.dataset.version)) return;
  const wasAtNewest = atNewest();
  if (old === null) insert(fresh);
  else replace(old, fresh);
  decorate();
  if (own !== undefined && Date.now() <= own.until) {
    toOwn();
    if (old === null && !isOwn(fresh) && isBelow(fresh)) offer(fresh);
    return;
  }
  if (old === null && wasAtNewest) toNewest('smooth');
  else if (wasAtNewest && feed.scrollTop < newest()) toNewest();
  else if (old === null || isBelow(fresh)) offer(fresh);
}

/** By time and then id, as the server sorts: threads arrive in any order. */
function insert(fresh) {
  const after = [...threads.children].findLast((thread) => order(thread, fresh) < 0);
  fresh.classList.add('arriving');
  if (after === undefined) threads.prepend(fresh);
  else after.after(fresh);
}

const order = (a, b) => Number(a.dataset.at) - Number(b.dataset.at) || (a.dataset.message < b.dataset.message ? -1 : 1);

function replace(old, fresh) {
  keep(old, fresh);
  const changed = cardChanged(old, fresh);
  old.replaceWith(fresh);
  const marked = changed ? fresh.querySelector('.card') : fresh.querySelector('.reply-row:last-child');
  flash(marked);
}

const cardChanged = (old, fresh) =>
  old.querySelector(':scope > .message-main > .card')?.outerHTML !==
  fresh.querySelector(':scope > .message-main > .card')?.outerHTML;

export function flash(element) {
  element?.classList.add('flash');
  setTimeout(() => element?.classList.remove('flash'), FLASH_MS);
}

/** What somebody unfolded, typed or stood on survives the change around it. */
export function keep(old, fresh) {
  for (const details of old.querySelectorAll('details[data-keep]')) {
    const twin = fresh.querySelector(`details[data-keep="${CSS.escape(details.dataset.keep)}"]`);
    if (twin !== null) twin.open = details.open;
  }
  for (const field of old.querySelectorAll('form[data-form] [name]')) {
    const form = `form[data-form="${CSS.escape(field.form.dataset.form)}"]`;
    const twin = fresh.querySelector(`${form} [name="${CSS.escape(field.name)}"]`);
    if (twin === null) continue;
    twin.value = field.value;
    if (document.activeElement === field) requestAnimationFrame(() => twin.focus());
  }
}

/** What the reader has just said, or the thread they said it in. */
const isOwn = (thread) => elementOf(own.id)?.closest('.message') === thread;

const isBelow = (thread) => thread.getBoundingClientRect().top > feed.getBoundingClientRect().bottom;

let offered;
function offer(thread) {
  offered = thread.id;
  jump.hidden = false;
}

/** Lines between days, and names only where the speaker changes. */
function decorate() {
  let before;
  for (const thread of threads.children) {
    thread.classList.toggle('new-day', thread.dataset.day !== before?.dataset.day);
    const near = before !== undefined && Number(thread.dataset.at) - Number(before.dataset.at) < 300_000;
    const same = near && before.dataset.author === thread.dataset.author && before.dataset.day === thread.dataset.day;
    thread.classList.toggle('follows', same && before.querySelector('.replies') === null);
    before = thread;
  }
  for (const mention of threads.querySelectorAll('.mention'))
    mention.classList.toggle('me', mention.dataset.person === app.dataset.person);
}

async function loadEarlier(button) {
  const first = threads.firstElementChild;
  if (first === null) return;
  button.disabled = true;
  const from = `${query()}&before=${encodeURIComponent(first.dataset.message)}`;
  const answer = await fetch(`/playground/rooms/${encodeURIComponent(app.dataset.room)}/threads?${from}`);
  const height = feed.scrollHeight;
  const older = answer.ok ? fragment(await answer.text()) : undefined;
  button.disabled = false;
  if (older === undefined || older.childElementCount === 0) {
    button.remove();
    return;
  }
  threads.prepend(older);
  decorate();
  feed.scrollTop += feed.scrollHeight - height;
}

export function startFeed() {
  decorate();
  toNewest();
  jump.addEventListener('click', () => {
    document.getElementById(offered)?.scrollIntoView({ behavior: 'smooth', block: 'center' });
    jump.hidden = true;
  });
  feed.addEventListener('scroll', () => {
    if (atNewest()) jump.hidden = true;
  });
  for (const moved of ['wheel', 'touchmove', 'keydown'])
    feed.addEventListener(moved, () => (own = undefined), { passive: true });
  const earlier = document.querySelector('#earlier');
  earlier?.addEventListener('click', () => void loadEarlier(earlier));
}
