import type { Channel, Receive } from '../channels/channel.ts';
import { type Hub, createHub } from '../channels/playground/hub.ts';
import { type Inbounds, createInbound } from '../channels/playground/inbound.ts';
import { createPlaygroundChannel } from '../channels/playground/playground.ts';
import type { PlaygroundMessages } from '../channels/playground/ports.ts';
import { createPlaygroundMessages } from '../store/playground.ts';
import type { Edges } from '../types.ts';
import type { Storage } from './storage.ts';

/** The channels by name, and the playground's own parts. */
export interface Channels {
  readonly byName: ReadonlyMap<string, Channel>;
  readonly hub: Hub;
  readonly messages: PlaygroundMessages;
  /** The playground's inbound side, once there is somebody who listens. */
  playgroundInbound(receive: Receive): Inbounds;
}

export function createChannels(storage: Storage, { clock }: Edges, more: readonly Channel[]): Channels {
  const hub = createHub();
  const messages = createPlaygroundMessages(storage.database, storage.committer.write);
  const playground = createPlaygroundChannel({ messages, hub, clock });
  return {
    byName: new Map([playground, ...more].map((channel) => [channel.name, channel])),
    hub,
    messages,
    playgroundInbound: (receive) => createInbound({ messages, hub, clock, receive }),
  };
}
