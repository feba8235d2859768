import { describe, expect, it } from 'vitest';
import type { InboundMessage } from '../../../../src/channels/channel.ts';
import type { LarkInboundDeps } from '../../../../src/channels/lark/inbound/ports.ts';
import { workedUntil } from '../../../support/worked.ts';
import { APP, BOT, NOW, TOKEN, bytes, createPlainWorld, envelope, messageEvent } from './world.ts';

async function hear(body: object, more: Partial<LarkInboundDeps> = {}) {
  const world = createPlainWorld(more);
  const { status } = await world.inbound.event(bytes(body), {});
  expect(status).toBe(200);
  const [message] = world.received as InboundMessage[];
  return { ...world, message };
}

const text = (said: string, more: object = {}) =>
  messageEvent({ content: JSON.stringify({ text: said }), mentions: [], ...more });
const post = (content: object, more: object = {}) =>
  messageEvent({ message_type: 'post', content: JSON.stringify(content), ...more });
const card = (content: object) =>
  messageEvent(
    { message_type: 'interactive', content: JSON.stringify(content), mentions: [] },
    { sender_type: 'bot', sender_id: { open_id: 'ou_alarm' } },
  );

const us = { key: '@_user_1', id: { open_id: BOT }, mentioned_type: 'bot', name: 'IncidentBot' };
const anna = { key: '@_user_10', id: { open_id: 'ou_bo' }, mentioned_type: 'user', name: 'Bo' };
const other = { key: '@_user_2', id: { open_id: 'ou_other' }, mentioned_type: 'bot', name: 'OtherBot' };

describe('a message', () => {
  it('becomes what every channel tells, without our own mention', async () => {
    const { message } = await hear(messageEvent({ thread_id: 'omt_1' }));
    expect(message).toEqual({
      kind: 'message',
      channel: 'lark',
      id: 'om_1',
      chat: 'lark:oc_1',
      direct: false,
      sender: { id: 'ou_anna', name: 'ou_anna', bot: false },
      receivedAt: NOW,
      text: 'ack INC-20261122-003',
      addressed: true,
      forOther: false,
      mentions: [],
      messageRef: 'om_1',
    });
  });

  it('is known by the message’s id: a second delivery with a new event id is the same', async () => {
    const { inbound, received } = createPlainWorld();
    const again = messageEvent();
    await inbound.event(bytes(messageEvent()), {});
    await inbound.fromSocket({ ...again, header: { ...again.header, event_id: 'ev-2' } });
    expect(received.map(({ id }) => id)).toEqual(['om_1', 'om_1']);
  });

  it.each([
    ['@_user_1 @_user_10 run  two  spaces', '@Bo run  two  spaces'],
    ['@_user_10 @_user_1 run', '@Bo run'],
    ['ask @_user_1 about @_user_10', 'ask about @Bo'],
    ['@_user_100 @_user_1', '@_user_100'],
    ['@_all @_user_1 look', '@all look'],
  ])('resolves mentions by key, the longest first: "%s"', async (said, expected) => {
    const { message } = await hear(text(said, { mentions: [us, anna] }));
    expect(message).toMatchObject({ text: expected, addressed: true, mentions: [{ id: 'ou_bo', name: 'Bo' }] });
  });

  it('is for another bot when only that is mentioned', async () => {
    const only = await hear(text('@_user_2 /ack', { mentions: [other] }));
    expect(only.message).toMatchObject({ forOther: true, addressed: false, text: '@OtherBot /ack', mentions: [] });
    const both = await hear(text('@_user_2 @_user_1 /ack', { mentions: [other, us] }));
    expect(both.message).toMatchObject({ forOther: false, addressed: true });
    const sameName = await hear(text('@_user_2 /ack', { mentions: [{ ...other, name: 'zhiban' }] }));
    expect(sameName.message).toMatchObject({ forOther: true, addressed: false });
  });

  it('calls us by name while our id is unknown, and when it is typed', async () => {
    const bot = () => ({ names: ['zhiban', '值班'] });
    const named = await hear(text('@_user_1 /help', { mentions: [{ ...us, name: 'Zhiban' }] }), { bot });
    expect(named.message).toMatchObject({ addressed: true, text: '/help' });
    for (const said of ['@zhiban /help', '＠Zhiban /help', '@值班/help'])
      expect((await hear(text(said))).message).toMatchObject({ addressed: true, text: '/help' });
    expect((await hear(text('@zhibanner /help'))).message).toMatchObject({ addressed: false });
  });

  it('comes again when nobody knows yet whether the bot it calls is us', async () => {
    const bot = () => ({ names: ['zhiban', '值班'] });
    const { inbound, received } = createPlainWorld({ bot });
    const body = text('@_user_1 /help', { mentions: [us] });
    expect((await inbound.event(bytes(body), {})).status).toBe(503);
    await expect(inbound.fromSocket(body)).rejects.toThrow('who we are');
    expect(received).toEqual([]);
  });

  it('in a direct chat is addressed, and its chat is the person', async () => {
    const { message } = await hear(text('status', { chat_type: 'p2p' }));
    expect(message).toMatchObject({ direct: true, addressed: true, chat: 'lark:ou_anna', text: 'status' });
  });

  it('under a card is about it: the message replied to where that is known, else the thread’s first', async () => {
    const reply = { parent_id: 'om_answer', root_id: 'om_root' };
    expect((await hear(messageEvent(reply))).message?.inReplyTo).toBe('om_root');
    const world = createPlainWorld();
    world.places.set('om_answer', { chat: 'lark:oc_1', incidentId: 'INC-20261122-003' });
    await world.inbound.event(bytes(messageEvent(reply)), {});
    expect(world.received).toMatchObject([{ inReplyTo: 'om_answer' }]);
    expect((await hear(messageEvent({ root_id: 'om_root' }))).message?.inReplyTo).toBe('om_root');
    expect((await hear(messageEvent({ root_id: '', parent_id: null }))).message).not.toHaveProperty('inReplyTo');
  });

  it('bears the sender’s name where somebody knows it in time', async () => {
    const named = await hear(messageEvent(), { nameOf: async (id) => `Anna of ${id}` });
    expect(named.message?.sender.name).toBe('Anna of ou_anna');
    for (const nameOf of [() => Promise.reject(new Error('down')), () => new Promise<never>(() => {})])
      expect((await hear(messageEvent(), { nameOf })).message?.sender.name).toBe('ou_anna');
  });

  it('as a post is its lines', async () => {
    const content = [
      [
        { tag: 'at', user_id: '@_user_1', user_name: 'IncidentBot' },
        { tag: 'text', text: '3 apart ' },
        { tag: 'a', text: 'graph', href: 'https://g.example/1' },
      ],
      [
        { tag: 'text', text: 'second' },
        { tag: 'img', image_key: 'x' },
      ],
      [{ tag: 'at', user_id: 'ou_bo', user_name: 'Bo' }, null, 'rubbish'],
    ];
    const { message } = await hear(post({ title: '', content }, { mentions: [us, anna] }));
    expect(message).toMatchObject({ addressed: true, text: '3 apart graph (https://g.example/1)\nsecond\n@Bo' });
    const wrapped = await hear(post({ zh_cn: { title: '标题', content: [[{ tag: 'text', text: '正文' }]] } }));
    expect(wrapped.message?.text).toBe('标题\n正文');
  });

  it('as a post keeps a key apart from a digit that follows it, and takes the largest body in no time', async () => {
    const at = { tag: 'at', user_id: '@_user_1' };
    const digit = await hear(post({ content: [[at, { tag: 'text', text: '' }, { tag: 'text', text: '0 apart' }]] }));
    expect(digit.message).toMatchObject({ addressed: true, text: '0 apart' });
    const mentions = Array.from({ length: 3000 }, (_, i) => ({
      ...anna,
      key: `@_user_${i + 2}`,
      id: { open_id: `ou_${i}` },
    }));
    const people = mentions.map(({ id }) => ({ tag: 'at', user_id: id.open_id }));
    const words = Array.from({ length: 12_000 }, () => ({ tag: 'text', text: '@_user_' }));
    const body = post({ content: [words, people] }, { mentions });
    expect((await hear(body)).message?.mentions).toHaveLength(3000);
    expect(await workedUntil(() => hear(body))).toBeLessThan(250);
  });

  it.each([
    ['our own', messageEvent({}, { sender_id: { open_id: BOT } })],
    ['our app’s', messageEvent({}, { sender_id: { app_id: APP }, sender_type: 'app' })],
    ['a picture', messageEvent({ message_type: 'image', content: '{"image_key":"x"}' })],
    ['without a sender', messageEvent({}, { sender_id: {} })],
    ['without an id', messageEvent({ message_id: '' })],
    ['without a message', envelope('im.message.receive_v1', {})],
    ['of another event', envelope('im.message.message_read_v1', {})],
  ])('is nothing to us: %s', async (_, body) => {
    const { received, logged } = await hear(body);
    expect(received).toEqual([]);
    expect(logged).toEqual([{ level: 'debug', action: 'lark_event_ignored' }]);
  });
});

describe('a message of a bot', () => {
  it('is told as such, under the id by which it is listed', async () => {
    const sender = { sender_type: 'bot', sender_id: { open_id: 'ou_alarm', app_id: 'cli_alarm' } };
    const body = messageEvent({ content: JSON.stringify({ text: 'disk full @_user_2' }), mentions: [other] }, sender);
    expect((await hear(body)).message).toMatchObject({ sender: { id: 'ou_alarm', bot: true }, forOther: false });
    for (const listed of ['cli_alarm', 'lark:cli_alarm'])
      expect((await hear(body, { alertBotIds: [listed] })).message?.sender.id).toBe('cli_alarm');
  });

  it.each([
    [
      'as the platform hands it on',
      {
        title: 'Disk full',
        elements: [
          [
            { tag: 'text', text: 'db-1 ' },
            { tag: 'text', text: 'has 2 GB' },
          ],
          [{ tag: 'button', text: 'Open' }],
        ],
      },
    ],
    [
      'of schema 1.0',
      {
        header: { title: { tag: 'plain_text', content: 'Disk full' } },
        elements: [
          { tag: 'div', text: { tag: 'lark_md', content: '**db-1** has 2 GB' } },
          { tag: 'action', actions: [{ tag: 'button', text: { content: 'Open' } }] },
        ],
      },
    ],
    [
      'of schema 2.0',
      {
        schema: '2.0',
        header: { title: { content: 'Disk full' } },
        body: { elements: [{ tag: 'markdown', content: '<at id=all></at>db-1 has <font color="red">2 GB</font>' }] },
      },
    ],
    [
      'inside a text',
      {
        json_card: JSON.stringify({
          header: { title: { content: 'Disk full' } },
          body: {
            elements: [{ tag: 'column_set', columns: [{ elements: [{ tag: 'markdown', content: 'db-1 has 2 GB' }] }] }],
          },
        }),
      },
    ],
  ])('that is a card %s is its words', async (_, content) => {
    expect((await hear(card(content))).message?.text).toBe('Disk full\ndb-1 has 2 GB');
  });

  it('that is a card without end ends', async () => {
    const content = `${'{"elements":['.repeat(5000)}{"text":"bottom"}${']}'.repeat(5000)}`;
    const sender = { sender_type: 'bot', sender_id: { open_id: 'ou_alarm' } };
    const { message } = await hear(messageEvent({ message_type: 'interactive', content }, sender));
    expect(message?.text).toBe('');
    const wide = { elements: Array.from({ length: 10_000 }, (_, i) => ({ text: { content: `line ${i}` } })) };
    expect((await hear(card(wide))).message?.text.split('\n').length).toBeLessThan(3001);
  });
});

describe('version 1', () => {
  const old = (event: object) => ({
    uuid: 'u-1',
    token: TOKEN,
    type: 'event_callback',
    event: { app_id: APP, ...event },
  });
  const said = {
    type: 'message',
    open_message_id: 'om_1',
    open_chat_id: 'oc_1',
    chat_type: 'group',
    msg_type: 'text',
    open_id: 'ou_anna',
  };

  it('messages are understood alike', async () => {
    const ours = `<at open_id="${BOT}">@IncidentBot</at> /assign 3 <at open_id="ou_bo">@Bo</at>`;
    expect((await hear(old({ ...said, is_mention: true, text: ours }))).message).toMatchObject({
      id: 'om_1',
      chat: 'lark:oc_1',
      direct: false,
      addressed: true,
      text: '/assign 3 @Bo',
      mentions: [{ id: 'ou_bo', name: 'Bo' }],
    });
    const aside = { text: '<at open_id="ou_unknown_to_us">@Zhiban</at> /help', text_without_at_bot: ' /help' };
    const { message } = await hear(old({ ...said, is_mention: true, ...aside }), {
      bot: () => ({ names: ['zhiban'] }),
    });
    expect(message).toMatchObject({ addressed: true, text: '/help' });
    expect((await hear(old({ ...said, is_mention: false, text: 'hi' }))).message).toMatchObject({ addressed: false });
    expect((await hear(old({ ...said, chat_type: 'private', text: 'hi' }))).message).toMatchObject({
      chat: 'lark:ou_anna',
    });
  });

  it.each([
    ['add_bot', 'added'],
    ['remove_bot', 'removed'],
  ])('%s tells of a chat', async (type, what) => {
    const event = { type, open_chat_id: 'oc_9', chat_name: 'SRE', operator_open_id: 'ou_anna' };
    const { chats } = await hear({ ...old(event), ts: '1502199207.7171419' });
    expect(chats).toEqual([{ what, chat: 'lark:oc_9', name: 'SRE', by: 'ou_anna', at: 1_502_199_207_000 }]);
  });
});

describe('a chat', () => {
  it.each([
    ['im.chat.member.bot.added_v1', 'added'],
    ['im.chat.member.bot.deleted_v1', 'removed'],
    ['im.chat.disbanded_v1', 'removed'],
  ])('%s', async (type, what) => {
    const event = { chat_id: 'oc_9', name: 'SRE', operator_id: { open_id: 'ou_anna' } };
    const told = { what, chat: 'lark:oc_9', name: 'SRE', by: 'ou_anna' };
    expect((await hear(envelope(type, event))).chats).toEqual([told]);
    for (const create_time of ['1608725989', '1608725989000', '1608725989000000'])
      expect((await hear(envelope(type, event, { create_time }))).chats).toEqual([{ ...told, at: 1_608_725_989_000 }]);
    expect((await hear(envelope(type, event, { create_time: 'soon' }))).chats).toEqual([told]);
  });

  it('without an id is nothing', async () => {
    expect((await hear(envelope('im.chat.member.bot.added_v1', {}))).chats).toEqual([]);
  });
});

describe('an event that cannot be stored', () => {
  const failing = {
    message: () => Promise.reject(new Error('disk full')),
    press: () => Promise.reject(new Error('disk full')),
  };

  it('is not acknowledged, so that the platform sends it again', async () => {
    const { inbound } = createPlainWorld({ receive: failing });
    expect((await inbound.event(bytes(messageEvent()), {})).status).toBe(503);
    await expect(inbound.fromSocket(messageEvent())).rejects.toThrow('disk full');
  });

  it('is not acknowledged either when that is slow, within the platform’s deadline; the work goes on', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const slow = { ...failing, message: () => promise };
    const { inbound, logged } = createPlainWorld({ receive: slow, deadlineMs: 20 });
    expect((await inbound.event(bytes(messageEvent()), {})).status).toBe(503);
    await expect(inbound.fromSocket(messageEvent())).rejects.toThrow('not stored within 20 ms');
    logged.length = 0;
    reject(new Error('disk full'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(logged).toEqual([
      { level: 'error', action: 'lark_event_failed' },
      { level: 'error', action: 'lark_event_failed' },
    ]);
  });
});
