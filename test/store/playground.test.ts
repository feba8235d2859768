import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHub } from '../../src/channels/playground/hub.ts';
import { createPlaygroundChannel } from '../../src/channels/playground/playground.ts';
import type { PlaygroundMessage, PlaygroundMessages } from '../../src/channels/playground/ports.ts';
import { createPlaygroundMessages } from '../../src/store/playground.ts';
import { channelContract } from '../contracts/channel.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { createBot } from './bot.ts';

const START = 1_790_000_000_000;

describeEngines('the playground', (engine) => {
  // A room for each test instead of a database for each.
  let opened: Opened;
  let bot: ReturnType<typeof createBot>;
  let messages: PlaygroundMessages;
  let room = '';
  let rooms = 0;
  beforeAll(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database);
    messages = createPlaygroundMessages(opened.database, bot.write);
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    rooms += 1;
    room = `room-${rooms}`;
  });

  channelContract('its channel over the database', async () => {
    const address = room;
    return {
      channel: createPlaygroundChannel({ messages, hub: createHub(), clock: bot.clock }),
      address,
      goneAddress: 'no/such room',
      goneRef: 'nothing-here',
      person: { id: 'lin', name: '林岚' },
      posted: async () =>
        (await messages.threads(address, 100)).flatMap(({ root, replies }) =>
          [root, ...replies].map(({ id, threadOf, content }) => ({
            ref: id,
            text: JSON.stringify(content),
            ...(threadOf !== undefined && { threadOf }),
          })),
        ),
      close: async () => {},
    };
  });

  const idOf = (name: string): string => `${room}-${name}`;
  const message = (name: string, more: Partial<PlaygroundMessage> = {}): PlaygroundMessage => ({
    id: idOf(name),
    room,
    author: { id: 'alice', name: 'Alice' },
    content: { kind: 'text', text: [{ text: `says ${name}`, style: 'bold' }] },
    mentions: [{ id: 'lin', name: '林岚' }],
    revision: 1,
    createdAt: START,
    ...more,
  });

  it('gives back a message as it was given', async () => {
    await messages.add(message('a'));
    const reply = message('b', { threadOf: idOf('a'), editedAt: START + 5, createdAt: START + 1 });
    await messages.add(reply);
    expect(await messages.get(reply.id)).toEqual(reply);
    expect(await messages.thread(reply.id)).toEqual({ root: message('a'), replies: [reply] });
    expect(await messages.get(idOf('c'))).toBeUndefined();
  });

  it('adds a message of one id once, and says so', async () => {
    expect(await messages.add(message('a'))).toBe(true);
    expect(await messages.add(message('a', { author: { id: 'chen', name: '陈默' } }))).toBe(false);
    expect((await messages.get(idOf('a')))?.author.id).toBe('alice');
  });

  it('counts edits, and knows when there is nothing to edit', async () => {
    await messages.add(message('a'));
    const content = { kind: 'card', card: { tone: 'info', title: 'x', tags: [], blocks: [] } } as const;
    expect(await messages.edit(idOf('a'), content, START + 1)).toBe(2);
    expect(await messages.edit(idOf('a'), content, START + 2)).toBe(3);
    expect(await messages.edit('gone', content, START + 3)).toBeUndefined();
    expect(await messages.get(idOf('a'))).toMatchObject({ content, editedAt: START + 2 });
  });

  it('pages backwards through a room, oldest first, also within one millisecond', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await messages.add(message(name));
    await messages.add(message('z', { room: 'elsewhere' }));
    const page = async (before?: string) =>
      (await messages.threads(room, 2, before && idOf(before))).map(({ root }) => root.id.at(-1));
    expect(await page()).toEqual(['d', 'e']);
    expect(await page('d')).toEqual(['b', 'c']);
    expect(await page('b')).toEqual(['a']);
    expect(await page('a')).toEqual([]);
  });

  it('has the lobby at first and every target after it, once', async () => {
    expect(await messages.rooms()).toEqual(['lobby']);
    await bot.addTarget('payments');
    await bot.addTarget('lobby');
    expect(await messages.rooms()).toEqual(['lobby', 'payments']);
  });
});
