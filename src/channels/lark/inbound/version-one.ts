import type { LarkEvent } from './envelope.ts';
import type { LarkBot } from './ports.ts';
import { textOf } from './read.ts';

/**
 * A message of the old event version in the words of `im.message.receive_v1`; other events stay as they are. Old
 * messages hold mentions as `<at open_id="ou_…">@name</at>` and say apart from them whether we are meant. Their fields
 * are known from programs that read them, not from a page of the platform: unverified.
 */
export function fromVersionOne(event: LarkEvent, bot: LarkBot): LarkEvent {
  if (event.type !== 'message') return event;
  const { fields } = event;
  const whole = textOf(fields, 'text') ?? '';
  const unnamed =
    fields['is_mention'] === true && !tagsToKeys(whole).mentions.some(({ id }) => id.open_id === bot.openId);
  const { text, mentions } = tagsToKeys(unnamed ? (textOf(fields, 'text_without_at_bot') ?? whole) : whole);
  const us = { key: '@_user_0', id: { open_id: bot.openId }, name: bot.names[0] };
  const title = textOf(fields, 'title');
  return {
    type: 'im.message.receive_v1',
    id: event.id,
    fields: {
      sender: { sender_id: { open_id: fields['open_id'], user_id: fields['employee_id'] }, sender_type: 'user' },
      message: {
        message_id: fields['open_message_id'],
        root_id: fields['root_id'],
        parent_id: fields['parent_id'],
        chat_id: fields['open_chat_id'],
        chat_type: fields['chat_type'] === 'private' ? 'p2p' : 'group',
        message_type: 'text',
        content: JSON.stringify({
          text: `${unnamed ? `${us.key} ` : ''}${title === undefined ? '' : `${title}\n`}${text}`,
        }),
        mentions: unnamed ? [us, ...mentions] : mentions,
      },
    },
  };
}

interface KeyedMention {
  readonly key: string;
  readonly id: { readonly open_id: string };
  readonly name: string;
}

function tagsToKeys(tagged: string): { readonly text: string; readonly mentions: readonly KeyedMention[] } {
  const mentions: KeyedMention[] = [];
  const text = tagged.replaceAll(TAG, (_, id: string, name: string) => {
    const key = `@_user_${mentions.length + 1}`;
    mentions.push({ key, id: { open_id: id }, name: name.trim().replace(/^@/u, '') });
    return key;
  });
  return { text, mentions };
}

const TAG = /<at\s{1,9}open_id\s{0,9}=\s{0,9}"([^"]{1,100})"\s{0,9}>([^<]{0,100})<\s{0,9}\/at>/gu;
