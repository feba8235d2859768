const { as, chat, lang } = document.body.dataset;
const words = JSON.parse(document.body.dataset.words);
const query = new URLSearchParams({ as, chat, lang }).toString();
const $ = (selector) => document.querySelector(selector);
const feed = $('#feed');

/** What stands on the page as the server sent it, by id: the same again changes nothing. */
const known = new Map([...document.querySelectorAll('.thread')].map((thread) => [thread.id, thread.outerHTML]));

const post = async (path, body = {}) => {
  try {
    const response = await fetch(`${path}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  } catch {
    toast('error', words.failed);
    return undefined;
  }
};

function toast(type, content) {
  const shown = document.createElement('p');
  shown.className = `toast ${type}`;
  shown.textContent = content;
  $('#toasts').append(shown);
  setTimeout(() => shown.remove(), 6000);
}

const parse = (markup) => {
  const template = document.createElement('template');
  template.innerHTML = markup;
  return template.content.firstElementChild;
};

/** Where the newest is read from: the end, or the head of the last thread when that is taller than the window. */
const newest = () => {
  const end = feed.scrollHeight - feed.clientHeight;
  const last = feed.lastElementChild;
  return last === null ? end : Math.min(end, last.offsetTop - feed.offsetTop - 10);
};
const atNewest = () => feed.scrollTop > newest() - 120;
const toNewest = () => feed.scrollTo({ top: newest() });

/** What somebody unfolded, typed or stood on survives the change around it. */
function keep(old, fresh) {
  const twins = (selector) => [old, fresh].map((each) => [...each.querySelectorAll(selector)]);
  const [panels, freshPanels] = twins('details.panel');
  for (const twin of freshPanels) {
    const same = panels.find((each) => each.dataset.keep === twin.dataset.keep);
    if (same) twin.open = same.open;
  }
  const [fields, freshFields] = twins('form [name]');
  for (const twin of freshFields) {
    const same = fields.find((each) => each.name === twin.name);
    if (!same) continue;
    twin.value = same.value;
    if (document.activeElement === same) requestAnimationFrame(() => twin.focus());
  }
}

function show(id, markup) {
  const fresh = parse(markup);
  if (known.get(id) === fresh.outerHTML) return;
  known.set(id, fresh.outerHTML);
  const old = document.getElementById(id);
  const follow = atNewest();
  if (old) {
    keep(old, fresh);
    const edited = old.querySelector('.card')?.textContent !== fresh.querySelector('.card')?.textContent;
    old.replaceWith(fresh);
    if (edited) fresh.querySelector('.card')?.classList.add('flash');
  } else {
    const later = [...feed.children].find((each) => Number(each.dataset.at) > Number(fresh.dataset.at));
    feed.insertBefore(fresh, later ?? null);
  }
  if (follow && feed.scrollTop < newest()) toNewest();
}

const events = new EventSource(`/events?${query}`);
events.addEventListener('thread', ({ data }) => {
  const thread = JSON.parse(data);
  show(thread.id, thread.data);
});
events.addEventListener('side', ({ data }) => {
  const focused = document.activeElement?.dataset?.state;
  $('#side').innerHTML = JSON.parse(data).data;
  if (focused) $(`#side [data-state="${focused}"]`)?.focus();
});
events.addEventListener('open', () => ($('#live').className = 'on'));
events.addEventListener('error', () => ($('#live').className = ''));

async function confirmed({ dataset: { confirmTitle, confirmText } }) {
  if (!confirmTitle) return true;
  const dialog = $('#confirm');
  dialog.querySelector('h3').textContent = confirmTitle;
  dialog.querySelector('p').textContent = confirmText;
  dialog.returnValue = 'no';
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener('close', done, { once: true }));
  return dialog.returnValue === 'yes';
}

async function use(component, extra = {}) {
  if (component.getAttribute('aria-busy') === 'true' || !(await confirmed(component))) return;
  const { message, version } = component.closest('.message').dataset;
  component.setAttribute('aria-busy', 'true');
  const answer = await post('/press', {
    message,
    version: Number(version),
    use: Number(component.dataset.use),
    ...extra,
  });
  component.removeAttribute('aria-busy');
  if (answer === undefined) return;
  if (answer.code !== 0) toast('error', words.pressFailed.replace('0', answer.code));
  else if (answer.toast) toast(answer.toast.type, answer.toast.content);
}

let replyTo;
function replying(message) {
  replyTo = message?.dataset.message;
  $('#replying').hidden = message === undefined;
  if (message === undefined) return;
  const about = message.querySelector('.card-head h3, .bubble')?.textContent.trim() ?? '';
  $('#replying span').textContent = `${words.replying}: ${about.slice(0, 60)}`;
  $('#typed').focus();
}

function go(changes) {
  location.search = new URLSearchParams({ as, chat, lang, ...changes }).toString();
}

const DO = {
  reply: replying,
  unreply: () => replying(undefined),
  withdraw: (message) => post('/withdraw', { message: message.dataset.message }),
  group: async () => {
    const made = await post('/group');
    if (made) go({ chat: made.chat });
  },
  remove: () => post('/bot', { inside: false }),
  bring: () => post('/bot', { inside: true }),
  language: () => go({ lang: lang === 'zh-CN' ? 'en-US' : 'zh-CN' }),
  theme: () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === 'dark';
    const system = matchMedia('(prefers-color-scheme: dark)').matches;
    const isDark = document.documentElement.dataset.theme ? dark : system;
    theme(isDark ? 'light' : 'dark');
  },
};

function theme(name) {
  if (!name) return;
  document.documentElement.dataset.theme = name;
  sessionStorage.setItem('theme', name);
}
theme(sessionStorage.getItem('theme'));

document.addEventListener('click', (event) => {
  const target = event.target.closest('button, a, [data-use]');
  if (!event.target.closest('.emoji')) for (const open of document.querySelectorAll('.emoji[open]')) open.open = false;
  if (!event.target.closest('#aside, #menu')) document.body.classList.remove('menu');
  if (target === null) return;
  const message = target.closest('.message') ?? undefined;
  if (target.id === 'menu') document.body.classList.toggle('menu');
  if (target.dataset.do) void DO[target.dataset.do](message);
  if (target.dataset.emoji) {
    target.closest('details').open = false;
    void post('/react', { message: message.dataset.message, emoji: target.dataset.emoji });
  }
  if (target.dataset.state) void post('/platform', { state: target.dataset.state });
  if (target.dataset.chat) {
    event.preventDefault();
    go({ chat: target.dataset.chat });
  }
  if (target.dataset.quick) {
    $('#typed').value = target.dataset.quick;
    $('#typed').focus();
  }
  if (target.dataset.use && target.type !== 'submit' && target.matches('button')) void use(target);
});

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-form]');
  if (form === null) return;
  event.preventDefault();
  void use(event.submitter, { form: Object.fromEntries(new FormData(form)) });
});

document.addEventListener('change', ({ target }) => {
  if (target.id === 'as') return go({ as: target.value });
  if (!target.dataset.use || target.closest('form') || target.value === '') return;
  void use(target, target.matches('select') ? { option: target.value } : { input: target.value });
});

$('#composer').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = $('#typed').value.trim();
  if (text === '') return;
  const said = await post('/say', { text, replyTo });
  if (said === undefined) return;
  $('#typed').value = '';
  replying(undefined);
  toNewest();
});

toNewest();
