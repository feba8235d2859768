import { setTimeout as sleep } from 'node:timers/promises';
import { LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PATIENCE } from '../support/lark-environment.ts';
import { cardWith, markdown, patchCard, postCard, SILENT, vendorClient } from './lark-sdk.ts';
import { type Heard, vendorDispatcher } from './lark-vendor-app.ts';
import { type LarkSimulator, startLarkSimulator } from './lark/simulator.ts';
import type { Chat, User } from './lark/world.ts';

const QUICK = { ReconnectNonce: 0, ReconnectInterval: 0.05 };

let lark: LarkSimulator;
let wang: User;
let chat: Chat;
let clients: WSClient[];

beforeEach(async () => {
  lark = await startLarkSimulator({ standing: true, ...PATIENCE, clientConfig: QUICK });
  wang = lark.addUser('Wang');
  chat = lark.addChat('ops', [wang]);
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close({ force: true });
  await lark.stop();
});

interface Started {
  readonly client: WSClient;
  readonly heard: Heard[];
  readonly errors: Error[];
}

/** The vendor's own long connection, unmodified. */
function start(answerClick?: () => unknown, wsConfig: { pingTimeout?: number } = {}): Started {
  const [heard, errors]: [Heard[], Error[]] = [[], []];
  const client = new WSClient({
    appId: lark.app.id,
    appSecret: lark.app.secret,
    domain: lark.url,
    loggerLevel: LoggerLevel.fatal,
    logger: SILENT,
    wsConfig,
    onError: (error: Error) => void errors.push(error),
  });
  clients.push(client);
  void client.start({ eventDispatcher: vendorDispatcher(lark, heard, answerClick) });
  return { client, heard, errors };
}

const until = (check: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(check()).toBe(true), { timeout: 20_000, interval: 10 });
async function connect(answerClick?: () => unknown, wsConfig?: { pingTimeout?: number }): Promise<Started> {
  const before = lark.connections.open().length;
  const started = start(answerClick, wsConfig);
  await until(
    () => started.client.getConnectionStatus().state === 'connected' && lark.connections.open().length > before,
  );
  return started;
}
const stateOf = ({ client }: Started): string => client.getConnectionStatus().state;

describe("events over the vendor's long connection", () => {
  it('are heard and acknowledged, whole or in three parts', async () => {
    const { heard } = await connect();
    const whole = await lark.people.says({ chat, from: wang, text: '@bot 帮助' });
    lark.socket.parts = 3;
    const sliced = await lark.people.says({ chat, from: wang, text: '@bot 值班'.repeat(50) });
    expect([whole.first, sliced.first]).toMatchObject([
      { via: 'socket', problem: undefined },
      { via: 'socket', problem: undefined },
    ]);
    expect(heard).toMatchObject([
      { event_id: whole.envelope.header.event_id, message: { content: '{"text":"@_user_1 帮助"}' } },
      { event_id: sliced.envelope.header.event_id },
    ]);
  });

  it('go to one of several connections, not to all', async () => {
    const apps = [await connect(), await connect()];
    for (let n = 0; n < 20; n += 1) await lark.people.says({ chat, from: wang, text: `${n}` });
    const counts = apps.map(({ heard }) => heard.length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(20);
  });

  it('come again when nobody is connected, and when the handler fails', async () => {
    await lark.people.says({ chat, from: wang, text: 'hello' });
    const { heard } = await connect();
    await lark.clock.advance(15_000);
    expect(lark.attempts.map(({ problem }) => problem)).toEqual(['no-address', undefined]);
    expect(heard).toHaveLength(1);
    Object.freeze(heard); // The handler's push throws from here on.
    expect((await lark.people.says({ chat, from: wang, text: 'again' })).first).toMatchObject({
      problem: 'refused',
      status: 500,
    });
  });
});

describe('a click over the long connection', () => {
  const card = cardWith({
    tag: 'button',
    text: { tag: 'plain_text', content: 'Ack' },
    behaviors: [{ type: 'callback', value: { action: 'ack' } }],
  });
  const post = async () => String((await postCard(vendorClient(lark), chat.id, card)).data['message_id']);

  it('is answered with a toast and a card in the acknowledgement, and locks the card meanwhile', async () => {
    let early: unknown;
    let messageId = '';
    const toast = { type: 'info', content: 'ok' };
    await connect(async () => {
      early = await patchCard(vendorClient(lark), messageId, cardWith(markdown('early')));
      return { toast, card: { type: 'raw', data: cardWith(markdown('done')) } };
    });
    messageId = await post();
    expect(await lark.press({ user: wang, messageId, text: 'Ack' })).toMatchObject({
      code: 0,
      toast,
      cardChanged: true,
    });
    expect(early).toMatchObject({ code: 230099 });
    expect(lark.messages(chat.id)[0]?.card).toEqual(cardWith(markdown('done')));
  });

  it('is an error for the person when the acknowledgement is empty, late or a failure', async () => {
    let answer: () => unknown = () => undefined;
    await connect(() => answer());
    const messageId = await post();
    expect(await lark.press({ user: wang, messageId })).toMatchObject({ code: 108002 });
    lark.settings.pushDeadlineMs = 100;
    answer = () => new Promise(() => undefined);
    expect(await lark.press({ user: wang, messageId })).toMatchObject({ code: 200341 });
    lark.settings.pushDeadlineMs = PATIENCE.pushDeadlineMs;
    answer = () => Promise.reject(new Error('broken'));
    expect(await lark.press({ user: wang, messageId })).toMatchObject({ code: 200671 });
  });

  it('in a frame of the old type is never acknowledged by the vendor', async () => {
    await connect();
    lark.settings.callbackFrames = 'card';
    lark.settings.pushDeadlineMs = 100;
    expect(await lark.press({ user: wang, messageId: await post() })).toMatchObject({ code: 200341 });
  });
});

describe('a broken connection', () => {
  it('is made anew by the vendor’s client', async () => {
    const app = await connect();
    lark.connections.drop();
    await until(() => lark.connections.opened() === 2 && stateOf(app) === 'connected');
    expect(lark.connections.open()).toHaveLength(1);
    await lark.people.says({ chat, from: wang, text: 'back' });
    expect(app.heard).toHaveLength(1);
  });

  it('that is half open is noticed by the watchdog alone', async () => {
    lark.connections.pong = 'none';
    const blind = await connect();
    const watched = await connect(undefined, { pingTimeout: 0.1 });
    const asked = lark.endpoint.asked();
    await until(() => lark.endpoint.asked() > asked);
    expect(stateOf(blind)).toBe('connected');
    watched.client.close({ force: true });
  });

  it('cannot be made during an outage, and can after it', async () => {
    const app = await connect();
    lark.outage('answering-503');
    await until(() => lark.connections.open().length === 0);
    await sleep(100);
    expect(lark.connections.open()).toEqual([]);
    lark.outage('none');
    await until(() => lark.connections.open().length === 1 && stateOf(app) === 'connected');
  });
});

describe('the endpoint refuses', () => {
  it.each([1, 403, 514, 1000040350])('with code %d and data: the vendor’s client gives up', async (code) => {
    lark.endpoint.fail({ code, form: 'with-data' });
    const app = start();
    await until(() => stateOf(app) === 'failed');
    expect(app.errors).toHaveLength(1);
    expect(lark.endpoint.asked()).toBe(1);
  });

  it.each(['without-data', 'http-400', 'http-500'] as const)('%s: the vendor’s client goes on trying', async (form) => {
    lark.endpoint.fail({ code: 514, form });
    const app = start();
    await until(() => lark.endpoint.asked() > 0);
    await sleep(50);
    expect(stateOf(app)).toBe('connecting');
    expect(app.errors).toEqual([]);
  });

  it('a wrong secret, an unknown app, the 51st connection', async () => {
    const ask = async (body: object) => {
      const answer = await fetch(`${lark.url}/callback/ws/endpoint`, { method: 'POST', body: JSON.stringify(body) });
      return (await answer.json()) as { code: number; data: { URL: string } };
    };
    const own = { AppID: lark.app.id, AppSecret: lark.app.secret };
    expect(await ask({ ...own, AppSecret: 'x' })).toMatchObject({ code: 514, data: {} });
    expect(await ask({ ...own, AppID: 'cli_0000000000000000' })).toMatchObject({ code: 1000040346 });
    const sockets = await Promise.all(Array.from({ length: 50 }, async () => new WebSocket((await ask(own)).data.URL)));
    await until(() => lark.connections.open().length === 50);
    expect(await ask(own)).toMatchObject({ code: 1000040350 });
    for (const socket of sockets) socket.close();
  });

  it('a handshake without a ticket', async () => {
    const socket = new WebSocket(`${lark.url.replace('http', 'ws')}/ws/v2?ticket=none`);
    const refused = await new Promise<boolean>((resolve) => {
      socket.addEventListener('error', () => resolve(true));
      socket.addEventListener('open', () => resolve(false));
    });
    expect(refused).toBe(true);
  });
});
