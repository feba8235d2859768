import { randomUUID } from 'node:crypto';
import type { Json } from './answer.ts';
import type { Message, User, World } from './world.ts';

/** A v2 event as the platform writes it; `token` is the verification token. */
export interface Envelope {
  readonly schema: '2.0';
  readonly header: {
    readonly event_id: string;
    readonly event_type: string;
    readonly create_time: string;
    readonly token: string;
    readonly app_id: string;
    readonly tenant_key: string;
  };
  readonly event: Json;
}

export interface EnvelopeDeps {
  readonly world: World;
  readonly now: () => number;
  readonly verificationToken: string;
}

export function envelope({ world, now, verificationToken }: EnvelopeDeps, type: string, event: Json): Envelope {
  return {
    schema: '2.0',
    header: {
      event_id: randomUUID().replaceAll('-', ''),
      event_type: type,
      // Milliseconds in im events, microseconds in card callbacks.
      create_time: type === 'card.action.trigger' ? `${now()}000` : `${now()}`,
      token: verificationToken,
      app_id: world.app.id,
      tenant_key: world.tenantKey,
    },
    event,
  };
}

/** The same message once more: the platform gives it a new event id. */
export const repeated = (original: Envelope): Envelope => ({
  ...original,
  header: { ...original.header, event_id: randomUUID().replaceAll('-', '') },
});

/** The old envelope, without `schema`. */
export const asV1 = ({ header, event }: Envelope): Json => ({
  ts: `${Number(header.create_time) / 1000}`,
  uuid: header.event_id,
  token: header.token,
  type: 'event_callback',
  event: { type: header.event_type, app_id: header.app_id, tenant_key: header.tenant_key, ...event },
});

export const idsOf = (user: User): Json => ({ union_id: user.unionId, user_id: user.userId, open_id: user.openId });

export interface Mention {
  readonly name: string;
  readonly openId: string;
  readonly isBot: boolean;
}

/** Mentions stand in the text as `@_user_1`, `@_user_2`, … in the order given. */
export function messageEvent(
  world: World,
  message: Message,
  sender: User | undefined,
  mentions: readonly Mention[],
): Json {
  return {
    sender: {
      sender_id: sender ? idsOf(sender) : { open_id: message.sender },
      sender_type: sender ? 'user' : 'bot',
      tenant_key: world.tenantKey,
    },
    message: {
      message_id: message.id,
      ...(message.rootId === undefined ? {} : { root_id: message.rootId, parent_id: message.parentId }),
      ...(message.threadId === undefined ? {} : { thread_id: message.threadId }),
      create_time: `${message.createdAt}`,
      update_time: `${message.updatedAt}`,
      chat_id: message.chatId,
      chat_type: world.chats.get(message.chatId)?.type ?? 'group',
      message_type: message.type,
      content: message.versions[0],
      mentions: mentions.map(({ name, openId, isBot }, index) => ({
        key: `@_user_${index + 1}`,
        id: { union_id: '', user_id: '', open_id: openId },
        mentioned_type: isBot ? 'bot' : 'user',
        name,
        tenant_key: world.tenantKey,
      })),
    },
  };
}

export const reactionEvent = (messageId: string, user: User, emoji: string, now: number): Json => ({
  message_id: messageId,
  reaction_type: { emoji_type: emoji },
  operator_type: 'user',
  user_id: idsOf(user),
  action_time: `${now}`,
});

/** The bot was added to a chat, or removed from it. */
export const membershipEvent = (world: World, chatId: string, operator: User): Json => ({
  chat_id: chatId,
  operator_id: idsOf(operator),
  external: false,
  operator_tenant_key: world.tenantKey,
  name: world.chats.get(chatId)?.name ?? '',
});
