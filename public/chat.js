import { say, startComposer } from './composer.js';
import { refresh, resync, startFeed } from './feed.js';
import { startLive } from './live.js';
import { startPrefs } from './prefs.js';
import { startPresses } from './press.js';
import { toast } from './toast.js';

/** A missed event heals at the latest after this. */
const RESYNC_MS = 60_000;

const app = document.querySelector('#app');
const words = JSON.parse(app.dataset.words);

/** Each window keeps its own person: two windows are two colleagues. */
function keepPerson() {
  const address = new URL(location.href);
  const kept = sessionStorage.getItem('zhiban_as');
  const named = address.searchParams.get('as');
  if (named === null && kept !== null && kept !== app.dataset.person) {
    address.searchParams.set('as', kept);
    location.replace(address);
  } else sessionStorage.setItem('zhiban_as', app.dataset.person);
}

function count(room) {
  const unread = document.querySelector(`[data-room-link="${CSS.escape(room)}"] .unread`);
  if (unread === null) return;
  unread.hidden = false;
  unread.textContent = String(Math.min(99, Number(unread.textContent) + 1));
}

function startSide() {
  const menu = document.querySelector('#menu');
  const side = document.querySelector('#side');
  const show = (open) => {
    app.classList.toggle('side-open', open);
    menu.setAttribute('aria-expanded', String(open));
  };
  for (const button of [menu, ...document.querySelectorAll('[data-menu]')])
    button.addEventListener('click', (event) => {
      event.stopPropagation();
      show(!app.classList.contains('side-open'));
      if (app.classList.contains('side-open')) side.querySelector('a').focus();
    });
  document.addEventListener('click', (event) => {
    if (!side.contains(event.target)) show(false);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(false);
  });
}

/** The page speaks the visitor's language at once; the cards are the whole room's, so that is asked. */
function offerRoomLanguage() {
  if (sessionStorage.getItem('zhiban_lang_changed') === null) return;
  sessionStorage.removeItem('zhiban_lang_changed');
  const code = app.dataset.lang.slice(0, 2);
  toast('info', words.roomLocale, { text: words.roomLocaleDo, run: () => void say(`@zhiban /lang ${code} chat`) });
}

keepPerson();
startPrefs();
startFeed();
startPresses();
startComposer();
startSide();
offerRoomLanguage();
startLive({
  onEvent: ({ message, room }) => {
    if (message === undefined) return;
    if (room === app.dataset.room) refresh(message);
    else count(room);
  },
  onState: (state) => {
    const live = document.querySelector('#live');
    live.dataset.state = state;
    live.firstElementChild.textContent = state === 'live' ? words.live : words.offline;
  },
  onGap: () => void resync(),
});
setInterval(() => void resync(), RESYNC_MS);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void resync();
});
