import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from './lark/answer.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';
import { addMessage, type Chat, type Message, type User } from './lark/world.ts';
import { type LarkPage, openLarkPage } from './lark-page/server.ts';

const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(1)>"'><a href="javascript:alert(1)">x</a>&lt;blink&gt;`;

let lark: LarkSimulator;
let page: LarkPage;
let group: Chat;
let lin: User;
let guest: User;

beforeAll(async () => {
  lark = await startLarkSimulator();
  [lin, guest] = [lark.addUser('林岚'), lark.addUser(HOSTILE)];
  group = lark.addChat('ops', [lin, guest]);
  page = await openLarkPage({ lark, locale: 'zh-CN', people: [{ user: lin, note: '管理员' }, { user: guest }] });
});
afterAll(async () => {
  await page.close();
  await lark.stop();
});
beforeEach(() => lark.world.messages.clear());

const post = (type: string, content: Json, fields: Partial<Message> = {}): Message =>
  addMessage(lark.world, lark.clock.now(), JSON.stringify(content), {
    chatId: group.id,
    sender: 'app',
    type,
    ...fields,
  });
const cardWith = (...elements: readonly Json[]): Json => ({
  schema: '2.0',
  header: { template: 'red', title: { tag: 'plain_text', content: 'It burns' } },
  body: { elements },
});
const shown = async (query: Readonly<Record<string, string>> = {}): Promise<string> => {
  const html = await (await fetch(`${page.url}/?${new URLSearchParams(query).toString()}`)).text();
  return (/<div id="feed"[^>]*>(.*)<form id="composer"/s.exec(html)?.[1] ?? '').replaceAll(/\s+/g, ' ');
};
const drawn = async (...elements: readonly Json[]): Promise<string> => {
  post('interactive', cardWith(...elements));
  return shown();
};
const md = (content: string): Promise<string> => drawn({ tag: 'markdown', content });
const act = (path: string, body: Json, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(page.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const callback = (value: Json) => [{ type: 'callback', value }];
const button = (text: string, value: Json, more: Json = {}): Json => ({
  tag: 'button',
  text: { tag: 'plain_text', content: text },
  behaviors: callback(value),
  ...more,
});

describe('what strangers wrote', () => {
  it('is text wherever it stands', async () => {
    const plain = { tag: 'plain_text', content: HOSTILE };
    post('text', { text: HOSTILE }, { sender: guest.openId });
    post('post', {
      zh_cn: {
        title: HOSTILE,
        content: [
          [
            { tag: 'text', text: HOSTILE },
            { tag: 'a', href: 'javascript:alert(1)', text: HOSTILE },
          ],
        ],
      },
    }); // oxlint-disable-line no-script-url -- what is tried
    post('interactive', { elements: [HOSTILE] });
    post('interactive', {
      schema: '2.0',
      header: {
        template: HOSTILE,
        title: plain,
        subtitle: plain,
        text_tag_list: [{ tag: 'text_tag', text: plain, color: HOSTILE }],
      },
      body: {
        elements: [
          { tag: 'markdown', content: HOSTILE, text_size: HOSTILE },
          {
            tag: 'markdown',
            content: `[${HOSTILE}](javascript:alert(1)) \`${HOSTILE}\` <font color='red'>${HOSTILE}</font>`,
          },
          { tag: HOSTILE },
          {
            tag: 'chart',
            chart_spec: {
              type: 'line',
              title: { text: HOSTILE },
              xField: 'x',
              yField: 'y',
              data: { values: [{ x: HOSTILE, y: 1 }] },
            },
          },
          { tag: 'collapsible_panel', header: { title: plain }, elements: [] },
          button(HOSTILE, {}, { confirm: { title: plain, text: plain } }),
          { tag: 'button', text: plain, behaviors: [{ type: 'open_url', default_url: 'javascript:alert(1)' }] }, // oxlint-disable-line no-script-url -- what is tried
          {
            tag: 'form',
            name: HOSTILE,
            elements: [{ tag: 'input', name: HOSTILE, label: plain, placeholder: plain, default_value: HOSTILE }],
          },
          { tag: 'select_static', placeholder: plain, options: [{ text: plain, value: HOSTILE }] },
        ],
      },
    });
    const html = await shown();
    expect(html.match(/&#60;script&#62;/g)?.length).toBeGreaterThan(20);
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>|href="javascript|<blink/i);
  });

  it('runs nothing even if it got through', async () => {
    const policy = (await fetch(page.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'");
  });
});

describe('a card', () => {
  it('has its colour, title, tags and columns', async () => {
    post('interactive', {
      ...cardWith({
        tag: 'column_set',
        flex_mode: 'bisect',
        columns: [{ tag: 'column', width: 'weighted', weight: 1, elements: [{ tag: 'hr' }] }],
      }),
      header: {
        template: 'green',
        title: { tag: 'plain_text', content: 'en', i18n_content: { zh_cn: '中文' } },
        text_tag_list: [{ tag: 'text_tag', text: { tag: 'plain_text', content: 'P1' }, color: 'red' }],
      },
    });
    const html = await shown();
    expect(html).toContain('class="card-head green"');
    expect(html).toContain('<h3>中文</h3>');
    expect(html).toContain('<span class="tag red">P1</span>');
    expect(html).toMatch(/columns bisect.*column weighted/);
    expect(await shown({ lang: 'en-US' })).toContain('<h3>en</h3>');
  });

  it.each([
    ['**b** ~~s~~ `c` plain', '<b>b</b> <s>s</s> <code>c</code> plain'],
    ['&#42;&#42;no mark&#42;&#42; a&#60;b', '<p>**no mark** a&#60;b</p>'],
    ["<font color='grey'>**quiet**</font>", '<span class="font grey"><b>quiet</b></span>'],
    ['a\nb', '<p>a<br />b</p>'],
    ['[go](https://example.com/a)', '<a href="https://example.com/a" target="_blank" rel="noopener noreferrer">go</a>'],
    ['<b>no tag of theirs</b>', '&#60;b&#62;no tag of theirs&#60;/b&#62;'],
  ])('reads %s', async (source, wanted) => {
    expect(await md(source)).toContain(wanted);
  });

  it('reads lists', async () => {
    const html = await md('- one\n- two\n\n2. three');
    expect(html).toMatch(/<ul> <li>one<\/li><li>two<\/li> <\/ul>.*<ol start="2"> <li>three<\/li> <\/ol>/);
  });

  it('mentions people by name, and shows it to whom it concerns', async () => {
    post('interactive', cardWith({ tag: 'markdown', content: `<at id=${lin.openId}></at>` }));
    expect(await shown()).toContain('<span class="at me">@林岚</span>');
    expect(await shown({ as: guest.openId })).toContain('<span class="at ">@林岚</span>');
  });

  it('shows what it cannot draw as a box with its tag', async () => {
    expect(await drawn({ tag: 'hologram' })).toContain('hologram');
  });

  it('draws a chart’s lines', async () => {
    const values = [1, 3, 2].map((value, at) => ({ time: `10:0${at}`, value }));
    const html = await drawn({
      tag: 'chart',
      chart_spec: { type: 'line', title: { text: 'load' }, xField: 'time', yField: 'value', data: { values } },
    });
    expect(/<polyline[^>]* points="([^"]*)"/.exec(html)?.[1]?.split(' ')).toHaveLength(3);
  });

  it('stands with its thread, its edits and its reactions', async () => {
    const root = post('interactive', cardWith());
    post('text', { text: 'look' }, { rootId: root.id, sender: lin.openId });
    root.edits = 5;
    root.reactions.push({ id: '1', emoji: 'OnIt', by: lin.openId });
    const html = await shown();
    expect(html.match(/class="thread"/g)).toHaveLength(1);
    for (const words of ['话题 · 1 条回复', 'look', '改过 5 次', 'OnIt']) expect(html).toContain(words);
  });

  it('that only one person may see is seen by nobody else', async () => {
    post('interactive', cardWith(), { visibleTo: guest.openId });
    expect(await shown()).not.toContain('It burns');
    expect(await shown({ as: guest.openId })).toContain('仅你可见');
  });
});

describe('what a visitor does', () => {
  it('presses the very component of the version they saw, of two that say the same', async () => {
    const message = post('interactive', cardWith(button('Show', { n: 1 }), button('Show', { n: 2 })));
    message.versions.push(JSON.stringify(cardWith()));
    const pressed: unknown[] = [];
    const { press } = lark;
    lark.press = async (pressing) => (pressed.push(pressing), press(pressing));
    const answer = await act('/press', { message: message.id, version: 0, use: 1 });
    lark.press = press;
    // The app is not connected.
    expect(await answer.json()).toMatchObject({ code: 200340 });
    expect(pressed).toMatchObject([{ user: { name: '林岚' }, component: { behaviors: callback({ n: 2 }) } }]);
    expect(await (await act('/press', { message: message.id, version: 1, use: 1 })).json()).toEqual({ code: 404 });
  });

  it('says, reacts and withdraws as the chosen person', async () => {
    await act(`/say?as=${guest.openId}`, { text: 'hello @林岚' });
    const [said] = lark.world.messages.values();
    expect(said).toMatchObject({ sender: guest.openId, mentioned: [lin.openId] });
    expect(await shown()).toContain('hello <span class="at me">@林岚</span>');
    await act('/react', { message: said?.id, emoji: 'DONE' });
    expect(said?.reactions).toMatchObject([{ emoji: 'DONE', by: lin.openId }]);
    await act('/withdraw', { message: said?.id });
    expect(await shown()).not.toContain('hello');
  });

  it('adds the bot to another group', async () => {
    const { chat } = (await (await act('/group', {})).json()) as { chat: string };
    expect(lark.world.chats.get(chat)).toMatchObject({ name: '支付组', botInside: true });
    await act(`/bot?chat=${chat}`, { inside: false });
    expect(lark.world.chats.get(chat)?.botInside).toBe(false);
  });

  it('lets the platform throttle, vanish and come back', async () => {
    const list = async () => (await fetch(`${lark.url}/open-apis/im/v1/chats`)).status;
    await act('/platform', { state: 'throttled' });
    expect(await list()).toBe(429);
    await act('/platform', { state: 'unreachable' });
    await expect(list()).rejects.toThrow('fetch failed');
    await act('/platform', { state: 'none' });
    expect(await list()).toBe(400);
  });

  it('sees changes as they happen', async () => {
    const stopping = new AbortController();
    const stream = await fetch(`${page.url}/events`, { signal: stopping.signal });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) {
        text += Buffer.from(chunk).toString('utf8');
        if (text.includes('second')) return;
      }
    })();
    const message = post('interactive', cardWith({ tag: 'markdown', content: 'first' }));
    message.versions.push(JSON.stringify(cardWith({ tag: 'markdown', content: 'second' })));
    await reading;
    stopping.abort();
    expect(text).toContain(`"id":"t-${message.id}"`);
  });
});

describe('the page', () => {
  it('counts what rang the phone of the one who looks, and edits ring nobody’s', async () => {
    const rang = async () => /id="rang">(\d+)/.exec(await (await fetch(page.url)).text())?.[1];
    const before = Number(await rang());
    post('text', { text: 'from the bot' });
    post('text', { text: 'my own' }, { sender: lin.openId });
    expect(Number(await rang())).toBe(before + 1);
  });

  it('is for nobody who comes by another name, and takes no form from another page', async () => {
    // `fetch` sets the host itself.
    const status = await new Promise((resolve) => {
      void import('node:http').then(({ get }) =>
        get(page.url, { headers: { host: 'evil.example' } }, (response) => resolve(response.statusCode)),
      );
    });
    expect(status).toBe(403);
    expect((await act('/say', { text: 'x' }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect(lark.world.messages.size).toBe(0);
  });

  it('imports nothing of the product', () => {
    const folder = join(import.meta.dirname, 'lark-page');
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const importing = files.filter((name) => /from '[^']*\/src\//.test(readFileSync(join(folder, name), 'utf8')));
    expect(files.length).toBeGreaterThan(10);
    expect(importing).toEqual([]);
  });
});
