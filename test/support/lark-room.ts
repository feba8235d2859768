import type { Json } from '../simulators/lark/answer.ts';
import type { ClickOutcome } from '../simulators/lark/click.ts';
import type { Seen } from '../simulators/lark/group.ts';
import type { Pressing } from '../simulators/lark/pressing.ts';
import type { LarkSimulator } from '../simulators/lark/simulator.ts';
import type { Chat, Message, User } from '../simulators/lark/world.ts';
import { type LarkAppOptions, type LarkAppUnderTest, eventually, startLarkApp } from './lark-app.ts';

/** A server whose default target is a group of three people, and what can be seen there. */
export interface LarkRoom {
  readonly under: LarkAppUnderTest;
  readonly lark: LarkSimulator;
  readonly chat: Chat;
  readonly li: User;
  readonly wang: User;
  readonly zhao: User;
  /** The bot's cards in the group that name the incident or alert, oldest first; replies to people are not among them. */
  cards(about: string): readonly Seen[];
  /** Waits until the only card about it contains all these words; resolves to it. */
  card(about: string, ...words: readonly string[]): Promise<Seen>;
  /** What the bot posted below this message, in its thread or as a reply. */
  replies(messageId: string): readonly Seen[];
  /** A person uses a component of the only card about it. */
  press(user: User, about: string, how: Partial<Pressing>): Promise<ClickOutcome>;
  close(): Promise<void>;
}

export async function openLarkRoom(options: Omit<LarkAppOptions, 'prepare'>): Promise<LarkRoom> {
  const made: { chat?: Chat; people?: readonly [User, User, User] } = {};
  const under = await startLarkApp({
    ...options,
    prepare: (lark) => {
      made.people = [lark.addUser('Li'), lark.addUser('Wang'), lark.addUser('Zhao')];
      made.chat = lark.addChat('ops', made.people);
      return { DEFAULT_TARGET: `lark:${made.chat.id}` };
    },
  });
  const { chat, people } = made;
  if (chat === undefined || people === undefined) throw new Error('nothing was prepared');
  const [li, wang, zhao] = people;
  const { lark } = under;
  const seen = () => lark.messages(chat.id).filter(({ from, recalled }) => from === 'app' && !recalled);
  const cards = (about: string) =>
    seen().filter(({ card, rootId }) => rootId === undefined && card !== undefined && textOf(card).includes(about));
  const only = (about: string): Seen => {
    const [first, ...more] = cards(about);
    if (first === undefined || more.length > 0) throw new Error(`${about}: ${more.length + (first ? 1 : 0)} cards`);
    return first;
  };
  return {
    under,
    lark,
    chat,
    li,
    wang,
    zhao,
    cards,
    card: async (about, ...words) => {
      const holds = (): boolean => {
        const [first] = cards(about);
        return first !== undefined && words.every((word) => textOf(first.card).includes(word));
      };
      await eventually(holds).catch(() => {
        const shown = textOf(cards(about)[0]?.card);
        const lacking = words.filter((word) => !shown.includes(word)).join(', ');
        throw new Error(`the card of ${about} never said ${lacking}: ${shown.slice(0, 2000)}`);
      });
      return only(about);
    },
    replies: (messageId) => seen().filter(({ rootId }) => rootId === messageId),
    press: (user, about, how) => lark.press({ user, messageId: only(about).id, ...how }),
    close: () => under.close(),
  };
}

/** Everything a card holds, as its JSON without escapes for people's names and markup. */
export const textOf = (card: Json | undefined): string =>
  JSON.stringify(card ?? {}).replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

/** All that the bot posted in the group, with every version. */
export const posted = ({ lark, chat }: LarkRoom): readonly Message[] =>
  [...lark.world.messages.values()].filter(({ chatId, sender }) => chatId === chat.id && sender === 'app');

/** Whether a card's title holds the name: other cards name it among what is similar. */
export const isTitled = ({ type, versions }: Message, name: string): boolean =>
  type === 'interactive' && headerOf(versions.at(-1)).includes(name);

export const isGreen = (version: string | undefined): boolean => headerOf(version).includes('"template":"green"');

const headerOf = (version = ''): string => version.split('"body"')[0] ?? '';

/** Time at the platform and in the server runs `times` as fast until the returned function is called. */
export function hurry({ clock }: Pick<LarkSimulator, 'clock'>, times: number): () => void {
  const every = 20;
  const timer = setInterval(() => void clock.advance(every * (times - 1)), every);
  return () => clearInterval(timer);
}
