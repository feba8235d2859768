import { type Answer, ok, refuse, refuseCard } from './answer.ts';
import { refuseContent } from './content.ts';
import { DAY, type Deps } from './deps.ts';
import { field, messageBody } from './message-body.ts';
import type { Call, Handler, Routes } from './routes.ts';
import { cardOf, type Chat, type Message } from './world.ts';

const EDITABLE_FOR = 14 * DAY;
const MOST_PER_MESSAGE = 5;
const MOST_TEXT_EDITS = 20;

/** PATCH is for cards, PUT for texts and posts; each refuses the other's messages. */
export function editRoutes(deps: Deps): Routes {
  const onOwn =
    (work: (call: Call, message: Message, chat: Chat) => Answer): Handler =>
    (call) => {
      const message = deps.world.messages.get(call.params['id'] ?? '');
      const chat = deps.world.chats.get(message?.chatId ?? '');
      return message && chat ? work(call, message, chat) : refuse(231003, 'The message is not found.');
    };
  return {
    'PATCH /open-apis/im/v1/messages/:id': onOwn((call, message, chat) => patch(deps, call, message, chat)),
    'PUT /open-apis/im/v1/messages/:id': onOwn((call, message, chat) => put(deps, call, message, chat)),
    'GET /open-apis/im/v1/messages/:id': onOwn((_, message) => ok({ items: [messageBody(deps.world, message)] })),
    'DELETE /open-apis/im/v1/messages/:id': onOwn((_, message) => withdraw(message)),
  };
}

function patch(deps: Deps, { body }: Call, message: Message, chat: Chat): Answer {
  const content = field(body, 'content');
  const refusal =
    refuseEdit(deps, message, chat) ??
    (message.type === 'interactive' ? undefined : refuse(230001, 'This message is NOT a card.')) ??
    throttleMessage(deps, message.id) ??
    refuseContent(deps.world, chat, 'interactive', content) ??
    refuseUnshared(message, String(content)) ??
    refuseLocked(message);
  if (refusal) return refusal;
  applyContent(message, String(content), deps.clock.now());
  return ok();
}

function put(deps: Deps, { body }: Call, message: Message, chat: Chat): Answer {
  const type = String(field(body, 'msg_type'));
  const content = field(body, 'content');
  if (message.sender !== 'app') return refuse(230071, 'The operator is not the sender of the message.');
  if (type === 'interactive' || message.type === 'interactive')
    return refuse(230054, 'Only text and post can be edited.');
  if (message.edits >= MOST_TEXT_EDITS) return refuse(230072, 'The message has reached its number of edits.');
  const refusal = refuseEdit(deps, message, chat) ?? refuseContent(deps.world, chat, type, content);
  if (refusal) return refusal;
  applyContent(message, String(content), deps.clock.now());
  return ok(messageBody(deps.world, message));
}

function refuseEdit({ clock }: Deps, message: Message, chat: Chat): Answer | undefined {
  if (message.sender !== 'app') return refuse(230012, 'Bot is NOT the sender of the message.');
  if (message.visibleTo !== undefined) return refuse(230001, 'An ephemeral card can NOT be patched.');
  if (message.recalled) return refuse(230011, 'The message was withdrawn.');
  if (!chat.botInside) return refuse(230002, 'Bot/User can NOT be out of the chat.');
  if (message.createdAt < clock.now() - EDITABLE_FOR) return refuse(230031, 'The message is too old to be updated.');
  return undefined;
}

function throttleMessage({ throttle, settings }: Deps, id: string): Answer | undefined {
  if (!settings.throttles || throttle.take(`message:${id}`, MOST_PER_MESSAGE, 1000) === 0) return undefined;
  return refuse(230020, 'This operation triggers the frequency limit.');
}

/** A card that waits for a click's answer takes no other change. */
const refuseLocked = (message: Message): Answer | undefined =>
  message.pendingClicks > 0 ? refuseCard(11310, 'ErrMsg: card action is lock; ') : undefined;

/** `update_multi` must be true in the old and the new card; it is always true in 2.0. And 2.0 cannot become 1.0. */
export function refuseUnshared(message: Message, content: string): Answer | undefined {
  const [before, after] = [cardOf(message), JSON.parse(content) as Record<string, unknown>];
  if (before?.['schema'] === '2.0' && after['schema'] !== '2.0') {
    return refuseCard(200830, 'ErrMsg: card schema V2 can not be changed to schema V1; ');
  }
  const isShared = (card: Record<string, unknown> | undefined): boolean =>
    card?.['schema'] === '2.0' || field(card?.['config'], 'update_multi') === true;
  return isShared(before) && isShared(after) ? undefined : refuse(230001, 'update_multi is not true in both cards.');
}

export function applyContent(message: Message, content: string, at: number): void {
  message.versions.push(content);
  message.updatedAt = at;
  message.edits += 1;
}

function withdraw(message: Message): Answer {
  if (message.recalled) return refuse(230011, 'The message was withdrawn.');
  if (message.sender !== 'app') return refuse(230012, 'Bot is NOT the sender of the message.');
  message.recalled = true;
  return ok();
}
