import { describe, expect, it } from 'vitest';
import type { Receive } from '../../../src/channels/channel.ts';
import type { InboundMessage, InboundPress, PressAnswer } from '../../../src/channels/channel.ts';
import { type PlaygroundEvent, createHub } from '../../../src/channels/playground/hub.ts';
import { createInbound } from '../../../src/channels/playground/inbound.ts';
import { parseTyped } from '../../../src/channels/playground/mentions.ts';
import { PEOPLE, type Person } from '../../../src/channels/playground/people.ts';
import { createPlaygroundChannel } from '../../../src/channels/playground/playground.ts';
import { channelContract } from '../../contracts/channel.ts';
import { memoryMessages } from '../../support/playground-messages.ts';

const clock = { now: () => 1_790_000_000_000 };
const [lin] = PEOPLE['zh-CN'] as readonly [Person, ...Person[]];
const signal = () => new AbortController().signal;

function playground(answered?: PressAnswer['card']) {
  const messages = memoryMessages();
  const hub = createHub();
  const events: PlaygroundEvent[] = [];
  hub.subscribe((event) => events.push(event));
  const received: (InboundMessage | InboundPress)[] = [];
  const receive: Receive = {
    message: async (inbound) => void received.push(inbound),
    press: async (inbound) => {
      received.push(inbound);
      return { toast: { tone: 'ok', text: 'Yours now' }, ...(answered && { card: answered }) };
    },
  };
  const channel = createPlaygroundChannel({ messages, hub, clock });
  const inbound = createInbound({ messages, hub, clock, receive, locale: 'zh-CN' });
  return { messages, events, received, channel, inbound };
}

channelContract('playground', async () => {
  const { messages, channel } = playground();
  return {
    channel,
    address: 'lobby',
    goneAddress: 'no/such room',
    goneRef: 'nothing-here',
    person: lin,
    posted: async () =>
      (await messages.threads('lobby', 100)).flatMap(({ root, replies }) =>
        [root, ...replies].map(({ id, threadOf, content }) => ({
          ref: id,
          text: JSON.stringify(content),
          ...(threadOf !== undefined && { threadOf }),
        })),
      ),
    close: async () => {},
  };
});

const card = { tone: 'info', title: 'A', tags: [], blocks: [] } as const;
const request = { key: 'k', address: 'lobby', locale: 'zh-CN', card, changes: [] } as const;

describe('playground events', () => {
  it('tell every browser which thread is newer, and nothing of what it says', async () => {
    const { channel, events } = playground();
    const previous = await channel.show(request, signal());
    await channel.show({ ...request, previous }, signal());
    const message = { key: 'r', address: 'lobby', locale: 'zh-CN', mentions: [], replyTo: previous.ref } as const;
    await channel.send({ ...message, content: { kind: 'text', text: [{ text: 'secret' }] } }, signal());
    expect(events).toEqual([
      { message: previous.ref, room: 'lobby', revision: 1 },
      { message: previous.ref, room: 'lobby', revision: 2 },
      { message: previous.ref, room: 'lobby', revision: 1 },
    ]);
  });

  it('are silent when a retry adds nothing', async () => {
    const { channel, events } = playground();
    await channel.show(request, signal());
    await channel.show(request, signal());
    expect(events).toHaveLength(1);
  });
});

describe('playground threads', () => {
  it('stay one level deep: an answer to a reply stands under the same card', async () => {
    const { channel, messages } = playground();
    const { ref } = await channel.show(request, signal());
    const text = { kind: 'text', text: [{ text: 'x' }] } as const;
    const base = { address: 'lobby', locale: 'zh-CN', mentions: [], content: text } as const;
    const reply = await channel.send({ ...base, key: '1', replyTo: ref }, signal());
    await channel.send({ ...base, key: '2', replyTo: reply.ref }, signal());
    expect((await messages.thread(ref))?.replies).toHaveLength(2);
  });

  it('never cross rooms', async () => {
    const { channel, messages } = playground();
    const { ref } = await channel.show({ ...request, address: 'other' }, signal());
    const text = { kind: 'text', text: [{ text: 'x' }] } as const;
    const message = { key: '1', address: 'lobby', locale: 'zh-CN', mentions: [], content: text, replyTo: ref } as const;
    await channel.send(message, signal());
    expect(await messages.threads('lobby', 9)).toHaveLength(1);
  });
});

describe('what people type and press', () => {
  const said = { person: lin, room: 'lobby', key: 'a', locale: 'zh-CN' } as const;

  it('reaches the bot as a message of this platform, without its own mention', async () => {
    const { inbound, received } = playground();
    const id = await inbound.say({ ...said, text: '@zhiban /assign 3 @Alice' });
    expect(received).toMatchObject([
      {
        kind: 'message',
        id,
        channel: 'playground',
        chat: 'playground:lobby',
        sender: { id: 'lin', name: '林岚', bot: false },
        text: '/assign 3 @Alice',
        addressed: true,
        mentions: [{ id: 'alice', name: 'Alice' }],
        messageRef: id,
      },
    ]);
  });

  it('is one message however often the browser sends it', async () => {
    const { inbound, messages, events } = playground();
    await inbound.say({ ...said, text: 'hi' });
    await inbound.say({ ...said, text: 'hi' });
    expect(await messages.threads('lobby', 9)).toHaveLength(1);
    expect(events).toHaveLength(1);
  });

  it('names the card when it is said under one', async () => {
    const { inbound, channel, received } = playground();
    const { ref } = await channel.show(request, signal());
    await inbound.say({ ...said, text: '/ack', replyTo: ref });
    expect(received[0]).toMatchObject({ inReplyTo: ref, addressed: false, text: '/ack' });
  });

  it('carries the button, the form and the person who pressed', async () => {
    const { inbound, channel, received } = playground();
    const { ref } = await channel.show(request, signal());
    const press = { person: lin, message: ref, key: 'p1', locale: 'en-US' } as const;
    const answer = await inbound.press({ ...press, value: { action: 'reject_diagnosis' }, form: { reason: 'no' } });
    expect(answer?.toast.text).toBe('Yours now');
    expect(received[0]).toMatchObject({
      kind: 'press',
      id: 'lin:p1',
      chat: 'playground:lobby',
      value: { action: 'reject_diagnosis' },
      form: { reason: 'no' },
      messageRef: ref,
      locale: 'en-US',
    });
  });

  it.each([
    ['the newer card of the answer', 8, 'B'],
    ['no card that is as old', 7, 'A'],
  ])('shows the whole room %s', async (_, rev, title) => {
    const { inbound, channel, messages, events } = playground({ ...card, title: 'B', rev });
    const { ref } = await channel.show({ ...request, card: { ...card, rev: 7 } }, signal());
    await inbound.press({ person: lin, message: ref, key: 'p1', locale: 'zh-CN', value: {}, form: {} });
    expect((await messages.get(ref))?.content).toMatchObject({ card: { title } });
    expect(events).toHaveLength(rev === 8 ? 2 : 1);
  });

  it('is nothing to the bot when the message pressed is not there', async () => {
    const { inbound, received } = playground();
    const press = { person: lin, message: 'gone', key: 'p1', locale: 'en-US', value: {}, form: {} } as const;
    expect(await inbound.press(press)).toBeUndefined();
    expect(received).toEqual([]);
  });
});

describe('mentions', () => {
  const cases: readonly (readonly [string, boolean, string, readonly string[]])[] = [
    ['@zhiban /help', true, '/help', []],
    ['@Zhiban /help', true, '/help', []],
    ['@值班 帮助', true, '帮助', []],
    ['@值班帮助', true, '帮助', []],
    ['/ack 3 @zhiban', true, '/ack 3', []],
    ['@zhibanner hello', false, '@zhibanner hello', []],
    ['mail@zhiban.example', false, 'mail@zhiban.example', []],
    ['@陈默看一下', false, '@陈默看一下', ['chen']],
    ['@alice and @ALICE', false, '@Alice and @Alice', ['alice']],
    ['', false, '', []],
  ];
  for (const [typed, addressed, text, mentions] of cases)
    it(`understands "${typed}"`, () => {
      const parsed = parseTyped(typed, PEOPLE['zh-CN']);
      expect(parsed.addressed).toBe(addressed);
      expect(parsed.text).toBe(text);
      expect(parsed.mentions.map((person) => person.id)).toEqual(mentions);
    });
});
