import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../simulators/lark/answer.ts';
import { type LarkSimulator, startLarkSimulator } from '../simulators/lark/simulator.ts';
import type { Chat, User } from '../simulators/lark/world.ts';
import { type LarkMode, type SentAlert, alertBody, eventually } from '../support/lark-app.ts';
import { type LarkChild, openLarkChild } from '../support/lark-child.ts';
import { PATIENCE } from '../support/lark-environment.ts';
import { postAlerts } from '../support/fault-bench.ts';
import { textOf } from '../support/lark-room.ts';

const SEND = 'POST /open-apis/im/v1/messages';
const EDIT = 'PATCH /open-apis/im/v1/messages/';
const LABELS = { severity: 'warning' };
/** The way in matters to the last aim alone, so one of them is killed oftener. */
const ROUNDS = { websocket: 2, webhook: 1 } as const;

/**
 * Where the server dies: at a request of its own, before or after the platform carried it out, after its answer, or
 * while it takes in what somebody says. Then what its card must say in the end, and how often the thread spoke.
 */
const AIMS = [
  { name: 'PostBefore', at: SEND, when: 'before', shows: 'Unclaimed', replies: 0 },
  { name: 'PostAfter', at: SEND, when: 'after-commit', shows: 'Unclaimed', replies: 0 },
  { name: 'EditBefore', at: EDIT, when: 'before', shows: 'Resolved', replies: 1 },
  { name: 'EditAfter', at: EDIT, when: 'after-commit', shows: 'Resolved', replies: 1 },
  { name: 'AnnouncedAfter', at: '/reply', when: 'after-commit', shows: 'Resolved', replies: 1 },
  { name: 'AlertAnswered', at: 'alert', when: 'after-commit', shows: 'Resolved', replies: 1 },
  { name: 'PressAnswered', at: 'press', when: 'after-commit', shows: 'acknowledged', replies: 0 },
  { name: 'Heard', at: 'words', when: 'before', shows: 'noted: heard once', replies: 1 },
] as const;
type Aim = (typeof AIMS)[number];

describe.each(['websocket', 'webhook'] as const)('kill -9 with Lark by %s', (mode: LarkMode) => {
  let lark: LarkSimulator;
  let server: LarkChild;
  let chat: Chat;
  let li: User;

  beforeAll(async () => {
    lark = await startLarkSimulator({ challengeDeadlineMs: PATIENCE.challengeDeadlineMs });
    li = lark.addUser('Li');
    chat = lark.addChat('ops', [li]);
    server = await openLarkChild(lark, mode, { DEFAULT_TARGET: `lark:${chat.id}`, STORM_PER_MINUTE: '1000' });
    await server.start();
  });
  afterAll(async () => {
    await server.close();
    await lark.stop();
  });

  /** By their title: other cards name it among what is similar. */
  const cards = (name: string) => lark.messages(chat.id).filter(({ card }) => titleOf(card).includes(name));
  const timesSaid = (name: string, words: string): number => textOf(cards(name)[0]?.card).split(words).length - 1;
  const says = (name: string, words: string): boolean => timesSaid(name, words) > 0;

  /** As Alertmanager does it: again until it was answered. */
  async function send(alert: SentAlert): Promise<void> {
    await eventually(async () => {
      const answer = await postAlerts(server.url, alertBody({ labels: LABELS, ...alert })).catch(() => undefined);
      return answer?.status === 200;
    });
  }

  async function die(aim: Aim, name: string): Promise<void> {
    const killed = Promise.withResolvers<void>();
    const kill = (): void => void server.kill().then(killed.resolve);
    if (aim.at !== SEND) await show(name);
    if (aim.at === 'alert') await post(name, 'resolved');
    if (aim.at === 'press') await lark.press({ user: li, messageId: idOf(name), text: 'Acknowledge' });
    if (aim.at === 'words') return dieHearing(name);
    if (!aim.at.includes('/')) return server.kill();
    lark.faults.next(aim.at, { kind: 'reset', when: aim.when, tell: kill });
    await Promise.race([post(name, wanted(aim)), killed.promise]).catch(() => undefined);
    await killed.promise;
  }

  /** In the midst of it, or just before or after. The platform has noticed when this resolves. */
  async function dieHearing(name: string): Promise<void> {
    const saying = lark.people.says({ chat, from: li, text: '@bot /note heard once', replyTo: idOf(name) });
    await sleep(Math.random() * 20);
    await server.kill();
    await saying;
  }

  const post = (name: string, status: 'firing' | 'resolved') =>
    postAlerts(server.url, alertBody({ name, status, labels: LABELS }));
  const idOf = (name: string): string => cards(name)[0]?.id ?? '';

  async function show(name: string): Promise<void> {
    await send({ name });
    await eventually(() => cards(name).length === 1);
    // Which message it became is written a moment after the platform has answered.
    await sleep(200);
  }

  const wanted = ({ shows }: Aim) => (shows === 'Resolved' ? 'resolved' : 'firing');

  const rounds = ROUNDS[mode];

  it(`${AIMS.length * rounds} times: the last state is shown, on one card, and nobody is called twice`, async () => {
    const names: (readonly [Aim, string])[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const aim of AIMS) {
        const name = `${aim.name}${round}x`;
        names.push([aim, name]);
        await die(aim, name);
        await server.start();
        // What was not answered is said again: by the sender at once, by the platform after 15 s.
        if (aim.at === 'words') await lark.clock.advance(15_000);
        if (aim.at !== 'press') await send({ name, status: wanted(aim) });
      }
    }
    for (const [{ shows }, name] of names) {
      await eventually(() => says(name, shows)).catch(() => undefined);
      expect([name, cards(name).length]).toEqual([name, 1]);
      expect([name, says(name, shows)]).toEqual([name, true]);
    }
    expect(names.map(([, name]) => timesSaid(name, 'noted: heard once')).filter((times) => times > 1)).toEqual([]);
    const replies = (name: string) =>
      lark.messages(chat.id).filter(({ rootId, from }) => from === 'app' && rootId === idOf(name));
    await eventually(() => names.every(([aim, name]) => replies(name).length >= aim.replies)).catch(() => undefined);
    for (const [aim, name] of names) expect([name, replies(name).length]).toEqual([name, aim.replies]);
  }, 480_000);
});

const titleOf = (card: Json | undefined): string => (card === undefined ? '' : textOf(card['header'] as Json));
