import type { Json } from './answer.ts';
import { makeAppId, makeHex, makeId } from './ids.ts';

/** What exists at the platform: one app, people, chats, messages. */
export interface World {
  readonly app: App;
  readonly tenantKey: string;
  readonly users: Map<string, User>;
  readonly chats: Map<string, Chat>;
  readonly messages: Map<string, Message>;
  readonly notifications: Notification[];
}

export interface App {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
  readonly openId: string;
}

export interface User {
  readonly openId: string;
  readonly unionId: string;
  readonly userId: string;
  readonly name: string;
  /** Not within the app's availability, or left the company. */
  available: boolean;
  unreadUrgent: number;
}

export interface Chat {
  readonly id: string;
  readonly name: string;
  readonly type: 'p2p' | 'group';
  readonly members: Set<string>;
  botInside: boolean;
  dissolved: boolean;
  muted: boolean;
  atAllAllowed: boolean;
  urgentAllowed: boolean;
}

/** How often and by what a person or a group was called; edits call nobody. */
export interface Notification {
  readonly chatId: string;
  readonly messageId: string;
  readonly at: number;
  readonly kind: 'message' | 'urgent_app' | 'urgent_sms' | 'urgent_phone';
  readonly people: readonly string[];
}

export interface Message {
  readonly id: string;
  readonly chatId: string;
  /** `app` is the bot under test; `hook` a custom bot; `other-bot` another app; else an open id. */
  readonly sender: string;
  readonly type: string;
  readonly createdAt: number;
  readonly rootId?: string;
  readonly parentId?: string;
  readonly threadId?: string;
  readonly visibleTo?: string;
  /** Whom `@_user_1`, `@_user_2`, … in its text mean, in this order. */
  readonly mentioned?: readonly string[];
  /** Every content it ever had, as JSON text, oldest first. */
  readonly versions: string[];
  readonly reactions: { readonly id: string; readonly emoji: string; readonly by: string }[];
  updatedAt: number;
  edits: number;
  recalled: boolean;
  pinned: boolean;
  /** Clicks that wait for their answer: meanwhile the card is locked. */
  pendingClicks: number;
}

export interface AppOptions {
  readonly appId?: string;
  readonly appSecret?: string;
}

export function createWorld({ appId = makeAppId(), appSecret = makeHex(16) }: AppOptions): World {
  return {
    app: { id: appId, secret: appSecret, name: 'Zhiban', openId: makeId('ou_') },
    tenantKey: makeHex(8),
    users: new Map(),
    chats: new Map(),
    messages: new Map(),
    notifications: [],
  };
}

export function addUser(world: World, name: string): User {
  const openId = makeId('ou_');
  const user = { openId, unionId: makeId('on_'), userId: makeHex(4), name, available: true, unreadUrgent: 0 };
  world.users.set(openId, user);
  return user;
}

export function addChat(world: World, name: string, people: readonly User[], type: Chat['type'] = 'group'): Chat {
  const chat: Chat = {
    id: makeId('oc_'),
    name,
    type,
    members: new Set(people.map(({ openId }) => openId)),
    botInside: true,
    dissolved: false,
    muted: false,
    atAllAllowed: true,
    urgentAllowed: true,
  };
  world.chats.set(chat.id, chat);
  return chat;
}

type NewMessage = Pick<Message, 'chatId' | 'sender' | 'type'> &
  Partial<Pick<Message, 'rootId' | 'parentId' | 'threadId' | 'visibleTo' | 'mentioned'>>;

export function addMessage(world: World, at: number, content: string, fields: NewMessage): Message {
  const message: Message = {
    ...fields,
    id: makeId('om_'),
    createdAt: at,
    updatedAt: at,
    versions: [content],
    reactions: [],
    edits: 0,
    recalled: false,
    pinned: false,
    pendingClicks: 0,
  };
  world.messages.set(message.id, message);
  const people = [...(world.chats.get(message.chatId)?.members ?? [])];
  // An ephemeral card rings nobody's bell.
  if (fields.visibleTo === undefined) {
    world.notifications.push({ chatId: message.chatId, messageId: message.id, at, kind: 'message', people });
  }
  return message;
}

export const contentOf = (message: Message): string => message.versions.at(-1) ?? '';

/** The card as people see it now; undefined for anything but a card. */
export const cardOf = (message: Message, version = -1): Json | undefined =>
  message.type === 'interactive' ? (JSON.parse(message.versions.at(version) ?? '{}') as Json) : undefined;
