import { AESCipher } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE } from '../support/lark-environment.ts';
import { type Heard, listen, type Listening, startVendorApp } from './lark-vendor-app.ts';
import { encrypt, signEvent, signHook, signLegacy } from './lark/crypto.ts';
import { HOUR, MINUTE } from './lark/deps.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';
import type { Chat, User } from './lark/world.ts';

const KEY = 'an encrypt key';

let lark: LarkSimulator;
let wang: User;
let chat: Chat;
let apps: Listening[];

beforeEach(async () => {
  lark = await startLarkSimulator({ standing: true, ...PATIENCE });
  apps = [];
  wang = lark.addUser('Wang');
  chat = lark.addChat('ops', [wang]);
});
afterEach(async () => {
  for (const app of apps) app.close();
  await lark.stop();
});

/** An app of the vendor's own parts, saved in the console. */
async function vendorApp(answerClick?: () => unknown, encryptKey?: string): Promise<readonly Heard[]> {
  const started = await startVendorApp(lark, answerClick, encryptKey);
  apps.push(started);
  expect(await lark.saveAddresses(started.url, encryptKey)).toEqual([]);
  return started.heard;
}
async function startApp(handle: Parameters<typeof listen>[0]): Promise<string> {
  const started = await listen(handle);
  apps.push(started);
  return started.url;
}

describe('the proofs', () => {
  it('equal the published and the measured vectors', () => {
    const secret = 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=';
    expect(new AESCipher('test key').decrypt(secret)).toBe('hello world');
    expect(encrypt('test key', 'hello world', Buffer.from(secret, 'base64').subarray(0, 16))).toBe(secret);
    expect(signEvent('1700000000', 'n1', 'k1', '{"encrypt":"abc"}')).toBe(
      'c8126cca2c93422f9232a6d26a53b4cc3989e23a331834d7e44ff106eb344c7d',
    );
    expect(signLegacy('1700000000', 'n1', 'v1', '{"open_id":"ou_1"}')).toBe('c090aa3fb4b0e29fbc4b92b9f2ffe944cae0d91a');
    expect(signHook('100', 'demo')).toBe('jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg=');
    expect(signHook('1599360473', 'demo')).toBe('l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=');
  });
});

describe.each([
  ['encrypted and signed', KEY],
  ['plain', undefined],
])('events pushed %s', (_, key) => {
  it("reach the handlers of the vendor's dispatcher", async () => {
    const heard = await vendorApp(undefined, key);
    const said1 = await lark.people.says({ chat, from: wang, text: '@bot ack INC-1 for @Wang' });
    expect(said1.first).toMatchObject({ attempt: 0, problem: undefined, status: 200 });
    expect(heard[0]).toMatchObject({
      event_id: said1.envelope.header.event_id,
      app_id: lark.app.id,
      sender: { sender_id: { open_id: wang.openId }, sender_type: 'user' },
      message: {
        message_id: said1.message.id,
        content: '{"text":"@_user_1 ack INC-1 for @_user_2"}',
        mentions: [
          { key: '@_user_1', id: { open_id: lark.app.openId }, mentioned_type: 'bot' },
          { key: '@_user_2', id: { open_id: wang.openId }, mentioned_type: 'user' },
        ],
      },
    });
    await lark.people.reacts(wang, said1.message.id, 'OK');
    await lark.people.addsBot(wang, chat);
    expect(heard.slice(1)).toMatchObject([{ reaction_type: { emoji_type: 'OK' } }, { chat_id: chat.id }]);
  });
});

describe('an address is not saved', () => {
  it('when the challenge does not come back, or not in time', async () => {
    const silent = await startApp((_request, response) => response.end('{}'));
    expect(await lark.saveAddresses(silent)).toEqual([
      `${silent}/lark/event: the challenge did not come back`,
      `${silent}/lark/card/action: the challenge did not come back`,
    ]);
    for (const app of apps) app.close();
    const slow = await startApp(() => undefined);
    lark.settings.challengeDeadlineMs = 100;
    expect(await lark.saveAddresses(slow)).toContain(`${slow}/lark/event: timeout`);
    expect(lark.webhook.configured).toBeUndefined();
  });
});

describe('events that are not taken', () => {
  it('come again after 15 s, 5 min, 1 h, 6 h and never more, with the same event id', async () => {
    const bodies: string[] = [];
    const url = await startApp((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const parsed = JSON.parse(body) as { challenge?: string; header?: { event_id: string } };
        if (parsed.challenge) return response.end(JSON.stringify({ challenge: parsed.challenge }));
        bodies.push(parsed.header?.event_id ?? '');
        return response.writeHead(500).end();
      });
    });
    await lark.saveAddresses(url);
    const began = lark.clock.now();
    await lark.people.says({ chat, from: wang, text: 'hello' });
    await lark.clock.advance(48 * HOUR);
    expect(lark.attempts.map(({ at }) => at - began)).toEqual([
      0,
      15_000,
      15_000 + 5 * MINUTE,
      15_000 + 5 * MINUTE + HOUR,
      15_000 + 5 * MINUTE + 7 * HOUR,
    ]);
    expect(lark.attempts.every(({ status, problem }) => status === 500 && problem === 'refused')).toBe(true);
    expect(new Set(bodies).size).toBe(1);
  });

  it('count as lost when the answer is late, a redirect, or nobody is there', async () => {
    const heard: string[] = [];
    const url = await startApp((request, response) => {
      request.resume();
      if (heard.push(request.url ?? '') === 2) response.writeHead(302, { location: '/elsewhere' }).end();
    });
    lark.webhook.configured = { eventUrl: `${url}/e`, cardUrl: `${url}/c`, verificationToken: lark.verificationToken };
    lark.settings.pushDeadlineMs = 300;
    await lark.people.says({ chat, from: wang, text: 'one' });
    lark.settings.pushDeadlineMs = PATIENCE.pushDeadlineMs;
    await lark.people.says({ chat, from: wang, text: 'two' });
    for (const app of apps) app.close();
    await lark.people.says({ chat, from: wang, text: 'three' });
    expect(lark.attempts.map(({ problem }) => problem)).toEqual(['timeout', 'refused', 'unreachable']);
    expect(heard).toEqual(['/e', '/e']);
  });

  it.each(['fresh', 'original'] as const)('carry a %s signature when repeated', async (form) => {
    lark.settings.retrySignature = form;
    const stamps: string[] = [];
    const url = await startApp((request, response) => {
      stamps.push(String(request.headers['x-lark-request-timestamp']));
      response.writeHead(503).end();
    });
    const { verificationToken } = lark;
    lark.webhook.configured = { eventUrl: url, cardUrl: url, verificationToken, encryptKey: KEY };
    await lark.people.says({ chat, from: wang, text: 'hello' });
    await lark.clock.advance(15_000);
    expect(Number(stamps[1]) - Number(stamps[0])).toBe(form === 'fresh' ? 15 : 0);
  });

  it('stop coming once one attempt is taken; taken ones may come again under a new id', async () => {
    const heard = await vendorApp(undefined, KEY);
    const { configured } = lark.webhook;
    lark.webhook.configured = undefined;
    const { envelope } = await lark.people.says({ chat, from: wang, text: 'hello' });
    lark.webhook.configured = configured;
    await lark.clock.advance(24 * HOUR);
    expect(lark.attempts.map(({ problem }) => problem)).toEqual(['no-address', undefined]);
    await lark.people.duplicates(envelope);
    const ids = heard.map(({ message, event_id }) => [(message as { message_id: string }).message_id, event_id]);
    expect(ids[1]?.[0]).toBe(ids[0]?.[0]);
    expect(ids[1]?.[1]).not.toBe(ids[0]?.[1]);
  });
});
