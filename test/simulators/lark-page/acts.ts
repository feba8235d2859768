import { z } from 'zod';
import { isJson, type Json } from '../lark/answer.ts';
import { tooManyRequests } from '../lark/faults.ts';
import type { LarkSimulator } from '../lark/simulator.ts';
import { cardOf, type Chat, type User } from '../lark/world.ts';
import { card } from './card.ts';
import { groupsOf, type PlatformState, STATES } from './side.ts';
import type { View } from './view.ts';

/** What a request of the page works on. */
export interface Actor {
  readonly lark: LarkSimulator;
  readonly view: View;
  readonly user: User;
  readonly chat: Chat;
  readonly setState: (state: PlatformState) => void;
}

const Press = z.object({
  message: z.string(),
  version: z.number(),
  use: z.number(),
  form: z.record(z.string(), z.unknown()).optional(),
  option: z.string().optional(),
  input: z.string().optional(),
});
const Say = z.object({ text: z.string().min(1).max(2000), replyTo: z.string().optional() });
const React = z.object({ message: z.string(), emoji: z.string().regex(/^\w+$/) });
const Withdraw = z.object({ message: z.string() });
const Bot = z.object({ inside: z.boolean() });
const Platform = z.object({ state: z.enum(STATES as [PlatformState, ...PlatformState[]]) });

/** How many requests meet the throttle at most, and for how many seconds each is told to wait. */
const THROTTLED = { where: '/open-apis/im/', requests: 500, seconds: 3 };

/** What people do, by the page's addresses; each resolves to what the page is told. */
export const ACTS: Readonly<Record<string, (actor: Actor, body: unknown) => Promise<Json>>> = {
  '/press': press,
  async '/say'({ lark, user, chat }, body) {
    const { text, replyTo } = Say.parse(body);
    void lark.people.says({ chat, from: user, text, ...(replyTo !== undefined && { replyTo }) });
    return {};
  },
  async '/react'({ lark, user }, body) {
    const { message, emoji } = React.parse(body);
    void lark.people.reacts(user, message, emoji);
    return {};
  },
  async '/withdraw'({ lark, user }, body) {
    void lark.people.withdraws(user, Withdraw.parse(body).message);
    return {};
  },
  async '/group'({ lark, user, view }) {
    const taken = new Set(groupsOf(lark).map(({ name }) => name));
    const name = view.words.newGroups.find((each) => !taken.has(each)) ?? `${view.words.newGroups[0]} ${taken.size}`;
    const chat = lark.addChat(name, [...lark.world.users.values()]);
    void lark.people.addsBot(user, chat);
    return { chat: chat.id };
  },
  async '/bot'({ lark, user, chat }, body) {
    const { inside } = Bot.parse(body);
    void (inside ? lark.people.addsBot(user, chat) : lark.people.removesBot(user, chat));
    return {};
  },
  async '/platform'({ lark, setState }, body) {
    const { state } = Platform.parse(body);
    setState(state);
    lark.outage(state === 'throttled' ? 'none' : state);
    const { where, seconds, requests } = THROTTLED;
    while (lark.faults.take(where) !== undefined);
    if (state === 'throttled') lark.faults.next(where, tooManyRequests(seconds), requests);
    return {};
  },
};

/** Uses the component that the person saw under this number, in the version they saw. */
async function press({ lark, view, user }: Actor, body: unknown): Promise<Json> {
  const { message: messageId, version, use, form, option, input } = Press.parse(body);
  const message = lark.world.messages.get(messageId);
  const content = message && cardOf(message, version);
  const seen: View = { ...view, components: [] };
  if (content) card(seen, content);
  const component = seen.components[use];
  if (!component) return { code: 404 };
  const { code, toast, cardChanged } = await lark.press({
    user,
    messageId,
    version,
    component,
    ...(form !== undefined && { form: filled(form) }),
    ...(option !== undefined && { option }),
    ...(input !== undefined && { input }),
  });
  return { code, cardChanged, ...(isJson(toast) && { toast }) };
}

/** What was left empty is not sent. */
const filled = (form: Json): Json => Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''));
