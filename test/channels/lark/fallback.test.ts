import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import type { Channel, Message, Shown } from '../../../src/channels/channel.ts';
import { createAllowance } from '../../../src/channels/lark/allowance.ts';
import { createLarkApi } from '../../../src/channels/lark/api.ts';
import { larkCard } from '../../../src/channels/lark/card/lark-card.ts';
import { type Fallback, withFallback } from '../../../src/channels/lark/fallback.ts';
import { createLarkHook } from '../../../src/channels/lark/hook.ts';
import { createLark } from '../../../src/channels/lark/lark.ts';
import { createMonths } from '../../../src/channels/lark/months.ts';
import { MessageGone, RateLimited, TargetGone } from '../../../src/errors.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { platformError } from '../../simulators/lark/faults.ts';
import { type LarkSimulator, startLarkSimulator } from '../../simulators/lark/simulator.ts';
import type { Chat } from '../../simulators/lark/world.ts';

const HOUR = 60 * 60_000;
const signal = () => new AbortController().signal;

let lark: LarkSimulator;
let chat: Chat;
let bound: Fallback | undefined;
let channel: Channel;

beforeEach(async () => {
  lark = await startLarkSimulator({ start: Date.parse('2026-11-22T00:00:00Z') });
  chat = lark.addChat('ops', [lark.addUser('Anna')]);
  bound = { url: lark.addHook(chat, { secret: 'hush' }), secret: 'hush' };
  channel = channelOn(lark);
});
afterEach(() => lark.stop());

function channelOn({ app, url, clock }: LarkSimulator): Channel {
  const log = createLog('silent', []);
  const nothing = async () => undefined;
  const allowance = createAllowance({
    clock,
    log,
    months: createMonths(),
    memory: { read: nothing, write: nothing },
    onSpent: nothing,
    onBack: nothing,
  });
  const ours = { appId: app.id, appSecret: app.secret, domain: url };
  const api = createLarkApi({ ...ours, log, clock, allowance, fetchTimeoutMs: 2000, random: () => 0 });
  return withFallback({
    lark: createLark({ appId: app.id, api, larkCard, clock, log, thrifty: () => true }),
    botsWith: (secret) =>
      createLarkHook({ larkCard, secretOf: async () => secret, clock, random: Math.random, fetch, domain: url }),
    fallbackOf: async (address) => (address === chat.id ? bound : undefined),
    spent: () => allowance.spentUntil() !== undefined,
    log,
  });
}

const CARD: Card = {
  tone: 'critical',
  title: 'Disk almost full',
  tags: [],
  blocks: [
    { kind: 'buttons', buttons: [{ text: 'Ack', style: 'primary', value: { action: 'ack', incident_id: 'I' } }] },
  ],
};
const show = (previous?: Shown, changes: readonly ('opened' | 'other' | 'resolved')[] = ['opened'], card = CARD) =>
  channel.show({ key: 'k', address: chat.id, locale: 'en-US', card, changes, ...(previous && { previous }) }, signal());
const say = (over: Partial<Message> = {}) => {
  const content = { kind: 'text', text: [{ text: 'resolved' }] } as const;
  return channel.send({ key: 'm', address: chat.id, locale: 'en-US', content, mentions: [], ...over }, signal());
};
const standing = () => lark.messages(chat.id);
const froms = () => standing().map(({ from }) => from);

describe('a channel with a way around', () => {
  it('is the app’s own while its calls are taken', async () => {
    const shown = await show();
    expect(await show(shown, ['resolved'])).toEqual(shown);
    await say({ replyTo: shown.ref });
    expect(froms()).toEqual(['app', 'app']);
    expect(channel).toMatchObject({ idempotency: 'key', threads: true });
    expect(channel.thrifty?.()).toBe(true);
  });

  it('posts through the custom bot once the month’s calls are used up, and says that a repeat is not recognised', async () => {
    lark.quota.calls = 0;
    expect(await show()).toEqual({ ref: expect.stringMatching(/^hook:/u), editsLeft: 0 });
    await say();
    expect(froms()).toEqual(['hook', 'hook']);
    expect(JSON.stringify(standing()[0]?.card)).toContain('Disk almost full');
    expect(JSON.stringify(standing()[0]?.card)).not.toContain('callback');
    expect(channel.idempotency).toBe('none');
  });

  it('tells news of the app’s card in a message of its own, and leaves the rest for later', async () => {
    const shown = await show();
    lark.quota.calls = 0;
    expect(await show(shown, ['other'])).toEqual({ ...shown, instead: 'nothing' });
    expect(froms()).toEqual(['app']);
    expect(await show(shown, ['other', 'resolved'])).toEqual({ ...shown, instead: 'message' });
    expect(froms()).toEqual(['app', 'hook']);
    expect(standing()[0]?.edits).toBe(0);
  });

  it('makes only the target wait that has no bot', async () => {
    lark.quota.calls = 0;
    bound = undefined;
    const error: unknown = await show().catch((err: unknown) => err);
    expect(error).toBeInstanceOf(RateLimited);
    expect(error).toMatchObject({ concerns: 'target', retry: { afterMs: 300_000 } });
    await expect(say()).rejects.toThrow('99991403');
    expect(froms()).toEqual([]);
  });

  it('has the app issue anew what the bot posted, when calls are taken again', async () => {
    lark.quota.calls = 0;
    const shown = await show();
    lark.quota.calls = 100;
    await lark.clock.advance(HOUR);
    await expect(show(shown, ['resolved'])).rejects.toThrow(MessageGone);
    await say({ replyTo: shown.ref });
    expect(froms()).toEqual(['hook', 'app']);
    expect(standing()[1]?.rootId).toBeUndefined();
    expect(channel.idempotency).toBe('key');
  });

  it('goes around nothing else', async () => {
    lark.faults.next('POST /open-apis/im/v1/messages', platformError(230002, 'Bot/User can NOT be out of the chat.'));
    await expect(show()).rejects.toThrow(TargetGone);
    expect(froms()).toEqual([]);
  });

  it('calls people by name where the bot may not call them by the app’s ids', async () => {
    lark.quota.calls = 0;
    const stranger = { id: 'ou_00000000000000000000000000000000', name: 'Bob' };
    await show(undefined, ['opened'], { ...CARD, blocks: [{ kind: 'text', text: [{ mention: stranger }] }] });
    expect(JSON.stringify(standing()[0]?.card)).toContain('&#64;Bob');
    const refused = { status: 200, body: { code: 9499, msg: 'Bad Request', data: {} } };
    lark.faults.next('/bot/v2/hook/', { kind: 'answer', answer: refused });
    await say({ mentions: [stranger], content: { kind: 'text', text: [{ mention: stranger }] } });
    expect(standing()[1]).toMatchObject({ text: '@Bob', mentions: [] });
  });

  it('names the bot’s own fault when it does not work either', async () => {
    lark.quota.calls = 0;
    bound = { url: lark.addHook(chat, { secret: 'hush' }), secret: 'wrong' };
    await expect(show()).rejects.toThrow(/19021.*secret/u);
  });
});
