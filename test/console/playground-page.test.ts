import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ConsoleUnderTest, openConsole } from '../support/console-server.ts';
import { memoryMessages } from '../support/playground-messages.ts';

const card = { tone: 'critical', title: '<img src=x>', tags: [], blocks: [], incidentId: 'INC-1', rev: 4 } as const;
const request = { key: 'k', address: 'lobby', locale: 'zh-CN', card, changes: [] } as const;
const signal = () => new AbortController().signal;

let under: ConsoleUnderTest;
beforeEach(async () => {
  under = await openConsole({
    messages: memoryMessages(['lobby', 'payments']),
    answer: async () => ({ toast: { tone: 'ok', text: 'Yours' }, card: { ...card, rev: 5 } }),
  });
});
afterEach(() => under.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(under.url + path, { headers });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(under.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const said = { room: 'lobby', text: '@zhiban /help', key: '0123456789ab' };

describe('the chat page', () => {
  it('shows what was said, escaped, and who is looking', async () => {
    await under.channel.show(request, signal());
    const page = await (await get('/playground?as=chen')).text();
    expect(page).toContain('&lt;img src=x&gt;');
    expect(page).not.toContain('<img src=x>');
    expect(page).toContain('data-person="chen"');
  });

  it('tells a newcomer what to send, in the language of the page', async () => {
    expect(await (await get('/playground?lang=zh')).text()).toContain('服务: pay');
    expect(await (await get('/playground?lang=en')).text()).toContain('service: pay');
  });

  it('allows no script and no style but its own files', async () => {
    const answer = await get('/playground');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await answer.text()).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  });

  it('loads only files that are there', async () => {
    const page = await (await get('/playground')).text();
    const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files.length).toBeGreaterThan(3);
    const statuses = await Promise.all(files.map(async (file) => (await get(file)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await get('/assets/x/../../package.json')).status).toBe(404);
    expect((await get('/assets/x/%2e%2e%2fpackage.json')).status).not.toBe(200);
  });

  it('speaks the language that was chosen, and the configured one before that', async () => {
    expect(await (await get('/playground', { 'Accept-Language': 'en-US' })).text()).toContain('<html lang="zh-CN"');
    expect(await (await get('/playground?lang=en')).text()).toContain('<html lang="en-US"');
    const cookie = 'other=1; zhiban_lang=en; zhiban_theme=dark';
    expect(await (await get('/playground', { Cookie: cookie })).text()).toMatch(/lang="en-US"\s+data-theme="dark"/);
    expect(await (await get('/playground', { Cookie: 'zhiban_theme="><b>' })).text()).not.toContain('data-theme');
  });

  it('falls back to rooms and people that exist', async () => {
    const page = await (await get('/playground?room=nowhere&as=nobody')).text();
    expect(page).toContain('data-room="lobby"');
    expect(page).toContain('data-person="lin"');
  });

  it('gives one thread, all versions, and older threads', async () => {
    const { ref } = await under.channel.show(request, signal());
    const text = { kind: 'text', text: [{ text: 'reply' }] } as const;
    const reply = { key: 'r', address: 'lobby', locale: 'zh-CN', content: text, mentions: [], replyTo: ref } as const;
    const { ref: replied } = await under.channel.send(reply, signal());
    const thread = await (await get(`/playground/messages/${replied}`)).text();
    expect(thread).toContain(`id="m-${ref}"`);
    expect(thread).toContain('data-version="2"');
    expect(await (await get('/playground/rooms/lobby/versions')).json()).toEqual([{ message: ref, version: 2 }]);
    expect(await (await get(`/playground/rooms/lobby/threads?before=${ref}`)).text()).toBe('');
    expect((await get('/playground/messages/nothing')).status).toBe(404);
  });
});

describe('what the page sends', () => {
  it('reaches the bot under the name that the window plays', async () => {
    const answer = await post('/playground/messages?as=alice', said);
    expect(answer.status).toBe(201);
    expect(under.received).toMatchObject([{ kind: 'message', text: '/help', sender: { id: 'alice' } }]);
  });

  it('is pressed and answered at once with a toast and the card', async () => {
    const { ref } = await under.channel.show(request, signal());
    const press = { message: ref, key: '0123456789ab', value: { action: 'ack' }, form: { reason: 'x' } };
    const answer = (await (await post('/playground/presses?as=chen', press)).json()) as { card: string };
    expect(answer).toMatchObject({ toast: { tone: 'ok', text: 'Yours' } });
    expect(answer.card).toContain('data-rev="5"');
    expect(under.received).toMatchObject([{ kind: 'press', sender: { id: 'chen' }, form: { reason: 'x' } }]);
  });

  it.each([
    ['another site', { Origin: 'https://evil.example' }, 403],
    ['a page without origin', { Origin: 'null' }, 403],
    ['a sibling site', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['an address bar', { 'Sec-Fetch-Site': 'none' }, 403],
    ['a foreign form', { 'Content-Type': 'text/plain' }, 415],
  ])('is refused from %s', async (_who, headers, status) => {
    const answer = await post('/playground/messages', said, headers);
    expect(answer.status).toBe(status);
    expect(under.received).toEqual([]);
  });

  it('is taken from its own origin', async () => {
    const headers = { Origin: under.url, 'Sec-Fetch-Site': 'same-origin' };
    expect((await post('/playground/messages', said, headers)).status).toBe(201);
  });

  it.each([
    ['an unknown room', { ...said, room: 'nowhere' }, 404],
    ['no words', { ...said, text: '   ' }, 400],
    ['too many words', { ...said, text: 'x'.repeat(4001) }, 400],
    ['no key', { ...said, key: '' }, 400],
  ])('is refused with %s', async (_what, body, status) => {
    const answer = await post('/playground/messages', body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code: status, data: {} });
  });

  it('is refused for a message that is not there', async () => {
    expect((await post('/playground/presses', { message: 'x', key: '0123456789ab', value: {} })).status).toBe(404);
  });
});

describe('the event stream', () => {
  it('carries what is newer, never what it says', async () => {
    const stream = await get('/playground/events');
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const reader = (stream.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('event: beat');
    const { ref } = await under.channel.show(request, signal());
    under.hub.publish({ incident: 'INC-1', revision: 9 });
    let seen = '';
    while (!seen.includes('INC-1')) seen += (await reader.read()).value ?? '';
    expect(seen).toContain(`data: {"message":"${ref}","room":"lobby","revision":1}\n\n`);
    expect(seen).toContain('data: {"incident":"INC-1","revision":9}\n\n');
    await reader.cancel();
  });

  it('beats every 15 s, so that a page notices when nothing comes any more', async () => {
    const { setInterval } = globalThis;
    const beats: { readonly work: () => void; readonly ms: number | undefined }[] = [];
    Object.assign(globalThis, {
      setInterval: (work: () => void, ms?: number) => {
        beats.push({ work, ms });
        return setInterval(() => undefined, 1_000_000);
      },
    });
    onTestFinished(() => void Object.assign(globalThis, { setInterval }));
    const stream = await get('/playground/events');
    const reader = (stream.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('event: beat');
    const [beat, ...others] = beats.filter(({ ms }) => ms === 15_000);
    expect(others).toEqual([]);
    beat?.work();
    expect((await reader.read()).value).toBe('event: beat\ndata: {}\n\n');
    await reader.cancel();
  });

  it('drops a reader that does not read', async () => {
    const { hostname, port } = new URL(under.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /playground/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    const closed = new Promise((done) => socket.once('close', done));
    socket.once('data', () => socket.pause());
    const long = 'x'.repeat(4000);
    // More than a server may keep and the system take, in many turns.
    for (let turn = 0; turn < 60; turn += 1) {
      for (let n = 0; n < 500; n += 1) under.hub.publish({ incident: long, revision: n });
      await new Promise((done) => setTimeout(done, 2));
    }
    // Dropped by the server: reading on finds the end, not the flood's remainder for ever.
    socket.on('error', () => {});
    socket.resume();
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});
