import { notingRefs } from './noting.ts';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import { plainText } from '../../../src/cards/plain-text.ts';
import type { Channel } from '../../../src/channels/channel.ts';
import { createLarkHook, isHookUrl } from '../../../src/channels/lark/hook.ts';
import { signHook } from '../../../src/channels/lark/sign.ts';
import { RateLimited, TargetGone } from '../../../src/errors.ts';
import { channelContract } from '../../contracts/channel.ts';

const PATH = '/open-apis/bot/v2/hook/key-nobody-may-read';
const SUCCESS = { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' };
const signal = () => new AbortController().signal;

/** A custom bot's address: takes anything at its own path, and answers what a test wants next. */
async function openBot() {
  const bodies: Record<string, unknown>[] = [];
  let next: readonly [number, unknown] | undefined;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const mine = request.url === PATH;
      const gone = { code: 19001, msg: 'param invalid: incoming webhook access token invalid', data: {} };
      const [status, body] = next ?? [200, mine ? SUCCESS : gone];
      if (body === SUCCESS) bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    bodies,
    answer: (status: number, body: unknown) => (next = [status, body]),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

type Bot = Awaited<ReturnType<typeof openBot>>;

/** Enough of a card to see what became of it, and how it was asked for. */
const larkCard = (card: Card, way: object): object => ({ text: plainText(card), card, way });

const hookOn = (bot: Bot, secret?: string): Channel =>
  createLarkHook({
    larkCard,
    secretOf: async () => secret,
    clock: { now: () => 1_599_360_473_900 },
    random: Math.random,
    fetch,
    domain: bot.url,
  });

channelContract('lark-hook', async () => {
  const bot = await openBot();
  const inner = hookOn(bot);
  const { channel, refs } = notingRefs(inner);
  return {
    channel,
    address: `${bot.url}${PATH}`,
    goneAddress: `${bot.url}/open-apis/bot/v2/hook/wrong`,
    goneRef: 'unused',
    person: { id: 'ou_anna', name: 'Anna' },
    posted: async () => bot.bodies.map((body, at) => ({ ref: refs[at] ?? '', text: JSON.stringify(body) })),
    close: () => bot.close(),
  };
});

describe('signing', () => {
  // Reference vectors of the custom bot's signature.
  it.each([
    ['100', 'jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg='],
    ['1599360473', 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8='],
  ])('at %s s gives the published value', (timestamp, sign) => {
    expect(signHook('demo', Number(timestamp) * 1000 + 999)).toEqual({ timestamp, sign });
  });
});

describe('a custom bot', () => {
  const card: Card = { tone: 'info', title: 'Disk', tags: [], blocks: [] };
  let bot: Bot;
  let address: string;
  beforeEach(async () => {
    bot = await openBot();
    address = `${bot.url}${PATH}`;
  });
  afterEach(() => bot.close());
  const showing = () => ({ key: 'k', address, locale: 'en-US', card, changes: [] }) as const;
  const failed = async (channel = hookOn(bot)): Promise<unknown> =>
    channel.show(showing(), signal()).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('gets the card as an object, made for one way only and for 20 KB with all around it', async () => {
    await hookOn(bot, 'demo').show(showing(), signal());
    const [body] = bot.bodies;
    expect(body).toMatchObject({
      msg_type: 'interactive',
      card: { card: { title: 'Disk' }, way: { locale: 'en-US', callbacks: false, maxBytes: 18_000 } },
    });
    const around = Buffer.byteLength(JSON.stringify({ ...body, card: {} }));
    expect(around + 18_000).toBeLessThan(20_000);
  });

  it('without a signing secret gets no signature', async () => {
    await hookOn(bot).show(showing(), signal());
    expect(Object.keys(bot.bodies[0] ?? {}).toSorted()).toEqual(['card', 'msg_type']);
  });

  it('with signing on gets time and signature at the top', async () => {
    await hookOn(bot, 'demo').show(showing(), signal());
    expect(bot.bodies[0]).toMatchObject({
      timestamp: '1599360473',
      sign: 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=',
    });
  });

  it('gets a message as a post that calls people by id', async () => {
    const text = [{ text: 'Yours' }];
    const mentions = [{ id: 'ou_anna', name: 'Anna' }];
    const message = { key: 'm', address, locale: 'en-US', mentions, content: { kind: 'text', text } } as const;
    await hookOn(bot).send(message, signal());
    expect(bot.bodies[0]).toEqual({
      msg_type: 'post',
      content: {
        post: {
          en_us: {
            title: '',
            content: [
              [
                { tag: 'text', text: 'Yours' },
                { tag: 'text', text: ' ' },
                { tag: 'at', user_id: 'ou_anna' },
              ],
            ],
          },
        },
      },
    });
  });

  it.each([
    [19021, 'target_gone', 'secret'],
    [19022, 'target_gone', 'allow-list'],
    [19024, 'target_gone', 'keyword'],
    [19001, 'target_gone', 'address'],
    [9499, 'content_refused', '9499'],
    [11232, 'rate_limited', '11232'],
    [4242, 'platform_unavailable', '4242'],
  ])('that answers %s with HTTP 200 or 400 has failed: %s', async (code, ours, advice) => {
    for (const status of [200, 400]) {
      bot.answer(status, { code, msg: 'no', data: {} });
      const error = await failed();
      expect(error).toMatchObject({ code: ours });
      expect(String(error)).toContain(advice);
    }
  });

  it('succeeds only by the code in its body', async () => {
    bot.answer(200, { StatusCode: 0, StatusMessage: 'success' });
    expect(await failed()).toBeUndefined();
    bot.answer(200, { StatusCode: 0, code: 9499 });
    expect(await failed()).toMatchObject({ code: 'content_refused' });
    bot.answer(200, { StatusCode: 19021, StatusMessage: 'sign' });
    expect(await failed()).toBeInstanceOf(TargetGone);
    bot.answer(200, 'ok');
    expect(await failed()).toMatchObject({ code: 'platform_unavailable', outcomeUnknown: true });
    bot.answer(500, { code: 0 });
    expect(await failed()).toMatchObject({ code: 'platform_unavailable', outcomeUnknown: true });
    bot.answer(429, 'slow');
    expect(await failed()).toBeInstanceOf(RateLimited);
    bot.answer(404, 'nothing');
    expect(await failed()).toBeInstanceOf(TargetGone);
    bot.answer(307, SUCCESS);
    expect(await failed()).toMatchObject({ code: 'platform_unavailable' });
  });

  it.each([
    'https://evil.example/open-apis/bot/v2/hook/abc',
    'https://open.feishu.cn.evil.example/open-apis/bot/v2/hook/abc',
    'https://open.feishu.cn/open-apis/im/v1/messages',
    'http://open.feishu.cn/open-apis/bot/v2/hook/abc',
    'oc_room',
  ])('is never called at %s', async (elsewhere) => {
    await expect(hookOn(bot).show({ ...showing(), address: elsewhere }, signal())).rejects.toThrow(TargetGone);
  });

  it('that is not there was not told', async () => {
    await bot.close();
    expect(await failed()).toMatchObject({ outcomeUnknown: false });
    bot = await openBot();
  });

  it('has its address and secret in no error', async () => {
    const told: string[] = [];
    const seen = async () =>
      void told.push(inspect(await failed(hookOn(bot, 'demo-secret')), { depth: 10, showHidden: true }));
    bot.answer(200, { code: 4242, msg: `${PATH} demo-secret http://x${PATH}` });
    await seen();
    bot.answer(502, PATH);
    await seen();
    await bot.close();
    await seen();
    expect(told).toHaveLength(3);
    expect(told.join('\n')).not.toMatch(/key-nobody-may-read|demo-secret/u);
    bot = await openBot();
  });

  it('is at no address with credentials in it, which could never be called', () => {
    const at = (url: string) => isHookUrl(new URL(url), 'feishu');
    expect(at(`https://open.feishu.cn${PATH}`)).toBe(true);
    expect(at(`https://me:pass@open.feishu.cn${PATH}`)).toBe(false);
    expect(at(`https://me@open.feishu.cn${PATH}`)).toBe(false);
  });

  it('is sent less than it may take', () => {
    const { pacing } = hookOn(bot);
    expect(pacing.burst + pacing.perMinute).toBeLessThan(100);
    expect(pacing.burst + pacing.perMinute / 60).toBeLessThan(5);
  });
});
