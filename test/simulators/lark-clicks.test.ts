import { CardActionHandler, adaptDefault, type Client, LoggerLevel } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE } from '../support/lark-environment.ts';
import { cardWith, markdown, patchCard, postCard, said, SILENT, vendorClient } from './lark-sdk.ts';
import { type Heard, listen, type Listening, startVendorApp } from './lark-vendor-app.ts';
import { HOUR, MINUTE } from './lark/deps.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';
import type { Chat, User } from './lark/world.ts';

let lark: LarkSimulator;
let client: Client;
let wang: User;
let chat: Chat;
let apps: Listening[];

beforeEach(async () => {
  lark = await startLarkSimulator({ standing: true, ...PATIENCE });
  client = vendorClient(lark);
  apps = [];
  wang = lark.addUser('Wang');
  chat = lark.addChat('ops', [wang]);
});
afterEach(async () => {
  for (const app of apps) app.close();
  await lark.stop();
});

/** An app of the vendor's own parts, saved in the console. */
async function vendorApp(answerClick?: () => unknown): Promise<readonly Heard[]> {
  const started = await startVendorApp(lark, answerClick, 'an encrypt key');
  apps.push(started);
  expect(await lark.saveAddresses(started.url, 'an encrypt key')).toEqual([]);
  return started.heard;
}
async function startApp(handle: Parameters<typeof listen>[0]): Promise<string> {
  const started = await listen(handle);
  apps.push(started);
  return started.url;
}

const buttonCard = () =>
  cardWith({
    tag: 'button',
    text: { tag: 'plain_text', content: 'Acknowledge' },
    behaviors: [{ type: 'callback', value: { action: 'ack', incident_id: 'INC-1', rev: 7 } }],
  });
const postButton = async (): Promise<string> =>
  String((await postCard(client, chat.id, buttonCard())).data['message_id']);

describe('a click', () => {
  it('brings the value and the person, and the answer changes the card and shows a toast', async () => {
    const toast = { type: 'success', content: 'Acknowledged' };
    const heard = await vendorApp(() => ({ toast, card: { type: 'raw', data: cardWith(markdown('by Wang')) } }));
    const messageId = await postButton();
    const outcome = await lark.press({ user: wang, messageId, text: 'Acknowledge' });
    expect(outcome).toMatchObject({ code: 0, toast, cardChanged: true });
    expect(heard[0]).toMatchObject({
      event_type: 'card.action.trigger',
      event_id: outcome.eventId,
      operator: { open_id: wang.openId },
      action: { tag: 'button', value: { action: 'ack', incident_id: 'INC-1', rev: 7 } },
      context: { open_message_id: messageId, open_chat_id: chat.id },
      token: outcome.ticket,
    });
    expect(lark.messages(chat.id)[0]).toMatchObject({
      edits: 1,
      card: { body: { elements: [{ content: 'by Wang' }] } },
    });
    expect(() => lark.press({ user: wang, messageId, text: 'Acknowledge' })).toThrow('nothing in the card fits');
    expect(await lark.press({ user: wang, messageId, text: 'Acknowledge', version: 0 })).toMatchObject({ code: 0 });
  });

  it('locks the card until it is answered', async () => {
    let patched: unknown;
    let messageId = '';
    await vendorApp(async () => {
      patched = await patchCard(client, messageId, cardWith(markdown('too early')));
      return {};
    });
    messageId = await postButton();
    expect(await lark.press({ user: wang, messageId })).toMatchObject({
      code: 0,
      toast: undefined,
      cardChanged: false,
    });
    expect(patched).toMatchObject({ status: 400, code: 230099, msg: expect.stringContaining('card action is lock') });
    expect(await patchCard(client, messageId, cardWith(markdown('now')))).toMatchObject({ code: 0 });
  });

  it.each([
    ['a body that is no object', () => 'fine', 200672],
    ['a field nobody knows', () => ({ message: 'x' }), 200672],
    ['a toast of no known type', () => ({ toast: { type: 'ok', content: 'x' } }), 200672],
    ['a card that would be refused', () => ({ card: { type: 'raw', data: cardWith({ tag: 'note' }) } }), 200673],
    ['a 1.0 card', () => ({ card: { type: 'raw', data: { elements: [] } } }), 200830],
  ])('shows an error when the answer is %s', async (_, answer, code) => {
    await vendorApp(answer);
    expect(await lark.press({ user: wang, messageId: await postButton() })).toMatchObject({ code, cardChanged: false });
    expect(lark.messages(chat.id)[0]?.edits).toBe(0);
  });

  it('is never repeated when the app is silent, refuses, or has no address', async () => {
    const seen: string[] = [];
    const url = await startApp((request, response) => {
      if (seen.push(request.url ?? '') === 2) response.writeHead(500).end();
    });
    const messageId = await postButton();
    expect(await lark.press({ user: wang, messageId })).toMatchObject({ code: 200340 });
    lark.webhook.configured = { eventUrl: `${url}/e`, cardUrl: `${url}/c`, verificationToken: lark.verificationToken };
    lark.settings.pushDeadlineMs = 300;
    expect(await lark.press({ user: wang, messageId })).toMatchObject({ code: 200341 });
    lark.settings.pushDeadlineMs = PATIENCE.pushDeadlineMs;
    expect(await lark.press({ user: wang, messageId })).toMatchObject({ code: 200671 });
    await lark.clock.advance(24 * HOUR);
    expect(seen).toEqual(['/c', '/c']);
  });

  it('gives a code that updates the card twice within half an hour, after the answer', async () => {
    let early: unknown;
    const update = (token: string) =>
      said(
        client.request({
          method: 'POST',
          url: '/open-apis/interactive/v1/card/update',
          data: { token, card: cardWith(markdown('later')) },
        }),
      );
    const heard = await vendorApp(async () => {
      early = await update(String(heard[0]?.['token']));
      return {};
    });
    const { ticket } = await lark.press({ user: wang, messageId: await postButton() });
    expect(early).toMatchObject({ status: 400, code: 300020 });
    expect([await update(ticket), await update(ticket)]).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(await update(ticket)).toMatchObject({ status: 400, code: 300040 });
    expect(await update('c-none')).toMatchObject({ status: 400, code: 300020 });
    const second = await lark.press({ user: wang, messageId: await postButton() });
    await lark.clock.advance(30 * MINUTE);
    expect(await update(second.ticket)).toMatchObject({ status: 400, code: 300030 });
  });

  it('is refused on a card older than fourteen days', async () => {
    await vendorApp();
    const messageId = await postButton();
    await lark.clock.advance(14 * 24 * HOUR + 1);
    expect(await lark.press({ user: wang, messageId })).toMatchObject({ code: 200080 });
  });

  it('can come in the old form, which the vendor’s handler for it accepts and answers with a card', async () => {
    const pressed: Heard[] = [];
    const card = { config: {}, elements: [{ tag: 'hr' }] };
    const verificationToken = lark.verificationToken;
    const handler = new CardActionHandler(
      { verificationToken, loggerLevel: LoggerLevel.fatal, logger: SILENT },
      (data: Heard) => {
        pressed.push(data);
        return Promise.resolve(card);
      },
    );
    const url = await startApp(adaptDefault('/lark/card/action', handler));
    lark.webhook.configured = { eventUrl: `${url}/lark/event`, cardUrl: `${url}/lark/card/action`, verificationToken };
    const value = { action: 'confirm_diagnosis', incident_id: 'INC-1' };
    expect(await lark.pressLegacy({ user: wang, messageId: 'om_1', value })).toMatchObject({ status: 200, card });
    expect(pressed).toMatchObject([{ open_id: wang.openId, action: { value } }]);
  });
});
