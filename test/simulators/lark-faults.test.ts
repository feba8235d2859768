import { type Client, defaultHttpInstance } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardWith, markdown, postCard, postText, said, vendorClient } from './lark-sdk.ts';
import { deadToken, httpError, monthlyQuota, platformError, tooManyRequests } from './lark/faults.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';
import type { Chat, User } from './lark/world.ts';

let lark: LarkSimulator;
let client: Client;
let wang: User;
let chat: Chat;
const SEND = 'POST /open-apis/im/v1/messages';

beforeEach(async () => {
  lark = await startLarkSimulator({ standing: true });
  client = vendorClient(lark);
  wang = lark.addUser('Wang');
  chat = lark.addChat('ops', [wang]);
});
afterEach(() => lark.stop());

describe('faults met by the vendor’s client', () => {
  it.each([
    ['a throttle that says how long', tooManyRequests(7), { status: 429, code: 99991400 }],
    ['a dead token with HTTP 400', deadToken(400), { status: 400, code: 99991663 }],
    ['a dead token with HTTP 200', deadToken(200), { status: 200, code: 99991663 }],
    ['the month used up', monthlyQuota(), { status: 400, code: 99991403 }],
    [
      'a refusal with HTTP 200',
      platformError(230002, 'Bot/User can NOT be out of the chat.', 200),
      { status: 200, code: 230002 },
    ],
    ['a bad gateway', httpError(502), { status: 502, code: undefined }],
  ])('%s happens once, and nothing is posted', async (_, fault, expected) => {
    lark.faults.next(SEND, fault);
    const refused = await postText(client, chat.id, 'x', 'u1');
    expect(refused).toMatchObject(expected);
    expect(refused.headers['x-ogw-ratelimit-reset']).toBe(expected.status === 429 ? '7' : undefined);
    expect(lark.messages(chat.id)).toEqual([]);
    expect(await postText(client, chat.id, 'x', 'u1')).toMatchObject({ code: 0 });
  });

  it('a connection reset after the commit leaves one message, which the same uuid finds again', async () => {
    lark.faults.next(SEND, { kind: 'reset', when: 'after-commit' });
    expect(await postText(client, chat.id, 'x', 'u1')).toMatchObject({ status: 0 });
    expect(lark.messages(chat.id)).toHaveLength(1);
    expect(await postText(client, chat.id, 'x', 'u1')).toMatchObject({
      code: 0,
      data: { message_id: lark.messages(chat.id)[0]?.id },
    });
    expect(lark.messages(chat.id)).toHaveLength(1);
  });

  it('a connection reset before it leaves nothing', async () => {
    lark.faults.next(SEND, { kind: 'reset', when: 'before' });
    expect(await postText(client, chat.id, 'x')).toMatchObject({ status: 0 });
    expect(lark.messages(chat.id)).toEqual([]);
  });

  it('an answer slower than the client waits, and one cut in the middle, though both were carried out', async () => {
    await postText(client, chat.id, 'the token is fetched');
    defaultHttpInstance.defaults.timeout = 100;
    lark.faults.next(SEND, { kind: 'slow', ms: 200 });
    expect(await postText(client, chat.id, 'x')).toMatchObject({ status: 0, msg: expect.stringContaining('timeout') });
    defaultHttpInstance.defaults.timeout = 0;
    lark.faults.next(SEND, { kind: 'truncated' });
    expect(await postText(client, chat.id, 'y')).toMatchObject({ code: undefined });
    expect(lark.messages(chat.id)).toHaveLength(3);
  });

  it('an outage refuses everything until it is over, and every request is on record', async () => {
    await postText(client, chat.id, 'x');
    lark.outage('unreachable');
    expect(await postText(client, chat.id, 'x')).toMatchObject({ status: 0 });
    lark.outage('answering-503');
    expect(await postText(client, chat.id, 'x')).toMatchObject({ status: 503 });
    lark.outage('none');
    expect(await postText(client, chat.id, 'x')).toMatchObject({ code: 0 });
    const sends = lark.calls.filter(({ path }) => path === '/open-apis/im/v1/messages');
    expect(sends.map(({ status, code }) => [status, code])).toEqual([
      [200, 0],
      [503, undefined],
      [200, 0],
    ]);
  });
});

describe('around a message', () => {
  const urgent = (kind: 'app' | 'sms' | 'phone', messageId: string, people: readonly string[]) =>
    said(
      client.request({
        method: 'PATCH',
        url: `/open-apis/im/v1/messages/${messageId}/urgent_${kind}`,
        params: { user_id_type: 'open_id' },
        data: { user_id_list: people },
      }),
    );
  const post = async () => String((await postCard(client, chat.id, cardWith(markdown('x')))).data['message_id']);

  it('urgent calls reach people of the chat, and no more when the tenant’s number is used up', async () => {
    const id = await post();
    const stranger = lark.addUser('Zhao').openId;
    expect(await urgent('app', id, [wang.openId, stranger])).toMatchObject({
      code: 0,
      data: { invalid_user_id_list: [stranger] },
    });
    lark.urgency.urgent_sms = 1;
    expect(await urgent('sms', id, [wang.openId])).toMatchObject({ code: 0 });
    expect(await urgent('sms', id, [wang.openId])).toMatchObject({ status: 400, code: 230024 });
    wang.unreadUrgent = 200;
    expect(await urgent('app', id, [wang.openId])).toMatchObject({ status: 400, code: 230023 });
    expect(await urgent('app', 'om_none', [wang.openId])).toMatchObject({ status: 400, code: 231003 });
    const calls = lark.world.notifications.filter(({ kind }) => kind !== 'message');
    expect(calls).toMatchObject([{ kind: 'urgent_app', people: [wang.openId] }, { kind: 'urgent_sms' }]);
  });

  it('reactions and pins are seen, an ephemeral card by one person and without a bell', async () => {
    const id = await post();
    await client.im.v1.messageReaction.create({
      path: { message_id: id },
      data: { reaction_type: { emoji_type: 'OK' } },
    });
    await client.im.v1.pin.create({ data: { message_id: id } });
    const whisper = (openId: string) =>
      said(
        client.request({
          method: 'POST',
          url: '/open-apis/ephemeral/v1/send',
          data: { chat_id: chat.id, open_id: openId, msg_type: 'interactive', card: cardWith(markdown('for you')) },
        }),
      );
    expect(await whisper(wang.openId)).toMatchObject({ code: 0 });
    expect(await whisper('ou_none')).toMatchObject({ status: 400, code: 18053 });
    expect(lark.messages(chat.id)).toMatchObject([{ reactions: ['OK'], pinned: true }, { visibleTo: wang.openId }]);
    expect(lark.world.notifications).toHaveLength(1);
  });

  it('the bot knows itself, its chats and their members, page by page', async () => {
    for (let n = 0; n < 24; n += 1) lark.addChat(`chat ${n}`);
    const away = lark.addChat('away');
    away.botInside = false;
    const names: (string | undefined)[] = [];
    for await (const page of await client.im.v1.chat.listWithIterator({ params: { page_size: 10 } })) {
      names.push(...(page?.items ?? []).map(({ name }) => name));
    }
    expect(names).toHaveLength(25);
    expect(names).not.toContain('away');
    const members = await said(
      client.im.v1.chatMembers.get({ path: { chat_id: chat.id }, params: { member_id_type: 'open_id' } }),
    );
    expect(members.data['items']).toMatchObject([{ member_id: wang.openId, name: 'Wang' }]);
    expect(await said(client.im.v1.chatMembers.get({ path: { chat_id: away.id } }))).toMatchObject({
      status: 400,
      code: 232011,
    });
    const info = await client.request<{ bot: unknown }>({ method: 'GET', url: '/open-apis/bot/v3/info' });
    expect(info.bot).toMatchObject({ open_id: lark.app.openId, activate_status: 2 });
  });
});

describe('the month’s calls', () => {
  it('once used up, are refused before anything happens, and taken again when there are more', async () => {
    lark.quota.calls = 1;
    expect(await postText(client, chat.id, 'x', 'u1')).toMatchObject({ code: 0 });
    expect(await postText(client, chat.id, 'y', 'u2')).toMatchObject({ status: 400, code: 99991403 });
    expect(lark.messages(chat.id)).toHaveLength(1);
    lark.quota.calls = 1;
    expect(await postText(client, chat.id, 'y', 'u2')).toMatchObject({ code: 0 });
  });

  it('are not what a custom bot or a token costs', async () => {
    lark.quota.calls = 0;
    const body = { msg_type: 'text', content: { text: 'x' } };
    const send = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    expect(await (await fetch(lark.addHook(chat), send)).json()).toMatchObject({ code: 0 });
    expect(lark.quota.calls).toBe(0);
  });
});
