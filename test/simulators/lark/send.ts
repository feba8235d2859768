import { type Answer, ok, refuse } from './answer.ts';
import { refuseContent } from './content.ts';
import { type Deps, HOUR } from './deps.ts';
import { makeId } from './ids.ts';
import { field, messageBody } from './message-body.ts';
import type { Call, Routes } from './routes.ts';
import { addChat, addMessage, type Chat, type Message, type User } from './world.ts';

const ID_TYPES = new Set(['open_id', 'union_id', 'user_id', 'email', 'chat_id']);
const MOST_PER_GROUP = 5;

/** Posting and replying: membership, `uuid`, size, card rules, and the group's 5 a second that all its bots share. */
export function sendRoutes(deps: Deps): Routes {
  const sent = new Map<string, { readonly at: number; readonly message: Message }>();

  function post(call: Call, chat: Chat | Answer, parent?: Message): Answer {
    if ('status' in chat) return chat;
    const uuid = field(call.body, 'uuid');
    const type = String(field(call.body, 'msg_type'));
    const content = field(call.body, 'content');
    const refusal =
      refuseUuid(uuid) ??
      refuseChat(chat) ??
      refuseContent(deps.world, chat, type, content) ??
      throttleGroup(deps, chat.id);
    const first = typeof uuid === 'string' && uuid !== '' ? sent.get(uuid) : undefined;
    if (refusal) return refusal;
    if (first && first.at > deps.clock.now() - HOUR) return repeated(deps, first.message);
    const message = addMessage(deps.world, deps.clock.now(), String(content), {
      chatId: chat.id,
      sender: 'app',
      type,
      ...placeOf(parent, field(call.body, 'reply_in_thread') === true),
    });
    if (typeof uuid === 'string' && uuid !== '') sent.set(uuid, { at: deps.clock.now(), message });
    return ok(messageBody(deps.world, message));
  }

  return {
    'POST /open-apis/im/v1/messages': (call) => post(call, receiver(deps, call)),
    'POST /open-apis/im/v1/messages/:id/reply': (call) => {
      const parent = deps.world.messages.get(call.params['id'] ?? '');
      if (!parent) return refuse(231003, 'The message is not found.');
      if (parent.recalled) return refuse(230011, 'The message was withdrawn.');
      return post(call, chatOrRefusal(deps, parent.chatId), parent);
    },
  };
}

function repeated({ settings, world }: Deps, message: Message): Answer {
  if (settings.repeatedUuid === 'refused') return refuse(230049, 'The message is being sent.');
  return ok(messageBody(world, message));
}

/** A reply has a root and a parent; in a thread it has the thread's id, which the first such reply makes. */
function placeOf(parent: Message | undefined, inThread: boolean): Partial<Message> {
  if (!parent) return {};
  const threadId = parent.threadId ?? (inThread ? threadIdOf(parent) : undefined);
  return { rootId: parent.rootId ?? parent.id, parentId: parent.id, ...(threadId === undefined ? {} : { threadId }) };
}

const threads = new WeakMap<Message, string>();
function threadIdOf(parent: Message): string {
  const threadId = threads.get(parent) ?? makeId('omt_');
  threads.set(parent, threadId);
  return threadId;
}

function refuseUuid(uuid: unknown): Answer | undefined {
  if (uuid === undefined) return undefined;
  if (typeof uuid === 'string' && uuid.length <= 50) return undefined;
  return refuse(99992402, 'field validation failed: uuid has at most 50 characters');
}

export function refuseChat(chat: Chat): Answer | undefined {
  if (chat.dissolved) return refuse(232009, 'Your request specifies a chat which has already been dissolved.');
  if (!chat.botInside) return refuse(230002, 'Bot/User can NOT be out of the chat.');
  if (chat.muted) return refuse(230035, 'Send Message Permission deny.');
  return undefined;
}

export function throttleGroup({ throttle, settings }: Deps, chatId: string): Answer | undefined {
  const most = MOST_PER_GROUP - settings.othersTake;
  if (!settings.throttles || throttle.take(`chat:${chatId}`, most, 1000) === 0) return undefined;
  return refuse(230020, 'This operation triggers the frequency limit.');
}

function receiver(deps: Deps, { query, body }: Call): Chat | Answer {
  const idType = query.get('receive_id_type') ?? 'open_id';
  const id = field(body, 'receive_id');
  if (!ID_TYPES.has(idType)) return refuse(99992402, 'field validation failed: receive_id_type');
  if (typeof id !== 'string' || id === '') return refuse(99992402, 'field validation failed: receive_id is required');
  if (idType === 'chat_id') return chatOrRefusal(deps, id);
  const user = [...deps.world.users.values()].find((each) => [each.openId, each.unionId, each.userId].includes(id));
  if (!user) return refuse(230034, 'The receive_id is invalid.');
  if (!user.available) return refuse(230013, 'Bot has NO availability to this user.');
  return chatWith(deps, user);
}

function chatOrRefusal({ world }: Deps, id: string): Chat | Answer {
  return world.chats.get(id) ?? refuse(230034, 'The receive_id is invalid.');
}

function chatWith({ world }: Deps, user: User): Chat {
  const known = [...world.chats.values()].find(({ type, members }) => type === 'p2p' && members.has(user.openId));
  return known ?? addChat(world, user.name, [user], 'p2p');
}
