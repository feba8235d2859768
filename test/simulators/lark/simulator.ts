import type { Faults } from './faults.ts';
import { messagesOf, postAs } from './group.ts';
import type { HookOptions } from './hook.ts';
import { createPeople } from './people.ts';
import { type SimulatorOptions, startPlatform } from './platform.ts';
import { createPressing, pressLegacy } from './pressing.ts';
import { throttleGroup } from './send.ts';
import { checkAddress, type WebhookSettings } from './webhook.ts';
import { addChat, addUser, type Chat, type User } from './world.ts';

export type LarkSimulator = Awaited<ReturnType<typeof startLarkSimulator>>;

/** Lark's and Feishu's open platform on loopback: `url` is the domain to give to an app. */
export async function startLarkSimulator(options: SimulatorOptions = {}) {
  const platform = await startPlatform(options);
  const { deps, envelopes, deliveries, transport, clicks, webhook, connections, faults } = platform;
  const { world, clock } = deps;
  const url = `http://127.0.0.1:${platform.port}`;

  /** Saves both addresses in the console, which a failed challenge prevents; returns what is wrong. */
  async function saveAddresses(base: string, encryptKey?: string): Promise<readonly string[]> {
    const wanted: WebhookSettings = {
      eventUrl: `${base}/lark/event`,
      cardUrl: `${base}/lark/card/action`,
      verificationToken: envelopes.verificationToken,
      ...(encryptKey === undefined ? {} : { encryptKey }),
    };
    const addresses = [wanted.eventUrl, wanted.cardUrl];
    const problems = await Promise.all(addresses.map((address) => checkAddress(wanted, address, deps)));
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length === 0) webhook.configured = wanted;
    return found;
  }

  return {
    ...deps,
    ...platform,
    url,
    app: world.app,
    verificationToken: envelopes.verificationToken,
    /** Every attempt to bring an event to the app. */
    attempts: deliveries.attempts,
    addUser: (name: string) => addUser(world, name),
    addChat: (name: string, people: readonly User[] = [], type: Chat['type'] = 'group') =>
      addChat(world, name, people, type),
    /** A new custom bot of a group; returns the address to post to. */
    addHook: (chat: Chat, hook?: HookOptions): string => url + platform.hooks.add(chat, hook),
    /** What stands in a chat, as its people see it. */
    messages: (chatId: string) => messagesOf(world, chatId),
    /** A message of another app in the chat, which shares the group's five a second. */
    otherBotPosts(chatId: string, text: string): void {
      throttleGroup(deps, chatId);
      postAs(world, clock.now(), chatId, 'other-bot', { text }, 'text');
    },
    people: createPeople({ deps, envelopes, deliveries, transport }),
    press: createPressing(deps, clicks, transport),
    /** A click in the old form; needs saved addresses. */
    pressLegacy(pressing: Parameters<typeof pressLegacy>[2]) {
      if (!webhook.configured) throw new Error('no addresses are saved');
      return pressLegacy(deps, webhook.configured, pressing);
    },
    saveAddresses,
    /** The platform is away, long connections included, until this is called with `none`. */
    outage(kind: Faults['outage']): void {
      faults.outage = kind;
      if (kind !== 'none') connections.drop();
    },
  };
}
