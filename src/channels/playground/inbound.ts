import type { Clock, Locale } from '../../types.ts';
import type { PressAnswer, Receive } from '../channel.ts';
import type { Hub } from './hub.ts';
import { parseTyped } from './mentions.ts';
import { type Person, PEOPLE } from './people.ts';
import { messageId, rootOf } from './playground.ts';
import type { PlaygroundMessages } from './ports.ts';

export interface InboundDeps {
  readonly messages: PlaygroundMessages;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly receive: Receive;
}

export interface Say {
  readonly person: Person;
  readonly room: string;
  readonly text: string;
  /** Made by the browser, one per message: a second sending of it is the same message. */
  readonly key: string;
  readonly replyTo?: string;
  readonly locale: Locale;
}

export interface Press {
  readonly person: Person;
  /** The message whose button was pressed. */
  readonly message: string;
  readonly value: unknown;
  readonly form: Readonly<Record<string, string>>;
  readonly key: string;
  readonly locale: Locale;
}

export type Inbounds = ReturnType<typeof createInbound>;

/** The playground's inbound side: what people type and press becomes what every platform sends us. */
export function createInbound(deps: InboundDeps) {
  return {
    people: PEOPLE,
    say: (said: Say) => say(deps, said),
    press: (pressed: Press) => press(deps, pressed),
  };
}

/** Shows the message to everybody, then hands it to the bot. Resolves with the message's id. */
async function say({ messages, hub, clock, receive }: InboundDeps, said: Say): Promise<string> {
  const { person, room, locale } = said;
  const author = { id: person.id, name: person.name };
  const { rich, text, addressed, mentions } = parseTyped(said.text, PEOPLE);
  const id = messageId(room, `${person.id}\n${said.key}`);
  const threadOf = said.replyTo === undefined ? undefined : await rootOf(messages, room, said.replyTo);
  const createdAt = clock.now();
  const content = { kind: 'text', text: rich } as const;
  const thread = threadOf !== undefined && { threadOf };
  const added = await messages.add({ id, room, ...thread, author, content, mentions, revision: 1, createdAt });
  if (added) hub.publish({ message: threadOf ?? id, room, revision: 1 });
  await receive.message({
    kind: 'message',
    channel: 'playground',
    id,
    chat: `playground:${room}`,
    direct: false,
    locale,
    sender: { ...author, bot: false },
    receivedAt: createdAt,
    text,
    addressed,
    forOther: false,
    mentions,
    messageRef: id,
    ...(threadOf !== undefined && { inReplyTo: threadOf }),
  });
  return id;
}

/** What the bot answers to the person who pressed; nothing when the message is not there. */
async function press({ messages, clock, receive }: InboundDeps, pressed: Press): Promise<PressAnswer | undefined> {
  const { person, value, form, locale } = pressed;
  const message = await messages.get(pressed.message);
  if (message === undefined) return undefined;
  return receive.press({
    kind: 'press',
    channel: 'playground',
    chat: `playground:${message.room}`,
    direct: false,
    locale,
    id: `${person.id}:${pressed.key}`,
    sender: { id: person.id, name: person.name, bot: false },
    receivedAt: clock.now(),
    value,
    form,
    messageRef: message.id,
  });
}
