import type { Channel, Receive } from '../channels/channel.ts';
import { type Hub, createHub } from '../channels/playground/hub.ts';
import { type Inbounds, createInbound } from '../channels/playground/inbound.ts';
import { createPlaygroundChannel } from '../channels/playground/playground.ts';
import type { PlaygroundMessages } from '../channels/playground/ports.ts';
import { createLarkHook } from '../channels/lark/hook.ts';
import { createPlaygroundMessages } from '../store/playground.ts';
import { createTargetSecrets } from '../store/target-secrets.ts';
import type { Ground } from './ground.ts';
import { type LarkSide, createLarkSide, rendererOf } from './lark.ts';

/** The channels by name, and the playground's own parts. */
export interface Channels {
  readonly byName: ReadonlyMap<string, Channel>;
  readonly hub: Hub;
  readonly messages: PlaygroundMessages;
  /** There when the configuration names an app. */
  readonly lark: LarkSide | undefined;
  /** Names of the channels that somebody configured, so that something should route to them. */
  readonly configured: readonly string[];
  /** The playground's inbound side, once there is somebody who listens. */
  playgroundInbound(receive: Receive): Inbounds;
}

/** Always the playground and the custom bots of Lark; its app when that is configured; and `more`. */
export function createChannels(deps: Ground, more: readonly Channel[]): Channels {
  const { storage, edges, config } = deps;
  const { clock, random } = edges;
  const hub = createHub();
  const messages = createPlaygroundMessages(storage.database, storage.committer.write);
  const playground = createPlaygroundChannel({ messages, hub, clock });
  const lark = createLarkSide(deps);
  const secrets = createTargetSecrets(storage.database, storage.sealer);
  const hook = createLarkHook({
    larkCard: rendererOf(config),
    secretOf: (address) => secrets.secretOf('lark-hook', address),
    clock,
    random,
    fetch: edges.fetch,
    domain: config.LARK_DOMAIN,
  });
  const configured = [...(lark === undefined ? [] : [lark.channel]), ...more];
  return {
    byName: new Map([playground, hook, ...configured].map((channel) => [channel.name, channel])),
    hub,
    messages,
    lark,
    configured: configured.map(({ name }) => name),
    playgroundInbound: (receive) => createInbound({ messages, hub, clock, receive, locale: config.LOCALE }),
  };
}
