import { startLive } from './live.js';
import { startPrefs } from './prefs.js';

const WAIT_MS = 300;
/** A page this young is as new as the stream that has just opened. */
const YOUNG_MS = 3000;

/** The page as it is now takes the place of the page as it was. */
async function renew() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#page');
  if (fresh !== null) document.querySelector('#page').replaceWith(fresh);
}

let waiting;
const renewSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => void renew(), WAIT_MS);
};

startPrefs();
startLive({
  onEvent: ({ incident }) => {
    const shown = document.querySelector('[data-live]')?.dataset.live;
    if (incident !== undefined && (shown === undefined || shown === incident)) renewSoon();
  },
  onState: () => {},
  onGap: () => {
    if (performance.now() > YOUNG_MS) renewSoon();
  },
});
