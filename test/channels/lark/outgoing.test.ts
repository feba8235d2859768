import { notingRefs } from './noting.ts';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import type { Channel } from '../../../src/channels/channel.ts';
import { createLarkApi } from '../../../src/channels/lark/api.ts';
import { larkCard } from '../../../src/channels/lark/card/lark-card.ts';
import { createLarkHook } from '../../../src/channels/lark/hook.ts';
import { createLark } from '../../../src/channels/lark/lark.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { channelContract } from '../../contracts/channel.ts';
import { deadToken, monthlyQuota, tooManyRequests } from '../../simulators/lark/faults.ts';
import { type LarkSimulator, startLarkSimulator } from '../../simulators/lark/simulator.ts';

const log = createLog('silent', []);
const clock = { now: () => Date.now() };
const signal = () => new AbortController().signal;

function larkOn({ app, url }: LarkSimulator): Channel {
  const api = createLarkApi({
    appId: app.id,
    appSecret: app.secret,
    domain: url,
    log,
    clock,
    fetchTimeoutMs: 2000,
    random: () => 0,
  });
  return createLark({ appId: app.id, api, larkCard, clock, log });
}

async function openRoom() {
  const lark = await startLarkSimulator();
  const anna = lark.addUser('Anna');
  const chat = lark.addChat('ops', [anna]);
  const standing = () => lark.messages(chat.id).filter(({ recalled }) => !recalled);
  const text = ({ text: words, card }: ReturnType<typeof standing>[number]) => `${words}${JSON.stringify(card ?? '')}`;
  return { lark, anna, chat, standing, text, channel: larkOn(lark) };
}

channelContract('lark on the simulated platform', async () => {
  const { lark, anna, chat, standing, text, channel } = await openRoom();
  return {
    channel,
    address: chat.id,
    goneAddress: 'oc_00000000000000000000000000000000',
    goneRef: 'om_00000000000000000000000000000000',
    person: { id: anna.openId, name: anna.name },
    posted: async () =>
      standing().map((message) => ({
        ref: message.id,
        text: text(message),
        ...(message.rootId !== undefined && { threadOf: message.rootId }),
      })),
    close: () => lark.stop(),
  };
});

channelContract('lark-hook on the simulated platform', async () => {
  const { lark, anna, chat, standing, text } = await openRoom();
  const address = lark.addHook(chat, { secret: 'signing-secret' });
  const inner = createLarkHook({
    larkCard,
    secretOf: async () => 'signing-secret',
    clock,
    random: Math.random,
    fetch,
    domain: lark.url,
  });
  const { channel, refs } = notingRefs(inner);
  return {
    channel,
    address,
    goneAddress: `${lark.url}/open-apis/bot/v2/hook/wrong`,
    goneRef: 'unused',
    person: { id: anna.openId, name: anna.name },
    posted: async () => standing().map((message, at) => ({ ref: refs[at] ?? '', text: text(message) })),
    close: () => lark.stop(),
  };
});

const CARD: Card = { tone: 'critical', title: 'Disk almost full', tags: [], blocks: [] };

async function inRoom(work: (room: Awaited<ReturnType<typeof openRoom>>) => Promise<void>): Promise<void> {
  const room = await openRoom();
  try {
    await work(room);
  } finally {
    await room.lark.stop();
  }
}

describe('lark on the simulated platform', () => {
  const post = ({ channel, chat }: Awaited<ReturnType<typeof openRoom>>, card = CARD) =>
    channel.show({ key: 'k', address: chat.id, locale: 'zh-CN', card, changes: [] }, signal());

  it.each([200, 400] as const)('outlives a dead token told with HTTP %s', (status) =>
    inRoom(async (room) => {
      await post(room);
      room.lark.faults.next('POST /open-apis/im/v1/messages', deadToken(status));
      await room.channel.send(
        {
          key: 'm',
          address: room.chat.id,
          locale: 'zh-CN',
          mentions: [],
          content: { kind: 'text', text: [{ text: '好' }] },
        },
        signal(),
      );
      expect(room.standing()).toHaveLength(2);
    }),
  );

  it('finds its card again when the connection broke after the post', () =>
    inRoom(async (room) => {
      room.lark.faults.next('POST /open-apis/im/v1/messages', { kind: 'reset', when: 'after-commit' });
      await expect(post(room)).rejects.toMatchObject({ outcomeUnknown: true });
      const shown = await post(room);
      expect(room.standing().map(({ id }) => id)).toEqual([shown.ref]);
    }));

  it('waits as it is told, and says when the month’s calls are used up', () =>
    inRoom(async (room) => {
      room.lark.faults.next('POST /open-apis/im/v1/messages', tooManyRequests(9));
      await expect(post(room)).rejects.toMatchObject({ retry: { afterMs: 9000 }, concerns: 'app' });
      room.lark.faults.next('POST /open-apis/im/v1/messages', monthlyQuota());
      await expect(post(room)).rejects.toThrow('99991403');
    }));

  it('shows a card without the people whom the platform does not know', () =>
    inRoom(async (room) => {
      const stranger = { id: 'ou_00000000000000000000000000000000', name: 'Bob' };
      await post(room, { ...CARD, blocks: [{ kind: 'text', text: [{ mention: stranger }] }] });
      const [shown] = room.standing();
      expect(shown?.mentions).toEqual([]);
      expect(JSON.stringify(shown?.card)).toContain('Bob');
    }));

  it('calls those who are meant, by id', () =>
    inRoom(async (room) => {
      const { ref } = await post(room);
      const mentions = [{ id: room.anna.openId, name: 'Anna' }];
      const content = { kind: 'text', text: [{ text: 'yours' }] } as const;
      const message = { key: 'm', address: room.chat.id, locale: 'en-US', mentions, content, replyTo: ref } as const;
      await room.channel.send(message, signal());
      expect(room.standing().at(-1)).toMatchObject({ rootId: ref, text: expect.stringContaining('yours') });
    }));
});
