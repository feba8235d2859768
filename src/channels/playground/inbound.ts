import type { Card } from '../../cards/card.ts';
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
  /** Of the server: its people are named in it. */
  readonly locale: Locale;
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
    people: PEOPLE[deps.locale],
    say: (said: Say) => say(deps, said),
    press: (pressed: Press) => press(deps, pressed),
  };
}

/** Shows the message to everybody, then hands it to the bot. Resolves with the message's id. */
async function say({ messages, hub, clock, receive, ...deps }: InboundDeps, said: Say): Promise<string> {
  const { person, room, locale } = said;
  const author = { id: person.id, name: person.name };
  const { rich, text, addressed, mentions } = parseTyped(said.text, PEOPLE[deps.locale]);
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
    ...(threadOf !== undefined && { inReplyTo: threadOf, thread: threadOf }),
  });
  return id;
}

/**
 * What the bot answers to the person who pressed; nothing when the message is not there. As on every platform, the card
 * in the answer takes the place of the pressed one for the whole room.
 */
async function press(deps: InboundDeps, pressed: Press): Promise<PressAnswer | undefined> {
  const { messages, clock, receive } = deps;
  const { person, value, form, locale } = pressed;
  const message = await messages.get(pressed.message);
  if (message === undefined) return undefined;
  const answer = await receive.press({
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
  if (answer.card !== undefined) await showAnswered(deps, message.id, answer.card);
  return answer;
}

/** Of two presses at once the newer card stays; the edit that follows every press heals what comes between. */
async function showAnswered({ messages, hub, clock }: InboundDeps, id: string, card: Card): Promise<void> {
  const message = await messages.get(id);
  if (message?.content.kind !== 'card' || (message.content.card.rev ?? 0) >= (card.rev ?? 0)) return;
  const revision = await messages.edit(id, { kind: 'card', card }, clock.now());
  const { room, threadOf = id } = message;
  if (revision !== undefined) hub.publish({ message: threadOf, room, revision });
}
