import { type Answer, ok, refuse } from './answer.ts';
import { refuseCardOf } from './content.ts';
import type { Deps } from './deps.ts';
import { makeHex } from './ids.ts';
import { field } from './message-body.ts';
import type { Call, Handler, Routes } from './routes.ts';
import { addMessage, type Message, type Notification } from './world.ts';

const MOST_URGENT_UNREAD = 200;
const MOST_EPHEMERAL = 40;
type Urgent = Extract<Notification['kind'], `urgent_${string}`>;

/** What else can be done to a message: reactions, pins, urgent calls, cards that one person sees. */
export function aroundMessages(deps: Deps): Routes {
  const onMessage =
    (work: (call: Call, message: Message) => Answer, id = (call: Call): string => call.params['id'] ?? ''): Handler =>
    (call) => {
      const message = deps.world.messages.get(id(call));
      if (!message || message.recalled) return refuse(231003, 'The message is not found.');
      return work(call, message);
    };
  const urgent = (kind: Urgent): Handler => onMessage((call, message) => callPeople(deps, kind, call, message));
  const messageIdInBody = ({ body }: Call): string => String(field(body, 'message_id'));
  return {
    'POST /open-apis/im/v1/messages/:id/reactions': onMessage(react),
    'PATCH /open-apis/im/v1/messages/:id/urgent_app': urgent('urgent_app'),
    'PATCH /open-apis/im/v1/messages/:id/urgent_sms': urgent('urgent_sms'),
    'PATCH /open-apis/im/v1/messages/:id/urgent_phone': urgent('urgent_phone'),
    'POST /open-apis/im/v1/pins': onMessage((_, message) => pin(message, deps.clock.now()), messageIdInBody),
    'POST /open-apis/ephemeral/v1/send': (call) => whisper(deps, call),
    'POST /open-apis/ephemeral/v1/delete': onMessage((_, message) => {
      message.recalled = true;
      return ok();
    }, messageIdInBody),
  };
}

function react({ body }: Call, message: Message): Answer {
  const type = field(body, 'reaction_type');
  const emoji = field(type, 'emoji_type');
  if (typeof emoji !== 'string' || emoji === '') return refuse(231001, 'reaction type is invalid.');
  const reaction = { id: makeHex(16), emoji, by: 'app' };
  message.reactions.push(reaction);
  return ok({ reaction_id: reaction.id, reaction_type: type });
}

function pin(message: Message, at: number): Answer {
  message.pinned = true;
  return ok({ pin: { message_id: message.id, chat_id: message.chatId, create_time: String(at) } });
}

/** Only the bot's own message, people of its chat (230001 when none of them is), at most 200 unread calls each (230023). */
function callPeople({ world, clock, urgency }: Deps, kind: Urgent, call: Call, message: Message): Answer {
  const ids = field(call.body, 'user_id_list');
  const chat = world.chats.get(message.chatId);
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 200)
    return refuse(99992402, 'field validation failed: user_id_list');
  if (message.sender !== 'app') return refuse(230012, 'Bot is NOT the sender of the message.');
  if (chat?.urgentAllowed === false)
    return refuse(230018, 'These operations are NOT allowed at current group settings.');
  if (kind !== 'urgent_app' && urgency[kind] <= 0) return refuse(230024, 'Reach the upper limit of urgent message.');
  const people = ids.filter((id: unknown) => typeof id === 'string' && chat?.members.has(id) === true) as string[];
  if (people.length === 0) return refuse(230001, 'Your request contains an invalid request parameter.');
  const users = people.flatMap((id) => world.users.get(id) ?? []);
  if (users.some(({ unreadUrgent }) => unreadUrgent >= MOST_URGENT_UNREAD)) {
    return refuse(230023, 'Too many unread urgent messages.');
  }
  for (const user of users) user.unreadUrgent += 1;
  if (kind !== 'urgent_app') urgency[kind] -= people.length;
  world.notifications.push({ chatId: message.chatId, messageId: message.id, at: clock.now(), kind, people });
  return ok({ invalid_user_id_list: ids.filter((id: unknown) => !people.some((known) => known === id)) });
}

function whisper({ world, clock, throttle, settings }: Deps, { body }: Call): Answer {
  const [chatId, openId, card] = [field(body, 'chat_id'), field(body, 'open_id'), field(body, 'card')];
  const chat = world.chats.get(String(chatId));
  if (!chat?.botInside) return refuse(10002, 'bot not in chat');
  if (!chat.members.has(String(openId))) return refuse(18053, 'user is not in the chat');
  if (typeof card !== 'object' || card === null) return refuse(10003, 'card is an object here, not a string');
  const refusal = refuseCardOf(world, chat, card);
  if (refusal) return refusal;
  if (settings.throttles && throttle.take(`ephemeral:${chat.id}`, MOST_EPHEMERAL, 1000) > 0) {
    return refuse(11232, 'create message service trigger rate limit');
  }
  const made = addMessage(world, clock.now(), JSON.stringify(card), {
    chatId: chat.id,
    sender: 'app',
    type: 'interactive',
    visibleTo: String(openId),
  });
  return ok({ message_id: made.id });
}
