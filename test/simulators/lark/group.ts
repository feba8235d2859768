import { type Json, isJson } from './answer.ts';
import { mentionsOf } from './card/card.ts';
import { addMessage, cardOf, contentOf, type Message, type World } from './world.ts';

/** A message as the people of a chat see it. */
export interface Seen {
  readonly id: string;
  /** `app`, `hook`, `other-bot`, or a person's open id. */
  readonly from: string;
  readonly type: string;
  /** Of a text or post; empty for a card. */
  readonly text: string;
  readonly card: Json | undefined;
  readonly mentions: readonly string[];
  readonly rootId: string | undefined;
  readonly threadId: string | undefined;
  readonly visibleTo: string | undefined;
  readonly edits: number;
  readonly recalled: boolean;
  readonly pinned: boolean;
  readonly reactions: readonly string[];
}

/** What stands in a chat, oldest first; withdrawn messages are among them and say so. */
export const messagesOf = (world: World, chatId: string): readonly Seen[] =>
  [...world.messages.values()].filter((message) => message.chatId === chatId).map(seen);

function seen(message: Message): Seen {
  const content: unknown = JSON.parse(contentOf(message));
  const card = cardOf(message);
  const text = card ? '' : textIn(content);
  return {
    id: message.id,
    from: message.sender,
    type: message.type,
    text,
    card,
    mentions: card ? mentionsOf(card) : [...called(content), ...(message.mentioned ?? [])],
    rootId: message.rootId,
    threadId: message.threadId,
    visibleTo: message.visibleTo,
    edits: message.edits,
    recalled: message.recalled,
    pinned: message.pinned,
    reactions: message.reactions.map(({ emoji }) => emoji),
  };
}

/** Whom a text calls by markup in its words, and a post by its pieces `{"tag":"at","user_id"}`. */
function called(content: unknown): readonly string[] {
  if (Array.isArray(content)) return content.flatMap(called);
  if (!isJson(content)) return [];
  const { tag, text, user_id: id, ...rest } = content;
  if (tag === 'at') return typeof id === 'string' ? [id] : [];
  // In a post a piece of text is data: only the words of a text message are read for markup.
  const words = tag === undefined && typeof text === 'string' ? text : '';
  return [
    ...[...words.matchAll(/<at user_id="([^"]+)"/g)].map(([, each = '']) => each),
    ...called(Object.values(rest)),
  ];
}

/** All words of a text or post, in order. */
function textIn(content: unknown): string {
  if (Array.isArray(content)) return content.map(textIn).join('');
  if (!isJson(content)) return '';
  const own = typeof content['text'] === 'string' ? content['text'] : '';
  return (
    own +
    Object.entries(content)
      .map(([name, each]) => (name === 'text' ? '' : textIn(each)))
      .join('')
  );
}

/** Another program of the group posts; its messages take from the group's five a second too. */
export const postAs = (
  world: World,
  at: number,
  chatId: string,
  sender: string,
  content: Json,
  type: string,
): Message => addMessage(world, at, JSON.stringify(content), { chatId, sender, type });
