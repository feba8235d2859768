import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '@larksuiteoapi/node-sdk';
import { cardWith, markdown, patchCard, postCard, postText, said, vendorClient } from './lark-sdk.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';
import { DAY, HOUR } from './lark/deps.ts';

let lark: LarkSimulator;
let client: Client;
let chatId: string;

beforeEach(async () => {
  lark = await startLarkSimulator({ standing: true });
  client = vendorClient(lark);
  chatId = lark.addChat('ops', [lark.addUser('Wang'), lark.addUser('Li')]).id;
});
afterEach(() => lark.stop());

const idOf = (answer: { data: Record<string, unknown> }): string => String(answer.data['message_id']);

describe("messages posted with the vendor's client", () => {
  it('appear in the group and call everybody once', async () => {
    const answer = await postCard(client, chatId, cardWith(markdown('**12%** fail')));
    expect(answer).toMatchObject({ status: 200, code: 0, data: { chat_id: chatId, msg_type: 'interactive' } });
    expect(idOf(answer)).toMatch(/^om_[0-9a-f]{32}$/);
    expect(lark.messages(chatId)).toMatchObject([{ id: idOf(answer), from: 'app', edits: 0 }]);
    expect(lark.world.notifications).toMatchObject([{ chatId, kind: 'message' }]);
  });

  it('are changed in place by PATCH, which calls nobody', async () => {
    const id = idOf(await postCard(client, chatId, cardWith(markdown('open'))));
    expect(await patchCard(client, id, cardWith(markdown('acknowledged')))).toMatchObject({ code: 0 });
    expect(lark.messages(chatId)).toMatchObject([
      { edits: 1, card: { body: { elements: [{ content: 'acknowledged' }] } } },
    ]);
    expect(lark.world.notifications).toHaveLength(1);
  });

  it('are replied to, in a thread when asked for', async () => {
    const id = idOf(await postText(client, chatId, 'hello'));
    const reply = (inThread: boolean) =>
      said(
        client.im.v1.message.reply({
          path: { message_id: id },
          data: { content: JSON.stringify({ text: 'so' }), msg_type: 'text', reply_in_thread: inThread },
        }),
      );
    expect((await reply(false)).data).toMatchObject({ root_id: id, parent_id: id });
    const [first, second] = [await reply(true), await reply(true)];
    expect(first.data['thread_id']).toMatch(/^omt_/);
    expect(second.data['thread_id']).toBe(first.data['thread_id']);
  });

  it('with the same uuid are one within the hour, and two after it', async () => {
    const [first, again] = [await postText(client, chatId, 'a', 'u1'), await postText(client, chatId, 'a', 'u1')];
    expect(idOf(again)).toBe(idOf(first));
    lark.settings.repeatedUuid = 'refused';
    expect(await postText(client, chatId, 'a', 'u1')).toMatchObject({ status: 400, code: 230049 });
    await lark.clock.advance(HOUR + 1);
    expect(idOf(await postText(client, chatId, 'a', 'u1'))).not.toBe(idOf(first));
    expect(lark.messages(chatId)).toHaveLength(2);
  });

  it('can be edited as texts by PUT twenty times, as cards by PATCH only', async () => {
    const text = idOf(await postText(client, chatId, 'hello'));
    const card = idOf(await postCard(client, chatId, cardWith(markdown('x'))));
    const put = (id: string, msg_type: string, content: unknown) =>
      said(
        client.im.v1.message.update({ path: { message_id: id }, data: { msg_type, content: JSON.stringify(content) } }),
      );
    expect(await patchCard(client, text, cardWith(markdown('x')))).toMatchObject({ status: 400, code: 230001 });
    expect(await put(card, 'interactive', cardWith(markdown('y')))).toMatchObject({ status: 400 });
    for (let edit = 0; edit < 20; edit += 1)
      expect(await put(text, 'text', { text: `${edit}` })).toMatchObject({ code: 0 });
    expect(await put(text, 'text', { text: '21' })).toMatchObject({ status: 400, code: 230072 });
  });
});

describe('the platform refuses', () => {
  it('a chat the bot is not in, one that is dissolved, one that is unknown', async () => {
    const chat = lark.world.chats.get(chatId);
    if (!chat) throw new Error('no chat');
    chat.botInside = false;
    expect(await postText(client, chatId, 'x')).toMatchObject({ status: 400, code: 230002 });
    chat.botInside = true;
    chat.dissolved = true;
    expect(await postText(client, chatId, 'x')).toMatchObject({ status: 400, code: 232009 });
    expect(await postText(client, 'oc_none', 'x')).toMatchObject({ status: 400, code: 230034 });
    expect(lark.messages(chatId)).toEqual([]);
  });

  it('a person outside its availability', async () => {
    const user = lark.addUser('Zhao');
    const send = () =>
      said(
        client.im.v1.message.create({
          params: { receive_id_type: 'open_id' },
          data: { receive_id: user.openId, msg_type: 'text', content: '{"text":"hi"}' },
        }),
      );
    expect(await send()).toMatchObject({ code: 0 });
    user.available = false;
    expect(await send()).toMatchObject({ status: 400, code: 230013 });
  });

  it('content that is no JSON text, and a uuid of 51 characters', async () => {
    expect(await postCard(client, chatId, 'not json')).toMatchObject({ status: 400, code: 230001 });
    expect(await postText(client, chatId, 'x', 'u'.repeat(51))).toMatchObject({ status: 400, code: 99992402 });
    expect(await postText(client, chatId, 'x', 'u'.repeat(50))).toMatchObject({ code: 0 });
  });

  it('the sixth message of a group within a second, other bots’ counted, until the second is over', async () => {
    lark.otherBotPosts(chatId, 'a build is green');
    for (let n = 0; n < 4; n += 1) expect(await postText(client, chatId, 'x')).toMatchObject({ code: 0 });
    expect(await postText(client, chatId, 'x')).toMatchObject({ status: 400, code: 230020 });
    await lark.clock.advance(1000);
    expect(await postText(client, chatId, 'x')).toMatchObject({ code: 0 });
  });

  it('the sixth PATCH of a message within a second', async () => {
    const id = idOf(await postCard(client, chatId, cardWith(markdown('0'))));
    for (let n = 0; n < 5; n += 1)
      expect(await patchCard(client, id, cardWith(markdown(`${n}`)))).toMatchObject({ code: 0 });
    expect(await patchCard(client, id, cardWith(markdown('6')))).toMatchObject({ status: 400, code: 230020 });
    await lark.clock.advance(1000);
    expect(await patchCard(client, id, cardWith(markdown('6')))).toMatchObject({ code: 0 });
  });

  it('the app’s 51st call of an API within a second, saying how long to wait', async () => {
    const info = () => said(client.request({ method: 'GET', url: '/open-apis/bot/v3/info' }));
    for (let n = 0; n < 50; n += 1) await info();
    const refused = await info();
    expect(refused).toMatchObject({ status: 429, code: 99991400 });
    expect(Number(refused.headers['x-ogw-ratelimit-reset'])).toBe(1);
    await lark.clock.advance(1000);
    expect(await info()).toMatchObject({ code: 0 });
  });

  it('to change what is withdrawn, older than fourteen days, or unknown', async () => {
    const id = idOf(await postCard(client, chatId, cardWith(markdown('x'))));
    await lark.clock.advance(14 * DAY);
    client = vendorClient(lark);
    expect(await patchCard(client, id, cardWith(markdown('y')))).toMatchObject({ code: 0 });
    await lark.clock.advance(1);
    expect(await patchCard(client, id, cardWith(markdown('z')))).toMatchObject({ status: 400, code: 230031 });
    const other = idOf(await postCard(client, chatId, cardWith(markdown('x'))));
    await client.im.v1.message.delete({ path: { message_id: other } });
    expect(await patchCard(client, other, cardWith(markdown('y')))).toMatchObject({ status: 400, code: 230011 });
    expect(await patchCard(client, 'om_none', cardWith(markdown('y')))).toMatchObject({ status: 400, code: 231003 });
  });

  it('to turn a 2.0 card into a 1.0 card, or one that is not shared', async () => {
    const id = idOf(await postCard(client, chatId, cardWith(markdown('x'))));
    const old = { config: { update_multi: true }, elements: [{ tag: 'hr' }] };
    expect(await patchCard(client, id, old)).toMatchObject({ code: 230099, msg: expect.stringContaining('200830') });
    const own = idOf(await postCard(client, chatId, { elements: [{ tag: 'hr' }] }));
    expect(await patchCard(client, own, old)).toMatchObject({ status: 400, code: 230001 });
  });

  it('a path it does not know', async () => {
    expect(await said(client.request({ method: 'GET', url: '/open-apis/none' }))).toMatchObject({
      status: 404,
      code: 99991201,
    });
  });
});

describe('tokens', () => {
  it('stand at the top of the body and stay the same while half an hour is left', async () => {
    const url = `${lark.url}/open-apis/auth/v3/tenant_access_token/internal`;
    const issue = async (app_secret = lark.app.secret) => {
      const body = JSON.stringify({ app_id: lark.app.id, app_secret });
      return (await (await fetch(url, { method: 'POST', body })).json()) as Record<string, unknown>;
    };
    const first = await issue();
    expect(first).toMatchObject({ code: 0, msg: 'ok', expire: 7200 });
    await lark.clock.advance(HOUR);
    expect(await issue()).toMatchObject({ tenant_access_token: first['tenant_access_token'], expire: 3600 });
    await lark.clock.advance(HOUR - 60_000);
    expect((await issue())['tenant_access_token']).not.toBe(first['tenant_access_token']);
    expect(await issue('wrong')).toMatchObject({ code: 10014 });
    expect(await issue('wrong')).not.toHaveProperty('tenant_access_token');
  });

  it('are refused when missing, malformed or dead, which the vendor’s client does not heal', async () => {
    expect(await postText(client, chatId, 'x')).toMatchObject({ code: 0 });
    lark.tokens.revoke();
    expect(await postText(client, chatId, 'x')).toMatchObject({ status: 400, code: 99991663 });
    lark.tokens.revoke('http-200');
    expect(await postText(client, chatId, 'x')).toMatchObject({ status: 200, code: 99991663 });
    expect(await postText(vendorClient(lark), chatId, 'x')).toMatchObject({ code: 0 });
    const bare = await fetch(`${lark.url}/open-apis/bot/v3/info`);
    expect(await bare.json()).toMatchObject({ code: 99991661, error: { log_id: bare.headers.get('x-tt-logid') } });
    const odd = await fetch(`${lark.url}/open-apis/bot/v3/info`, { headers: { authorization: 'Bearer u-1' } });
    expect(await odd.json()).toMatchObject({ code: 99991671 });
  });
});
