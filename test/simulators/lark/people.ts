import type { Json } from './answer.ts';
import type { Deps } from './deps.ts';
import {
  type Envelope,
  envelope,
  type EnvelopeDeps,
  type Mention,
  membershipEvent,
  messageEvent,
  reactionEvent,
  repeated,
} from './envelopes.ts';
import type { Attempt, createDeliveries } from './deliveries.ts';
import type { Transport } from './transport.ts';
import { addMessage, type Chat, type Message, type User, type World } from './world.ts';

/** An event that was sent: what stood in it, and how its first attempt went. */
export interface SentEvent {
  readonly envelope: Envelope;
  readonly first: Attempt;
}

export interface Saying {
  readonly chat: Chat;
  /** A person, or the id of another bot, whose words the app hears only when its scope includes bots. */
  readonly from: User | string;
  /** `@bot` and `@<name of a person>` become mentions. */
  readonly text?: string;
  /** In place of `text`: any other kind of message. */
  readonly message?: { readonly type: 'post' | 'interactive' | 'image'; readonly content: Json };
  readonly replyTo?: string;
  readonly via?: Transport['name'];
}

export interface PeopleDeps {
  readonly deps: Deps;
  readonly envelopes: EnvelopeDeps;
  readonly deliveries: ReturnType<typeof createDeliveries>;
  /** The way that is asked for, else the one the app uses. */
  readonly transport: (name?: Transport['name']) => Transport;
}

/** What people do in chats, and the events that follow from it. */
export function createPeople({ deps, envelopes, deliveries, transport }: PeopleDeps) {
  const { world, clock } = deps;
  async function push(type: string, event: Json, via?: Transport['name']): Promise<SentEvent> {
    const made = envelope(envelopes, type, event);
    return { envelope: made, first: await deliveries.deliver(() => transport(via), made) };
  }
  const again = async (event: Envelope, via?: Transport['name']): Promise<SentEvent> => ({
    envelope: event,
    first: await deliveries.deliver(() => transport(via), event),
  });

  return {
    push,
    async says(saying: Saying): Promise<SentEvent & { readonly message: Message }> {
      const { message, sender, mentions } = write(world, clock.now(), saying);
      const event = messageEvent(world, message, sender, mentions);
      return { message, ...(await push('im.message.receive_v1', event, saying.via)) };
    },
    async reacts(user: User, messageId: string, emoji: string, via?: Transport['name']): Promise<SentEvent> {
      world.messages.get(messageId)?.reactions.push({ id: messageId, emoji, by: user.openId });
      return push('im.message.reaction.created_v1', reactionEvent(messageId, user, emoji, clock.now()), via);
    },
    async addsBot(user: User, chat: Chat): Promise<SentEvent> {
      chat.botInside = true;
      return push('im.chat.member.bot.added_v1', membershipEvent(world, chat.id, user));
    },
    async removesBot(user: User, chat: Chat): Promise<SentEvent> {
      chat.botInside = false;
      return push('im.chat.member.bot.deleted_v1', membershipEvent(world, chat.id, user));
    },
    /** The platform brings an event once more although it was taken: same message, new event id. */
    duplicates: (event: Envelope, via?: Transport['name']) => again(repeated(event), via),
    /** The very same event once more, event id included. */
    replays: (event: Envelope, via?: Transport['name']) => again(event, via),
    /** A person withdraws a message, the bot's or their own. */
    async withdraws(user: User, messageId: string): Promise<SentEvent> {
      const message = world.messages.get(messageId);
      if (message) message.recalled = true;
      return push('im.message.recalled_v1', {
        message_id: messageId,
        chat_id: message?.chatId,
        recall_time: `${clock.now()}`,
        recall_type: message?.sender === user.openId ? 'message_owner' : 'group_manager',
      });
    },
  };
}

function write(world: World, now: number, { chat, from, text = '', message, replyTo }: Saying) {
  const { words, mentions } = mentionsIn(world, text);
  const parent = replyTo === undefined ? undefined : world.messages.get(replyTo);
  const place = parent
    ? {
        rootId: parent.rootId ?? parent.id,
        parentId: parent.id,
        ...(parent.threadId ? { threadId: parent.threadId } : {}),
      }
    : {};
  const sender = typeof from === 'string' ? undefined : from;
  const content = JSON.stringify(message?.content ?? { text: words });
  const made = addMessage(world, now, content, {
    chatId: chat.id,
    sender: typeof from === 'string' ? from : from.openId,
    type: message?.type ?? 'text',
    mentioned: mentions.map(({ openId }) => openId),
    ...place,
  });
  return { message: made, sender, mentions };
}

/** `@bot ack @Li` → `@_user_1 ack @_user_2`; a name that nobody has stays as it is. */
function mentionsIn(world: World, text: string): { words: string; mentions: readonly Mention[] } {
  const mentions: Mention[] = [];
  const words = text.replaceAll(/@([\p{L}\p{N}_]+)/gu, (whole, name: string) => {
    const user = [...world.users.values()].find((each) => each.name === name);
    if (name !== 'bot' && !user) return whole;
    mentions.push({
      name: user?.name ?? world.app.name,
      openId: user?.openId ?? world.app.openId,
      isBot: name === 'bot',
    });
    return `@_user_${mentions.length}`;
  });
  return { words, mentions };
}
