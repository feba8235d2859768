import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { InboundMessage, InboundPress, PressAnswer, Receive } from '../../src/channels/channel.ts';
import { type Hub, createHub } from '../../src/channels/playground/hub.ts';
import { createInbound } from '../../src/channels/playground/inbound.ts';
import { createPlaygroundChannel } from '../../src/channels/playground/playground.ts';
import type { PlaygroundMessages } from '../../src/channels/playground/ports.ts';
import { createConsole } from '../../src/console/console.ts';
import type { ConsolePort } from '../../src/console/ports.ts';
import type { HelpEntry } from '../../src/cards/view.ts';
import type { Locale } from '../../src/types.ts';
import { memoryMessages } from './playground-messages.ts';

export interface ConsoleUnderTest {
  readonly url: string;
  readonly hub: Hub;
  readonly messages: PlaygroundMessages;
  readonly channel: ReturnType<typeof createPlaygroundChannel>;
  /** Event streams that are open. */
  streams(): number;
  /** Ends all event streams, as a restart does. */
  dropStreams(): void;
  /** Everything the bot was told, oldest first. */
  readonly received: readonly (InboundMessage | InboundPress)[];
  close(): Promise<void>;
}

export interface ConsoleOptions {
  readonly messages?: PlaygroundMessages;
  readonly console?: Partial<ConsolePort>;
  readonly commands?: (locale: Locale) => readonly HelpEntry[];
  readonly answer?: (press: InboundPress) => Promise<PressAnswer>;
  readonly locale?: Locale;
  /** Its own address unless given. */
  readonly publicUrl?: string;
  readonly now?: () => number;
}

const NOTHING: ConsolePort = {
  incidents: async () => [],
  incident: async () => undefined,
  health: async () => [],
};

/** The pages on a port of their own, over a chat in memory and a bot that only listens. */
export async function openConsole(options: ConsoleOptions = {}): Promise<ConsoleUnderTest> {
  const messages = options.messages ?? memoryMessages();
  const clock = { now: options.now ?? Date.now };
  const hub = createHub();
  const received: (InboundMessage | InboundPress)[] = [];
  const receive: Receive = {
    message: async (inbound) => void received.push(inbound),
    press: async (inbound) => {
      received.push(inbound);
      return (await options.answer?.(inbound)) ?? { toast: { tone: 'ok', text: 'done' } };
    },
  };
  const app = express().set('query parser', 'simple');
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pages = createConsole({
    console: { ...NOTHING, ...options.console },
    playground: {
      ...createInbound({ messages, hub, clock, receive, locale: options.locale ?? 'zh-CN' }),
      rooms: () => messages.rooms(),
      threads: (room, limit, before) => messages.threads(room, limit, before),
      thread: (id) => messages.thread(id),
      commands: options.commands ?? (() => []),
    },
    subscribe: (listener) => hub.subscribe(listener),
    publicUrl: options.publicUrl ?? url,
    locale: options.locale ?? 'zh-CN',
    timezone: 'Asia/Shanghai',
  });
  let streams = 0;
  app.use('/playground/events', (_request, response, next) => {
    streams += 1;
    response.on('close', () => (streams -= 1));
    next();
  });
  app.use(pages.router);
  return {
    url,
    hub,
    messages,
    channel: createPlaygroundChannel({ messages, hub, clock }),
    received,
    streams: () => streams,
    dropStreams: () => pages.close(),
    close: async () => {
      pages.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
