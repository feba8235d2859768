import { flash, fragment, keep, query } from './feed.js';
import { toast } from './toast.js';

/** A platform answers a press within three seconds; this is when the page stops waiting. */
const DEADLINE_MS = 10_000;

const app = document.querySelector('#app');
const words = JSON.parse(app.dataset.words);

export const post = (path, body) =>
  fetch(`${path}?${query()}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });

/** Works on http addresses that are not this machine too, where `crypto.randomUUID` is missing. */
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

async function confirmed(button) {
  const { confirmTitle, confirmText } = button.dataset;
  if (confirmTitle === undefined) return true;
  const dialog = document.querySelector('#confirm');
  dialog.querySelector('#confirm-title').textContent = confirmTitle;
  dialog.querySelector('#confirm-text').textContent = confirmText;
  const yes = dialog.querySelector('#confirm-yes');
  yes.className = button.classList.contains('btn-danger') ? 'btn btn-danger' : 'btn btn-primary';
  yes.textContent = button.textContent;
  dialog.returnValue = 'no';
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener('close', done, { once: true }));
  return dialog.returnValue === 'yes';
}

async function press(button, form) {
  const message = button.closest('.reply-row, [data-message]').id.slice('m-'.length);
  if (button.getAttribute('aria-busy') === 'true' || !(await confirmed(button))) return;
  button.setAttribute('aria-busy', 'true');
  const card = button.closest('.card');
  try {
    const value = JSON.parse(button.dataset.press);
    const answer = await post('/playground/presses', { message, key: newKey(), value, form });
    if (!answer.ok) return toast('error', words.failed);
    const { toast: said, card: fresh } = await answer.json();
    if (said.text !== '') toast(said.tone, said.text);
    if (fresh !== undefined) answered(message, card, fragment(fresh).firstElementChild);
    if (said.tone !== 'error') for (const open of card.querySelectorAll('details.form[open]')) open.open = false;
  } catch {
    toast('error', words.failed);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** The answer's card stands until the room's own arrives, and never over a newer one that came first. */
function answered(message, pressed, fresh) {
  const here = document.querySelector(`#m-${CSS.escape(message)} > .message-main > .card`) ?? pressed;
  if (here.dataset.incident !== fresh.dataset.incident) return;
  if (Number(here.dataset.rev) > Number(fresh.dataset.rev)) return;
  keep(here, fresh);
  for (const form of fresh.querySelectorAll('details.form')) form.open = false;
  here.replaceWith(fresh);
  flash(fresh);
}

/** What was just unfolded is seen whole, and ready to type in. */
function unfolded(details) {
  details.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
  details.querySelector('input, select').focus({ preventScroll: true });
}

export function startPresses() {
  // `toggle` does not bubble. Only what a person's own press unfolded takes the focus.
  document.addEventListener('click', (event) => {
    const details = event.target.closest('details.form > summary')?.parentElement;
    details?.addEventListener('toggle', () => details.open && unfolded(details), { once: true });
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-press]');
    if (button !== null && button.type === 'button') void press(button, {});
  });
  document.addEventListener('submit', (event) => {
    const form = event.target.closest('form[data-form]');
    if (form === null) return;
    event.preventDefault();
    void press(form.querySelector('button[data-press]'), Object.fromEntries(new FormData(form)));
  });
}
