import { follow } from './feed.js';
import { newKey, post } from './press.js';
import { toast } from './toast.js';

const app = document.querySelector('#app');
const words = JSON.parse(app.dataset.words);
const form = document.querySelector('#composer');
const typed = document.querySelector('#typed');
const suggest = document.querySelector('#suggest');
const replying = document.querySelector('#replying');

let replyTo;

export async function say(text) {
  const body = { room: app.dataset.room, text, key: newKey(), ...(replyTo !== undefined && { replyTo }) };
  try {
    const answer = await post('/playground/messages', body);
    if (!answer.ok) return failed(text);
    reply(undefined);
    follow((await answer.json()).message);
  } catch {
    failed(text);
  }
}

/** What was typed comes back into the box, so that nobody types it twice. */
function failed(text) {
  toast('error', words.failed);
  if (typed.value === '') typed.value = text;
  fit();
}

function send() {
  const text = typed.value.trim();
  if (text === '') return;
  typed.value = '';
  close();
  fit();
  void say(text);
}

function reply(message) {
  replyTo = message?.dataset.message;
  replying.hidden = message === undefined;
  fit();
  if (message === undefined) return;
  document.querySelector('#replying-label').textContent = message.dataset.label;
  typed.focus();
}

function fit() {
  typed.style.height = 'auto';
  typed.style.height = `${Math.min(typed.scrollHeight, 160)}px`;
  document.querySelector('#chips').hidden = typed.value !== '' || replyTo !== undefined;
}

const options = [...suggest.querySelectorAll('[role="option"]')];
options.forEach((option, index) => {
  option.id = `option-${index}`;
});
const open = () => options.filter((option) => !option.hidden);
const picked = () => options.find((option) => option.getAttribute('aria-selected') === 'true');

function pick(option) {
  for (const other of options) other.setAttribute('aria-selected', String(other === option));
  if (option === undefined) return typed.removeAttribute('aria-activedescendant');
  typed.setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

function close() {
  suggest.hidden = true;
  pick(undefined);
}

/** Commands after `/`, with or without the bot's name before it; people after `@`. */
function offer() {
  const before = typed.value.slice(0, typed.selectionStart);
  const command = /^(?:@(?:zhiban|值班)\s*)?(\/[\w-]*)$/i.exec(before)?.[1];
  const person = /(?:^|\s)(@[^\s@/]*)$/.exec(before)?.[1];
  const start = command === undefined ? person : `@zhiban ${command}`;
  for (const option of options) option.hidden = start === undefined || !fits(option, start);
  suggest.hidden = open().length === 0;
  pick(suggest.hidden ? undefined : open()[0]);
}

function fits(option, start) {
  const insert = option.dataset.insert.toLowerCase();
  return insert.startsWith(start.toLowerCase()) && insert.trim() !== start.toLowerCase();
}

function complete(option) {
  const at = typed.selectionStart;
  const before = typed.value.slice(0, at);
  const kept = option.dataset.insert.startsWith('@zhiban /') ? '' : before.replace(/@[^\s@/]*$/, '');
  typed.value = kept + option.dataset.insert + typed.value.slice(at);
  typed.selectionStart = kept.length + option.dataset.insert.length;
  typed.selectionEnd = typed.selectionStart;
  close();
  fit();
  typed.focus();
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function keyed(event) {
  // An input method's own Enter chooses a word and sends nothing.
  if (event.isComposing) return;
  const step = STEPS[event.key];
  const shown = suggest.hidden ? [] : open();
  if (step !== undefined && shown.length > 0) {
    event.preventDefault();
    pick(shown[(shown.indexOf(picked()) + step + shown.length) % shown.length]);
  } else if (event.key === 'Escape') close();
  else if ((event.key === 'Tab' || event.key === 'Enter') && picked() !== undefined && !event.shiftKey) {
    event.preventDefault();
    complete(picked());
  } else if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    send();
  }
}

export function startComposer() {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  typed.addEventListener('input', () => {
    fit();
    offer();
  });
  typed.addEventListener('keydown', keyed);
  typed.addEventListener('blur', () => setTimeout(close, 150));
  suggest.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    const option = event.target.closest('[role="option"]');
    if (option !== null) complete(option);
  });
  document.querySelector('#chips').addEventListener('click', (event) => {
    const chip = event.target.closest('[data-say]');
    if (chip !== null) void say(chip.dataset.say);
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-reply]');
    if (button !== null) reply(button.closest('.message'));
  });
  document.querySelector('#replying-off').addEventListener('click', () => reply(undefined));
}
