import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardWith, markdown } from './lark-sdk.ts';
import { signHook } from './lark/crypto.ts';
import { HOUR, MINUTE } from './lark/deps.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';
import type { Chat } from './lark/world.ts';

/** A custom bot has no client of the vendor's: it is a plain POST. */

let lark: LarkSimulator;
let chat: Chat;

beforeEach(async () => {
  lark = await startLarkSimulator({ standing: true });
  chat = lark.addChat('ops');
});
afterEach(() => lark.stop());

async function post(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...((await answer.json()) as { code: number; msg: string }) };
}
const TEXT = { msg_type: 'text', content: { text: 'disk full' } };
const CARD = { msg_type: 'interactive', card: cardWith(markdown('disk full')) };
const stamp = (ageMs = 0): string => `${Math.floor((lark.clock.now() - ageMs) / 1000)}`;

describe('a custom bot', () => {
  it('posts texts, posts and cards', async () => {
    const hook = lark.addHook(chat);
    const success = { status: 200, code: 0, StatusCode: 0, StatusMessage: 'success', data: {} };
    expect(await post(hook, TEXT)).toMatchObject(success);
    const paragraphs = { zh_cn: { title: 'Disk', content: [[{ tag: 'text', text: 'full' }]] } };
    expect(await post(hook, { msg_type: 'post', content: { post: paragraphs } })).toMatchObject(success);
    expect(await post(hook, CARD)).toMatchObject(success);
    expect(lark.messages(chat.id)).toMatchObject([
      { from: 'hook', text: 'disk full' },
      { text: 'full' },
      { card: CARD.card },
    ]);
  });

  it('refuses a wrong sign and a stamp more than an hour away', async () => {
    const hook = lark.addHook(chat, { secret: 'demo' });
    const signed = (timestamp: string, secret = 'demo') => ({ ...TEXT, timestamp, sign: signHook(timestamp, secret) });
    expect(await post(hook, signed(stamp()))).toMatchObject({ code: 0 });
    expect(await post(hook, signed(stamp(HOUR - MINUTE)))).toMatchObject({ code: 0 });
    for (const body of [TEXT, signed(stamp(), 'other'), signed(stamp(HOUR + MINUTE)), signed(stamp(-HOUR - MINUTE))]) {
      expect(await post(hook, body)).toMatchObject({ status: 200, code: 19021 });
    }
    expect(lark.messages(chat.id)).toHaveLength(2);
  });

  it('refuses words without its keyword, and addresses not on its list', async () => {
    const hook = lark.addHook(chat, { keywords: ['alert', 'disk'] });
    expect(await post(hook, TEXT)).toMatchObject({ code: 0 });
    expect(await post(hook, { msg_type: 'text', content: { text: 'hello' } })).toMatchObject({ code: 19024 });
    expect(await post(lark.addHook(chat, { allowedIps: ['10.0.0.1'] }), TEXT)).toMatchObject({ code: 19022 });
    expect(await post(lark.addHook(chat, { allowedIps: ['127.0.0.1'] }), TEXT)).toMatchObject({ code: 0 });
  });

  it('refuses 20 KB and a byte, a card as a string, an unknown property, an unknown address', async () => {
    const hook = lark.addHook(chat);
    const sized = (size: number) => ({ msg_type: 'text', content: { text: 'x'.repeat(size) } });
    const around = Buffer.byteLength(JSON.stringify(sized(0)));
    expect(await post(hook, sized(20 * 1024 - around))).toMatchObject({ code: 0 });
    expect(await post(hook, sized(20 * 1024 - around + 1))).toMatchObject({ code: 9499 });
    expect(await post(hook, { ...CARD, card: JSON.stringify(CARD.card) })).toMatchObject({ code: 9499 });
    expect(await post(hook, { ...CARD, card: { ...CARD.card, colour: 'red' } })).toMatchObject({ code: 9499 });
    expect(await post(`${lark.url}/open-apis/bot/v2/hook/none`, TEXT)).toMatchObject({ code: 19001 });
    lark.settings.hookRefusalStatus = 400;
    expect(await post(`${lark.url}/open-apis/bot/v2/hook/none`, TEXT)).toMatchObject({ status: 400, code: 19001 });
  });

  it('takes five a second and a hundred a minute', async () => {
    const hook = lark.addHook(chat);
    for (let second = 0; second < 20; second += 1) {
      for (let n = 0; n < 5; n += 1) expect(await post(hook, TEXT)).toMatchObject({ code: 0 });
      expect(await post(hook, TEXT)).toMatchObject({ code: 11232 });
      await lark.clock.advance(1000);
    }
    expect(await post(hook, TEXT)).toMatchObject({ code: 11232 });
    await lark.clock.advance(MINUTE);
    expect(await post(hook, TEXT)).toMatchObject({ code: 0 });
  });
});
