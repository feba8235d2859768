import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../simulators/lark/answer.ts';
import { type LarkSimulator, startLarkSimulator } from '../simulators/lark/simulator.ts';
import type { Chat, User } from '../simulators/lark/world.ts';
import { type LarkMode, type SentAlert, alertBody, eventually } from '../support/lark-app.ts';
import { type LarkChild, openLarkChild } from '../support/lark-child.ts';
import { postAlerts } from '../support/fault-bench.ts';
import { textOf } from '../support/lark-room.ts';

const SEND = 'POST /open-apis/im/v1/messages';
const EDIT = 'PATCH /open-apis/im/v1/messages/';
const LABELS = { severity: 'warning' };
/** The way in matters to the last aim alone, so one of them is killed oftener. */
const ROUNDS = { websocket: 2, webhook: 1 } as const;

/** Where the server dies: at a request of its own, before or after the platform carried it out, or after its answer. */
const AIMS = [
  { name: 'PostBefore', at: SEND, when: 'before' },
  { name: 'PostAfter', at: SEND, when: 'after-commit' },
  { name: 'EditBefore', at: EDIT, when: 'before' },
  { name: 'EditAfter', at: EDIT, when: 'after-commit' },
  { name: 'AnnouncedAfter', at: '/reply', when: 'after-commit' },
  { name: 'AnsweredAlert', at: undefined, when: 'after-commit' },
  { name: 'AnsweredPress', at: undefined, when: 'after-commit' },
] as const;
type Aim = (typeof AIMS)[number];

describe.each(['websocket', 'webhook'] as const)('kill -9 with Lark by %s', (mode: LarkMode) => {
  let lark: LarkSimulator;
  let server: LarkChild;
  let chat: Chat;
  let li: User;

  beforeAll(async () => {
    lark = await startLarkSimulator();
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
  const says = (name: string, words: string): boolean => textOf(cards(name)[0]?.card).includes(words);

  /** As Alertmanager does it: again until it was answered. */
  async function send(alert: SentAlert): Promise<void> {
    await eventually(async () => {
      const answer = await postAlerts(server.url, alertBody({ labels: LABELS, ...alert })).catch(() => undefined);
      return answer?.status === 200;
    }, 20_000);
  }

  async function die(aim: Aim, name: string): Promise<void> {
    const killed = Promise.withResolvers<void>();
    const kill = (): void => void server.kill().then(killed.resolve);
    if (aim.at === undefined) return dieAnswered(aim, name);
    if (aim.at !== SEND) await show(name);
    lark.faults.next(aim.at, { kind: 'reset', when: aim.when, tell: kill });
    await Promise.race([
      postAlerts(server.url, alertBody({ name, status: wanted(aim), labels: LABELS })),
      killed.promise,
    ]).catch(() => undefined);
    await killed.promise;
  }

  /** Committed and answered, and nothing of it said to the platform yet. */
  async function dieAnswered(aim: Aim, name: string): Promise<void> {
    await show(name);
    if (aim.name === 'AnsweredAlert')
      await postAlerts(server.url, alertBody({ name, status: 'resolved', labels: LABELS }));
    else
      expect(await lark.press({ user: li, messageId: cards(name)[0]?.id ?? '', text: 'Acknowledge' })).toMatchObject({
        code: 0,
      });
    await server.kill();
  }

  async function show(name: string): Promise<void> {
    await send({ name });
    await eventually(() => cards(name).length === 1);
    // Which message it became is written a moment after the platform has answered.
    await sleep(200);
  }

  const wanted = ({ at }: Aim) => (at === SEND ? 'firing' : 'resolved');

  const rounds = ROUNDS[mode];

  it(`${AIMS.length * rounds} times: the last state is shown, on one card, and nobody is called twice`, async () => {
    const names: (readonly [Aim, string])[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const aim of AIMS) {
        const name = `${aim.name}${round}x`;
        names.push([aim, name]);
        await die(aim, name);
        await server.start();
        // What was not answered is sent again.
        if (aim.name !== 'AnsweredPress') await send({ name, status: wanted(aim) });
      }
    }
    for (const [aim, name] of names) {
      const words = aim.name === 'AnsweredPress' ? 'acknowledged' : wanted(aim) === 'firing' ? 'Unclaimed' : 'Resolved';
      await eventually(() => says(name, words), 15_000).catch(() => undefined);
      expect([name, cards(name).length, says(name, words)]).toEqual([name, 1, true]);
    }
    await eventually(() => lark.messages(chat.id).filter(({ rootId }) => rootId !== undefined).length >= 4 * rounds);
    for (const [aim, name] of names) {
      const announced = lark.messages(chat.id).filter(({ rootId }) => rootId === cards(name)[0]?.id);
      expect([name, announced.length]).toEqual([
        name,
        aim.name !== 'AnsweredPress' && wanted(aim) === 'resolved' ? 1 : 0,
      ]);
    }
  }, 120_000);
});

const titleOf = (card: Json | undefined): string => (card === undefined ? '' : textOf(card['header'] as Json));
