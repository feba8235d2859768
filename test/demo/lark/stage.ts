import { setTimeout as sleep } from 'node:timers/promises';
import { openLarkPage, type LarkPage } from '../../simulators/lark-page/server.ts';
import { type LarkSimulator, startLarkSimulator } from '../../simulators/lark/simulator.ts';
import type { Chat, User } from '../../simulators/lark/world.ts';
import { larkEnvironment } from '../../support/lark-environment.ts';
import { BUTTON_MS, post, type Room } from '../player.ts';
import { freePort, openStage, type Stage, type StageOptions } from '../stage.ts';

export interface LarkStage extends Stage {
  readonly lark: LarkSimulator;
  /** The group that gets every incident. */
  readonly group: Chat;
  /** The page that shows the group. */
  readonly page: LarkPage;
  /** Where the storyline's people talk and press. */
  readonly room: Room;
}

/** By the storyline's names. The reader has no operator's name: everybody in a group may read and acknowledge. */
const PEOPLE = [
  { key: 'lin', name: { 'zh-CN': '林岚', 'en-US': 'Lin' }, role: 'admin' },
  { key: 'chen', name: { 'zh-CN': '陈默', 'en-US': 'Chen' }, role: 'responder' },
  { key: 'alice', name: { 'zh-CN': 'Alice', 'en-US': 'Alice' }, role: 'responder' },
  { key: 'guest', name: { 'zh-CN': '周可', 'en-US': 'Zhou' }, role: 'reader' },
] as const;
/** The platform's own two minutes are long for somebody who watches an outage; seconds. */
const SOON = { ReconnectInterval: 2, ReconnectNonce: 1 };
const GROUP = { 'zh-CN': '值班演示', 'en-US': 'On-call demo' } as const;
const ROLES = {
  'zh-CN': { admin: '管理员', responder: '值班', reader: '只读' },
  'en-US': { admin: 'admin', responder: 'responder', reader: 'reader' },
} as const;

/** The simulated platform with a group and its people, the real server connected to it, and the page that shows them. */
export async function openLarkStage(options: StageOptions & { readonly pagePort: number }): Promise<LarkStage> {
  const { locale, timezone } = options;
  const lark = await startLarkSimulator({ clientConfig: SOON });
  const users = new Map(PEOPLE.map(({ key, name }) => [key as string, lark.addUser(name[locale])]));
  const group = lark.addChat(GROUP[locale], [...users.values()]);
  const environment = { ...larkEnvironment(lark), DEFAULT_TARGET: `lark:${group.id}` };
  const stage = await openStage({ ...options, environment: { ...environment, ...options.environment } });
  await connected(lark);
  await nameOperators(stage.url, options, users);
  const page = await openLarkPage({
    lark,
    locale,
    // As the server has it.
    timezone: timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    port: await freePort(options.pagePort),
    people: PEOPLE.flatMap(({ key, role }) => {
      const user = users.get(key);
      return user ? [{ user, note: ROLES[locale][role] }] : [];
    }),
  });
  const close = async (): Promise<void> => {
    await page.close();
    await stage.close();
    await lark.stop();
  };
  return { ...stage, lark, group, page, close, room: roomOf(lark, group, users) };
}

async function connected({ connections }: LarkSimulator): Promise<void> {
  for (const until = Date.now() + 10_000; connections.open().length === 0; await sleep(20))
    if (Date.now() > until) throw new Error('the server did not connect to the simulated platform');
}

async function nameOperators(url: string, { locale }: StageOptions, users: ReadonlyMap<string, User>): Promise<void> {
  for (const { key, name, role } of PEOPLE)
    if (role !== 'reader')
      await post(url, '/api/v1/operators', { name: name[locale], role, ids: [`lark:${users.get(key)?.openId ?? ''}`] });
}

function roomOf(lark: LarkSimulator, chat: Chat, users: ReadonlyMap<string, User>): Room {
  const person = (key: string): User => {
    const user = users.get(key);
    if (!user) throw new Error(`nobody is called ${key}`);
    return user;
  };
  return {
    say: async (key, text) => {
      await lark.people.says({ chat, from: person(key), text: text.replace('@zhiban', '@bot') });
    },
    press: async ({ person: key, incident, action, form }) => {
      const messageId = await cardWith(lark, chat, { incident, action });
      const value = { action, incident_id: incident };
      const { code } = await lark.press({ user: person(key), messageId, value, form });
      if (code !== 0) throw new Error(`the press of "${action}" on ${incident} was answered with ${code}`);
    },
  };
}

/** The message whose card has the button, once it has; an edit may wait for some seconds. */
async function cardWith(
  lark: LarkSimulator,
  chat: Chat,
  wanted: { readonly incident: string; readonly action: string },
) {
  for (const until = Date.now() + BUTTON_MS; Date.now() < until; await sleep(100)) {
    const value = `"action":"${wanted.action}","incident_id":"${wanted.incident}"`;
    const found = lark.messages(chat.id).findLast(({ card }) => JSON.stringify(card ?? {}).includes(value));
    if (found) return found.id;
  }
  throw new Error(`no button "${wanted.action}" appeared on the card of ${wanted.incident}`);
}
