import type { EpochMs } from '../../../types.ts';
import type { InboundMessage } from '../../channel.ts';
import { cardText } from './card-text.ts';
import type { LarkEvent } from './envelope.ts';
import { type Mention, readMentions } from './mentions.ts';
import { postText } from './post-text.ts';
import type { LarkInboundDeps } from './ports.ts';
import { type Fields, listOf, objectOf, parseObject, textOf } from './read.ts';

/** A message, or why it is nothing to us. The sender's name and the card that is meant are found out later. */
export type MessageRead =
  | { readonly message: InboundMessage; readonly refs: readonly string[] }
  | { readonly ignored: string };

type Needs = Pick<LarkInboundDeps, 'appId' | 'bot' | 'alertBotIds'>;

/** `im.message.receive_v1`: text and post, and the cards of bots. `refs` are the messages it may be about, nearest first. */
export function readMessage({ fields }: LarkEvent, now: EpochMs, deps: Needs): MessageRead {
  const sender = objectOf(fields['sender']);
  const message = objectOf(fields['message']);
  const id = textOf(message, 'message_id');
  const chatId = textOf(message, 'chat_id');
  const ids = idsOf(sender);
  if (message === undefined || id === undefined || chatId === undefined || ids[0] === undefined)
    return { ignored: 'no message, chat or sender in it' };
  const bot = deps.bot();
  if (ids.some((one) => one === bot.openId || one === deps.appId)) return { ignored: 'our own message' };

  const isBot = !HUMAN.has(sender?.['sender_type']);
  const mentions = listOf(message['mentions'])
    .map(mentionOf)
    .filter((mention) => mention !== undefined);
  const said = saidIn(message, mentions);
  if (said === undefined) return { ignored: 'neither text nor post nor card' };
  const read = readMentions(said, mentions, bot);
  const direct = message['chat_type'] === 'p2p';
  const openId = textOf(objectOf(sender?.['sender_id']), 'open_id');
  const senderId = ids.find((one) => isListed(one, deps.alertBotIds)) ?? ids[0];
  const thread = textOf(message, 'root_id') ?? textOf(message, 'parent_id');
  return {
    refs: ['parent_id', 'root_id'].map((name) => textOf(message, name)).filter((ref) => ref !== undefined),
    message: {
      kind: 'message',
      channel: 'lark',
      // The page of the event: duplicates may carry a new event id, the message's id stays.
      id,
      // A person's direct chat is addressed by the person: the same target that cards for the person go to.
      chat: `lark:${direct && openId !== undefined ? openId : chatId}`,
      direct,
      sender: { id: senderId, name: senderId, bot: isBot },
      receivedAt: now,
      text: read.text,
      addressed: direct || read.addressed,
      forOther: !direct && !isBot && read.otherBot && !read.addressed,
      mentions: read.people,
      messageRef: id,
      ...(thread !== undefined && { thread }),
    },
  };
}

/** `bot` and, in older payloads, `app` are programs; without a type it is a person. */
const HUMAN: ReadonlySet<unknown> = new Set(['user', undefined, null, '']);

/** What the platform may name somebody by: a bot's app id (`cli_…`) is where its open_id is missing. */
function idsOf(sender: Fields | undefined): readonly string[] {
  const id = objectOf(sender?.['sender_id']);
  const found = ['open_id', 'app_id', 'user_id', 'union_id'].map((name) => textOf(id, name));
  return [...found, textOf(sender, 'app_id'), textOf(sender, 'id')].filter((one) => one !== undefined);
}

const isListed = (id: string, listed: readonly string[]): boolean =>
  listed.includes(id) || listed.includes(`lark:${id}`);

function mentionOf(value: unknown): Mention | undefined {
  const mention = objectOf(value);
  const key = textOf(mention, 'key');
  if (key === undefined) return undefined;
  const id = objectOf(mention?.['id']);
  return {
    key,
    id: textOf(id, 'open_id') ?? textOf(id, 'user_id') ?? textOf(mention, 'id'),
    name: textOf(mention, 'name') ?? key,
    bot: mention?.['mentioned_type'] === 'bot' || mention?.['mentioned_type'] === 'app',
  };
}

function saidIn(message: Fields, mentions: readonly Mention[]): string | undefined {
  const content = parseObject(textOf(message, 'content') ?? '') ?? {};
  switch (message['message_type']) {
    case 'text':
      return textOf(content, 'text') ?? '';
    case 'post':
      return postText(content, mentions);
    case 'interactive':
      return cardText(content);
    default:
      return undefined;
  }
}
